#include "http/crypto.hpp"
#include "base/aside.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdexcept>

namespace http {
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

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(base::now().time_since_epoch()).count();
}

// The scrypt file header: "scrypt\0", log2 N, r, p, salt, the first 16 bytes of SHA-256 over these, then an HMAC over
// all of it with the second half of the derived key.
constexpr std::size_t kHashBytes = 96, kParametersBytes = 16, kSaltBytes = 32, kSaltedBytes = 48, kCheckedBytes = 64;
constexpr std::string_view kMagic("scrypt\0", 7);
// What a stored hash may ask for: 64 MiB.
constexpr std::uint64_t kMostMemory = 64ull << 20;

// What a key costs: 128 * r * 2^log_n bytes, and p times the work of filling them.
struct Cost {
  int log_n;
  std::uint32_t r, p;
  double work() const { return std::ldexp(static_cast<double>(r) * p, log_n); }
};
// Of new hashes: 16 MiB and some 50 ms. 1.20 writes {1, 1, 1}, which costs a guesser nothing, and verifies any that take
// less than 2 GiB.
constexpr Cost kCost{14, 8, 1};

std::uint32_t big_endian(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; i++) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}

std::string derive(std::string_view password, std::string_view salt, const Cost& cost) {
  std::string key(64, '\0');
  const std::uint64_t n = 1ull << cost.log_n;
  if (EVP_PBE_scrypt(password.data(), password.size(), bytes_of(salt), salt.size(), n, cost.r, cost.p,
                     kMostMemory + (1 << 20), bytes_of(key), key.size()) != 1)
    return {};
  return key;
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

std::string sign_cookie(std::string_view value, const Mac& mac) {
  std::string signature = base64(mac.sign(value));
  while (!signature.empty() && signature.back() == '=') signature.pop_back();
  return std::string(value) + "." + signature;
}

std::optional<std::string> unsign_cookie(std::string_view signed_value, const Mac& mac) {
  const auto dot = signed_value.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto value = signed_value.substr(0, dot);
  if (!equal_in_constant_time(sign_cookie(value, mac), signed_value)) return std::nullopt;
  return std::string(value);
}

std::string sign_jwt(const Mac& mac, base::Json claims, std::optional<std::chrono::seconds> lifetime) {
  static const std::string header = base64_url(R"({"alg":"HS256","typ":"JWT"})");
  const auto now = seconds_now();
  if (!claims.has("iat")) claims.set("iat", now);
  if (lifetime) claims.set("exp", now + static_cast<std::int64_t>(lifetime->count()));
  const std::string text = header + "." + base64_url(claims.dump());
  return text + "." + base64_url(mac.sign(text));
}
std::string sign_jwt(std::string_view secret, base::Json claims, std::optional<std::chrono::seconds> lifetime) {
  return sign_jwt(Mac(secret), std::move(claims), lifetime);
}

std::optional<base::Json> read_jwt(std::string_view token) {
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last) return std::nullopt;
  const auto header = base64_url_decode(token.substr(0, first));
  const auto payload = base64_url_decode(token.substr(first + 1, last - first - 1));
  if (!header || !payload) return std::nullopt;
  try {
    if (!(base::parse_json(*header)["alg"] == base::Json("HS256"))) return std::nullopt;
    auto claims = base::parse_json(*payload);
    if (!claims.is_object()) return std::nullopt;
    return claims;
  } catch (const base::JsonParseError&) {
    return std::nullopt;
  }
}

std::optional<base::Json> verify_jwt(const Mac& mac, std::string_view token) {
  const auto last = token.rfind('.');
  if (last == std::string_view::npos) return std::nullopt;
  const auto signature = base64_url_decode(token.substr(last + 1));
  if (!signature || !equal_in_constant_time(*signature, mac.sign(token.substr(0, last)))) return std::nullopt;
  auto claims = read_jwt(token);
  if (!claims) return std::nullopt;
  const auto now = static_cast<double>(seconds_now());
  if (const auto& expires = (*claims)["exp"]; !expires.is_undefined())
    if (!expires.is_number() || now >= expires.as_number()) return std::nullopt;
  if (const auto& starts = (*claims)["nbf"]; !starts.is_undefined())
    if (!starts.is_number() || now < starts.as_number()) return std::nullopt;
  return claims;
}
std::optional<base::Json> verify_jwt(std::string_view secret, std::string_view token) {
  return verify_jwt(Mac(secret), token);
}
std::optional<base::Json> verify_jwt(const config::Config& config, std::string_view token) {
  auto claims = verify_jwt(config.jwt_secret, token);
  for (const std::string& secret : config.former_jwt_secrets)
    if (!claims) claims = verify_jwt(secret, token);
  return claims;
}

namespace {

// The 96 bytes of a stored hash, unless they are something else.
std::optional<std::string> decoded(std::string_view hash) {
  auto stored = base64_url_decode(hash);
  if (!stored || stored->size() != kHashBytes || !stored->starts_with(kMagic)) return std::nullopt;
  const std::string_view all = *stored;
  if (sha256(all.substr(0, kSaltedBytes)).compare(0, 16, all.substr(kSaltedBytes, 16)) != 0) return std::nullopt;
  return stored;
}

Cost cost_of(std::string_view stored) {
  return {static_cast<unsigned char>(stored[7]), big_endian(stored, 8), big_endian(stored, 12)};
}
std::string_view salt_of(std::string_view stored) { return stored.substr(kParametersBytes, kSaltBytes); }

bool verify_password(std::string_view password, std::string_view hash) {
  const auto stored = decoded(hash);
  if (!stored) return false;
  const std::string_view all = *stored;
  const Cost cost = cost_of(all);
  if (cost.log_n < 1 || cost.log_n > 20 || cost.r == 0 || cost.p == 0 || cost.r > 64 || cost.p > 16 ||
      (128ull * cost.r << cost.log_n) > kMostMemory)
    return false;
  const auto key = derive(password, salt_of(all), cost);
  return !key.empty() &&
         equal_in_constant_time(Mac(std::string_view(key).substr(32)).sign(all.substr(0, kCheckedBytes)),
                                all.substr(kCheckedBytes));
}

// The work of many passwords at once must not fill the memory with those who wait.
void derive_aside(const std::function<void()>& work) {
  constexpr int kMostWaiting = 200;
  static std::atomic<int> waiting{0};
  struct Waiting {
    int before = waiting.fetch_add(1);
    ~Waiting() { --waiting; }
  } const self;
  if (self.before >= kMostWaiting) throw base::Error(base::ErrorType::unavailable, "too many passwords at once");
  base::run_aside(work);
}

std::string hash_with(std::string_view password, std::string_view salt) {
  std::string hash(kMagic);
  hash += static_cast<char>(kCost.log_n);
  for (const std::uint32_t number : {kCost.r, kCost.p})
    for (const int shift : {24, 16, 8, 0}) hash += static_cast<char>(number >> shift & 0xff);
  hash += salt;
  hash += sha256(hash).substr(0, 16);
  const auto key = derive(password, salt, kCost);
  if (key.empty()) throw std::runtime_error("scrypt failed");
  hash += Mac(std::string_view(key).substr(32)).sign(hash);
  return base64(hash);
}

bool is_weak(const Cost& cost) { return cost.work() < kCost.work(); }

} // namespace

std::string hash_password(std::string_view password) {
  std::string hash;
  derive_aside([&] { hash = hash_with(password, base::random_bytes(kSaltBytes)); });
  return hash;
}

bool check_password(std::string_view password, const std::optional<std::string>& hash) {
  bool right = false;
  derive_aside([&] {
    right = hash && verify_password(password, *hash);
    const auto stored = hash ? decoded(*hash) : std::nullopt;
    if (!right && (!stored || is_weak(cost_of(*stored)))) derive(password, std::string(kSaltBytes, '\0'), kCost);
  });
  return right;
}

std::optional<std::string> stronger_hash(std::string_view password, std::string_view hash) {
  const auto stored = decoded(hash);
  if (!stored || !is_weak(cost_of(*stored))) return std::nullopt;
  std::string stronger;
  derive_aside([&] { stronger = hash_with(password, salt_of(*stored)); });
  return stronger;
}

std::string password_mark(std::string_view id, std::string_view hash) {
  constexpr std::size_t kMarkBytes = 12;
  const auto stored = decoded(hash);
  std::string text("stheno password mark\n");
  text.append(id).append(1, '\n').append(stored ? salt_of(*stored) : hash);
  return base64_url(std::string_view(sha256(text)).substr(0, kMarkBytes));
}

} // namespace http
