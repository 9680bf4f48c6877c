// The files that `stheno new` writes, as they are in the program: {{name}} and others stand for what is filled in. Owns nothing; any
// thread.
#pragma once
#include <span>
#include <string_view>

namespace cli {

struct StarterFile {
  std::string_view name, text;
};
std::span<const StarterFile> starter_files();

} // namespace cli
