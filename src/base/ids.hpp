// Identifiers as Medusa makes them: a prefix, an underscore, a ULID; and the random bytes behind them. Many are the only
// key to what they name (a cart, an order), so none can be guessed from others. Owns a small buffer of random bytes on
// each thread. Called by every room, on any thread.
#pragma once
#include <string>
#include <string_view>

namespace base {

// 26 characters of Crockford base32: 48 bits of milliseconds, then 80 random bits of its own, so that no id tells
// anything of another. Ids that one fiber makes sort in the order in which they were made: each says at least a
// millisecond more than the one before it.
std::string ulid();
// "prefix_ULID", or the ULID alone where the prefix is empty.
std::string make_id(std::string_view prefix);
// `bytes` random bytes from a cryptographic generator, for whatever must not be guessed.
std::string random_bytes(std::size_t bytes);
// A random UUID (version 4) in lower case.
std::string uuid();

} // namespace base
