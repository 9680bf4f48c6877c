// Which responses go out compressed, and how: projectConfig.http_compression as the npm modules compression and negotiator
// mean it. Owns a copy of the options. Made with the site, read-only afterwards; any thread.
#pragma once
#include "config/config.hpp"
#include "http/encoders.hpp"
#include "http/http.hpp"
#include <functional>
#include <string>
#include <string_view>

namespace http {

// What a header Accept-Encoding likes best: by q, then br before gzip before the others.
Encoding preferred_encoding(std::string_view accept_encoding);
// By the media type alone: JSON and texts, not images and archives.
bool is_compressible(std::string_view content_type);

class Compression {
 public:
  explicit Compression(const config::Compression& options) : options_(options) {}

  // Decides for a response with a body of `length` bytes, and says in Vary that the decision hangs on the request. Call once
  // a response.
  Encoding choose(const Request& request, Response& response, std::size_t length) const;
  // The body in that encoding, or empty where it can't be made; `pause` as encode() has it.
  std::string encoded(Encoding encoding, std::string_view body, const std::function<void()>& pause) const {
    return encode(encoding, body, options_, pause);
  }
  // Puts the encoded body into the response.
  static void use(Encoding encoding, std::string body, Response& response);

 private:
  const config::Compression options_;
};

} // namespace http
