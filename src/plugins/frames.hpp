// Frames as they go between this process and the child: a length (four bytes, the highest first), then a JSON text.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plugins {

constexpr std::size_t kFrameHead = 4;

inline std::string frame_of(std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  std::string frame;
  frame.reserve(kFrameHead + text.size());
  for (const int shift : {24, 16, 8, 0}) frame += static_cast<char>(length >> shift & 0xff);
  return frame.append(text);
}

inline std::size_t frame_length(const std::array<unsigned char, kFrameHead>& head) {
  return std::size_t{head[0]} << 24 | std::size_t{head[1]} << 16 | std::size_t{head[2]} << 8 | head[3];
}

} // namespace plugins
