#include "base/ids.hpp"
#include "base/fiber.hpp"
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdexcept>

namespace base {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// How often this process was forked off another. Bytes that were fetched before belong to the parent.
std::atomic<std::uint32_t> forks{0};
[[maybe_unused]] const int counts_forks = pthread_atfork(nullptr, nullptr, [] { forks++; });

void generate(unsigned char* out, std::size_t bytes) {
  if (bytes > std::numeric_limits<int>::max() || RAND_bytes(out, static_cast<int>(bytes)) != 1)
    throw std::runtime_error("the system's random number generator failed");
}

// Random bytes fetched ahead, since a call of the generator costs more than the bytes. None is handed out twice, and
// none stays behind in memory.
class RandomBuffer {
 public:
  void take(unsigned char* out, std::size_t bytes) {
    if (bytes > buffer_.size()) return generate(out, bytes);
    if (const auto now = forks.load(std::memory_order_relaxed); bytes > left_ || now != forks_) {
      left_ = 0;
      generate(buffer_.data(), buffer_.size());
      left_ = buffer_.size();
      forks_ = now;
    }
    unsigned char* const from = buffer_.data() + (buffer_.size() - left_);
    std::copy_n(from, bytes, out);
    OPENSSL_cleanse(from, bytes);
    left_ -= bytes;
  }

 private:
  std::array<unsigned char, 1024> buffer_;
  std::size_t left_ = 0;
  std::uint32_t forks_ = 0;
};

void fill_random(unsigned char* out, std::size_t bytes) {
  thread_local RandomBuffer buffer;
  buffer.take(out, bytes);
}

// Appends base32 digits of the lowest bits of `value`.
void append_digits(std::string& out, std::uint64_t value, int digits) {
  for (int shift = 5 * (digits - 1); shift >= 0; shift -= 5) out += kAlphabet[value >> shift & 31];
}

} // namespace

std::string random_bytes(std::size_t bytes) {
  std::string out(bytes, '\0');
  fill_random(reinterpret_cast<unsigned char*>(out.data()), bytes);
  return out;
}

std::string ulid() {
  thread_local std::uint64_t last_outside_of_fibers = 0;
  std::uint64_t* last = fiber_clock();
  if (!last) last = &last_outside_of_fibers;
  const auto now = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
  *last = std::max(now, *last + 1);
  std::array<unsigned char, 10> random;
  fill_random(random.data(), random.size());
  std::string out;
  out.reserve(26);
  append_digits(out, *last, 10);
  for (const auto* half : {random.data(), random.data() + 5}) {
    std::uint64_t bits = 0;
    for (int i = 0; i < 5; i++) bits = bits << 8 | half[i];
    append_digits(out, bits, 8);
  }
  return out;
}

std::string make_id(std::string_view prefix) {
  if (prefix.empty()) return ulid();
  std::string out(prefix);
  out += '_';
  return out += ulid();
}

std::string uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += "0123456789abcdef"[static_cast<unsigned char>(bytes[i]) >> 4];
    out += "0123456789abcdef"[bytes[i] & 15];
  }
  return out;
}

} // namespace base
