#include "http/encoders.hpp"
#include <algorithm>
#include <array>
#include <brotli/encode.h>
#include <libdeflate.h>
#include <memory>
#include <zlib.h>

namespace http {
namespace {

constexpr std::size_t kPiece = 128 * 1024;
using Pause = std::function<void()>;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

// A server has one level, so that each thread makes one.
libdeflate_compressor* compressor_of_thread(int level) {
  struct Made {
    int level = -2;
    std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;
  };
  thread_local Made made;
  if (made.level != level) {
    made.compressor.reset(libdeflate_alloc_compressor(level));
    made.level = level;
  }
  return made.compressor.get();
}

std::string whole(Encoding encoding, std::string_view body, int level) {
  auto* const compressor = compressor_of_thread(level < 0 ? 6 : level);
  if (!compressor) return {};
  const bool gzip = encoding == Encoding::gzip;
  std::string out(gzip ? libdeflate_gzip_compress_bound(compressor, body.size())
                       : libdeflate_zlib_compress_bound(compressor, body.size()),
                  '\0');
  out.resize((gzip ? libdeflate_gzip_compress : libdeflate_zlib_compress)(compressor, body.data(), body.size(),
                                                                          out.data(), out.size()));
  out.shrink_to_fit();
  return out;
}

std::string in_pieces(Encoding encoding, std::string_view body, const config::Compression& options,
                      const Pause& pause) {
  constexpr int kWindow = 15, kGzip = 16;
  z_stream stream{};
  if (deflateInit2(&stream, options.level, Z_DEFLATED, encoding == Encoding::gzip ? kWindow + kGzip : kWindow,
                   options.memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  std::array<unsigned char, 16 * 1024> buffer;
  std::string out;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    const auto piece = body.substr(0, kPiece);
    body.remove_prefix(piece.size());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    do {
      stream.next_out = buffer.data();
      stream.avail_out = buffer.size();
      state = deflate(&stream, body.empty() ? Z_FINISH : Z_NO_FLUSH);
      if (state == Z_STREAM_ERROR) return {};
      out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    if (state != Z_STREAM_END) pause();
  }
  return out;
}

// Quirk: level and memLevel are zlib's; the npm module compression leaves brotli at quality 4.
std::string brotli(std::string_view body, const Pause& pause) {
  constexpr std::uint32_t kQuality = 4;
  const std::unique_ptr<BrotliEncoderState, void (*)(BrotliEncoderState*)> state(
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), BrotliEncoderDestroyInstance);
  if (!state) return {};
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_QUALITY, kQuality);
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_SIZE_HINT,
                            static_cast<std::uint32_t>(std::min<std::size_t>(body.size(), UINT32_MAX)));
  std::string out;
  while (!BrotliEncoderIsFinished(state.get())) {
    const auto piece = body.substr(0, kPiece);
    body.remove_prefix(piece.size());
    const auto* next = reinterpret_cast<const std::uint8_t*>(piece.data());
    std::size_t left = piece.size(), room = 0;
    const auto operation = body.empty() ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    do {
      if (!BrotliEncoderCompressStream(state.get(), operation, &left, &next, &room, nullptr, nullptr)) return {};
      std::size_t size = 0;
      const auto* bytes = BrotliEncoderTakeOutput(state.get(), &size);
      out.append(reinterpret_cast<const char*>(bytes), size);
    } while (left > 0 || BrotliEncoderHasMoreOutput(state.get()));
    if (!BrotliEncoderIsFinished(state.get())) pause();
  }
  return out;
}
} // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
  case Encoding::brotli: return "br";
  case Encoding::gzip: return "gzip";
  case Encoding::deflate: return "deflate";
  case Encoding::identity: break;
  }
  return "identity";
}

std::string encode(Encoding encoding, std::string_view body, const config::Compression& options, const Pause& pause) {
  if (encoding == Encoding::brotli) return brotli(body, pause);
  return body.size() <= kWholeBody ? whole(encoding, body, options.level) : in_pieces(encoding, body, options, pause);
}

} // namespace http
