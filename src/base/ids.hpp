// Identifiers as Medusa makes them: a prefix, an underscore, a ULID. Any thread.
#pragma once
#include <string>
#include <string_view>

namespace base {

// 26 characters of Crockford base32: 48 bits of milliseconds, then 80 random bits. Within one millisecond of one
// thread the random part counts up, so that ids made in a row sort in that order.
std::string ulid();
// "prefix_ULID", or the ULID alone where the prefix is empty.
std::string make_id(std::string_view prefix);
// `bytes` random bytes from the system's generator.
std::string random_bytes(std::size_t bytes);
// A random UUID (version 4) in lower case.
std::string uuid();

} // namespace base
