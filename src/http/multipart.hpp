// multipart/form-data (RFC 7578), strictly and in pieces of any size: where each part lies, not what is in it. Owns what it
// has not decided on yet, at most a part's header. Called by uploads.cpp; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

struct MultipartLimits {
  std::size_t header = 16 * 1024; // of one part
  std::size_t parts = 1000;
};

struct Part {
  std::string name;
  std::optional<std::string> filename{}; // without folders; empty for "", "." and ".."
  std::string type;                      // "image/png"; "text/plain" where none is given
  std::uint64_t offset = 0, size = 0;    // in the body
};

// The boundary of a Content-Type; nullopt for another type, empty where there is none.
std::optional<std::string> multipart_boundary(std::string_view content_type);

class MultipartParser {
 public:
  explicit MultipartParser(std::string_view boundary, MultipartLimits limits = {});
  // Takes the next bytes. Throws invalid_data, in the words of the npm module busboy.
  void feed(std::string_view bytes);
  // All parts, after the last byte. Throws invalid_data where the form has no end.
  std::vector<Part> finish();

 private:
  enum class State { before, behind_delimiter, header, content, done };
  bool step(); // false: needs more bytes
  void consume(std::size_t n);
  bool find_delimiter();
  void take_header(std::string_view header);

  const std::string delimiter_; // CR LF -- and the boundary
  const MultipartLimits limits_;
  State state_ = State::before;
  std::string window_ = "\r\n"; // the first boundary may stand at the very start
  std::size_t at_ = 0;          // what of the window is consumed
  std::int64_t position_ = -2;  // of the window's first byte that is not
  std::vector<Part> parts_;
};

} // namespace http
