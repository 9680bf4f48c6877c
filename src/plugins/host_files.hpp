// The JavaScript of host/, which runs in the child. Owns nothing: the texts are part of the program.
#pragma once
#include <span>
#include <string_view>

namespace plugins {

struct HostFile {
  std::string_view name, text; // "main.js"
};
std::span<const HostFile> host_files();

} // namespace plugins
