#include "base/digest.hpp"
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdexcept>

namespace base {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Fetched once: fetching costs more than hashing a short text.
const EVP_MD* digest_named(const char* name) {
  EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
  if (!digest) throw std::runtime_error(std::string("OpenSSL has no ") + name);
  return digest;
}

std::string digest(const EVP_MD* type, std::string_view text) {
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(type)), '\0');
  EVP_Digest(text.data(), text.size(), bytes_of(out), nullptr, type, nullptr);
  return out;
}

} // namespace

struct Mac::Context {
  EVP_MAC_CTX* keyed;
  ~Context() { EVP_MAC_CTX_free(keyed); }
};

Mac::Mac(std::string_view key) {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  context_.reset(new Context{EVP_MAC_CTX_new(mac)});
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                   OSSL_PARAM_construct_end()};
  // A null key means "the key of before"; an empty one has to be told.
  const auto* bytes = key.empty() ? reinterpret_cast<const unsigned char*>("") : bytes_of(key);
  if (!context_->keyed || EVP_MAC_init(context_->keyed, bytes, key.size(), parameters) != 1)
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
}
Mac::Mac(Mac&&) noexcept = default;
Mac& Mac::operator=(Mac&&) noexcept = default;
Mac::~Mac() = default;

std::string Mac::sign(std::string_view message) const {
  const Context copy{EVP_MAC_CTX_dup(context_->keyed)};
  std::string out(32, '\0');
  std::size_t n = 0;
  if (!copy.keyed || EVP_MAC_update(copy.keyed, bytes_of(message), message.size()) != 1 ||
      EVP_MAC_final(copy.keyed, bytes_of(out), &n, out.size()) != 1 || n != out.size())
    throw std::runtime_error("HMAC-SHA256 failed");
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()))));
  return out;
}

std::string base64_url(std::string_view bytes) {
  std::string out = base64(bytes);
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::optional<std::string> base64_url_decode(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string padded(text);
  for (char& c : padded) {
    if (c == '=' || static_cast<unsigned char>(c) <= ' ') return std::nullopt;
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int n =
      EVP_DecodeBlock(bytes_of(out), bytes_of(static_cast<std::string_view>(padded)), static_cast<int>(padded.size()));
  if (n < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(n) - padding);
  return out;
}

std::string sha1(std::string_view bytes) {
  static const EVP_MD* const type = digest_named("SHA1");
  return digest(type, bytes);
}
std::string sha256(std::string_view bytes) {
  static const EVP_MD* const type = digest_named("SHA256");
  return digest(type, bytes);
}
std::string md5(std::string_view bytes) {
  static const EVP_MD* const type = digest_named("MD5");
  return digest(type, bytes);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace base
