#include "base/hash.hpp"
#include <doctest/doctest.h>
#include <string>

// CPython hashes bytes with the same function; PYTHONHASHSEED=0 is a key of zeros.
TEST_CASE("keyed_hash is SipHash-1-3") {
  CHECK(base::keyed_hash("a", {0, 0}) == 0x407448d2b89b1813);
  CHECK(base::keyed_hash("metadata", {0, 0}) == 0xdbb5e893e736e4ee);
  CHECK(base::keyed_hash("metadata1", {0, 0}) == 0x8b09f8c1d9c3714a);
  CHECK(base::keyed_hash(std::string(100, 'x'), {0, 0}) == 0x12de6d6e12e5750c);
}

TEST_CASE("keyed_hash: one key for the whole process, and nobody else's") {
  CHECK(base::keyed_hash("a") == base::keyed_hash("a"));
  CHECK(base::keyed_hash("a", {1, 2}) != base::keyed_hash("a", {1, 3}));
  CHECK(base::keyed_hash("a") != base::keyed_hash("a", {0, 0}));
}
