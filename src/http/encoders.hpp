// Bodies compressed for the wire. Owns: a compressor of libdeflate for each thread. Called by compression on the request's
// fiber; the only file that knows libdeflate, zlib and brotli is encoders.cpp.
#pragma once
#include "config/config.hpp"
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace http {

enum class Encoding { identity, brotli, gzip, deflate };
std::string_view name_of(Encoding encoding); // "br", "gzip" ...

// Bodies up to that size are compressed at once by libdeflate; longer ones piece by piece, so that little memory is taken
// beside the result and other requests go on.
inline constexpr std::size_t kWholeBody = 1 << 20;

// `pause` is called between the pieces of a long body and may suspend the fiber. Empty: it didn't work.
std::string encode(Encoding encoding, std::string_view body, const config::Compression& options,
                   const std::function<void()>& pause);

} // namespace http
