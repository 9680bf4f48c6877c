// Digests, signatures with a key, and bytes as text; secrets are compared in constant time. Owns: keyed contexts. Called by
// tokens and passwords, by http and redis. Any thread; OpenSSL is seen by digest.cpp only.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// HMAC-SHA256 with one key: keyed once, copied for each message.
class Mac {
 public:
  explicit Mac(std::string_view key);
  Mac(Mac&&) noexcept;
  Mac& operator=(Mac&&) noexcept;
  ~Mac();
  std::string sign(std::string_view message) const; // 32 bytes

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string base64(std::string_view bytes);                          // with padding
std::string base64_url(std::string_view bytes);                      // without
std::optional<std::string> base64_url_decode(std::string_view text); // accepts both alphabets, with or without padding
std::string sha1(std::string_view bytes);                            // 20 bytes
std::string sha256(std::string_view bytes);                          // 32 bytes
std::string md5(std::string_view bytes);                             // 16 bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace base
