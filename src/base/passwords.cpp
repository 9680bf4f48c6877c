#include "base/passwords.hpp"
#include "base/aside.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include <atomic>
#include <cmath>
#include <functional>
#include <openssl/evp.h>
#include <stdexcept>

namespace base {
namespace {

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
  if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     n, cost.r, cost.p, kMostMemory + (1 << 20), reinterpret_cast<unsigned char*>(key.data()),
                     key.size()) != 1)
    return {};
  return key;
}

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
  if (self.before >= kMostWaiting) throw Error(ErrorType::unavailable, "too many passwords at once");
  run_aside(work);
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
  derive_aside([&] { hash = hash_with(password, random_bytes(kSaltBytes)); });
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

} // namespace base
