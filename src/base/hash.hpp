// A hash for texts that clients choose: nobody outside can foresee it, so nobody can make up texts that all come to the
// same. Owns the process' key. Called by base and http, on any thread.
#pragma once
#include <cstdint>
#include <string_view>

namespace base {

// SipHash-1-3 under a key that is drawn when the process first asks.
std::uint64_t keyed_hash(std::string_view text) noexcept;
// The same under a given key, for tests.
struct HashKey {
  std::uint64_t first, second;
};
std::uint64_t keyed_hash(std::string_view text, HashKey key) noexcept;

// For unordered containers.
struct KeyedHash {
  std::size_t operator()(std::string_view text) const noexcept { return keyed_hash(text); }
};

} // namespace base
