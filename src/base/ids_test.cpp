#include "base/fiber.hpp"
#include "base/ids.hpp"
#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <set>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

std::uint64_t milliseconds_now() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

std::uint64_t time_of(const std::string& ulid) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::uint64_t time = 0;
  for (const char digit : ulid.substr(0, 10)) time = time << 5 | kAlphabet.find(digit);
  return time;
}

} // namespace

TEST_CASE("an id tells nothing of the next one: its 80 random bits are all its own") {
  // Each half of 40 bits is new with each id. By chance two of 2,000 are the same once in half a million runs.
  std::set<std::string> halves;
  constexpr int kIds = 2000;
  for (int i = 0; i < kIds; i++) {
    const auto id = base::ulid();
    REQUIRE(id.size() == 26);
    halves.insert(id.substr(10, 8));
    halves.insert(id.substr(18, 8));
  }
  CHECK(halves.size() == 2 * kIds);
}

TEST_CASE("every random digit of an id takes every value") {
  std::set<char> seen[16];
  for (int i = 0; i < 2000; i++) {
    const auto id = base::ulid();
    for (std::size_t at = 0; at < 16; at++) seen[at].insert(id[10 + at]);
  }
  for (const auto& digits : seen) CHECK(digits.size() == 32);
}

TEST_CASE("ids of one fiber sort in the order in which they were made, and say when that was") {
  const auto before = milliseconds_now();
  std::vector<std::string> ids;
  base::spawn_fiber([&] {
    for (int i = 0; i < 500; i++) ids.push_back(base::make_id("item"));
  });
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(ids.front().starts_with("item_"));
  CHECK(time_of(ids.front().substr(5)) >= before);
  CHECK(time_of(ids.back().substr(5)) <= milliseconds_now() + 500);
  // The next fiber starts at the clock again.
  std::string next;
  base::spawn_fiber([&] { next = base::ulid(); });
  CHECK(time_of(next) <= milliseconds_now());
}

TEST_CASE("a forked process makes random bytes of its own") {
  base::random_bytes(1); // some are fetched ahead by now
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto bytes = base::random_bytes(32);
    _exit(write(ends[1], bytes.data(), bytes.size()) == 32 ? 0 : 1);
  }
  std::string theirs(32, '\0');
  CHECK(read(ends[0], theirs.data(), theirs.size()) == 32);
  int status = 1;
  waitpid(child, &status, 0);
  close(ends[0]);
  close(ends[1]);
  CHECK(status == 0);
  CHECK(theirs != base::random_bytes(32));
}

TEST_CASE("random bytes come in any number") {
  for (const std::size_t bytes : {0, 1, 16, 1000, 1024, 1025, 5000}) CHECK(base::random_bytes(bytes).size() == bytes);
  CHECK(base::random_bytes(5000) != base::random_bytes(5000));
  CHECK(base::uuid() != base::uuid());
}
