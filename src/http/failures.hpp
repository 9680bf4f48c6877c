// How often somebody may guess wrong: passwords, tokens of mails, codes, numbers of orders. Only failures count. They are
// counted by address, by account, and by the two together, each with a number that may come at once and a pace at which it
// is forgiven. Whoever has logged in from an address before is held there by the pair alone, so that nobody can lock them
// out from elsewhere.
// Owns: the counters, in a table of fixed size, or in Redis where there is one, so that all servers count together. The
// table is shared by all threads; Failures is one a thread. Called by the dispatcher on the request's fiber.
#pragma once
#include "base/strings.hpp"
#include "http/http.hpp"
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace base {
class Fiber;
}

namespace redis {
class Client;
}

namespace http {

// One request's guess.
struct Attempt {
  // By whom, the pair of account and address first where there is an account.
  struct Counter {
    std::string key;
    int at_once;                        // failures in a row that nobody minds
    std::chrono::milliseconds forgiven; // after so long, one each
  };
  std::vector<Counter> counters;
  std::string acquaintance; // the key of an earlier success of this account from this address; empty without an account
};

// What the request guesses; nullopt where it guesses nothing.
std::optional<Attempt> attempt_of(Guess guess, const Request& request);
// One that presents an API token.
Attempt api_token_attempt(const Request& request);

enum class Outcome { unknown, wrong, right };

// In this process: a key's place is one of eight slots; the one that is forgiven first makes room.
class FailureTable {
 public:
  FailureTable();
  using Milliseconds = std::int64_t; // since the epoch
  // How long the attempt has to wait; 0: it may go on. Otherwise nothing is counted.
  Milliseconds weigh(const Attempt& attempt, Outcome outcome, Milliseconds now);

 private:
  struct Slot {
    std::uint64_t key = 0;
    Milliseconds until = 0; // when the last failure is forgiven
  };
  static constexpr std::size_t kWays = 8;
  Slot* find(std::vector<Slot>& slots, std::uint64_t key);
  Slot& place(std::vector<Slot>& slots, std::uint64_t key);
  std::uint64_t key_of(const std::string& text) const;

  const std::string seed_;
  std::mutex mutex_;
  std::vector<Slot> failures_, acquaintances_;
};

// Lets a few guesses of one kind be judged at a time; the others wait on their fibers, in order. A password takes long to
// check, so what is sent at once would all be worked on before the first failure counts. One a thread.
class Turns {
 public:
  // False: too many wait.
  bool take(const std::string& key);
  // Returns who is next, to be resumed by the event loop; null: nobody waits.
  [[nodiscard]] base::Fiber* give_back(const std::string& key);

 private:
  struct Line {
    int taken = 0;
    std::deque<base::Fiber*> waiting{};
  };
  base::StringMap<Line> lines_;
};

class Failures {
 public:
  // `redis` may be null.
  Failures(FailureTable& table, redis::Client* redis, std::string prefix)
      : table_(table), redis_(redis), prefix_(std::move(prefix)) {}
  // Seconds to wait, 0: none. Asked before the guess is judged (unknown), and again with its outcome: of guesses that came
  // at once, the ones beyond the limit learn nothing.
  std::int64_t wait(const Attempt& attempt, Outcome outcome);

 private:
  FailureTable::Milliseconds ask_redis(const Attempt& attempt, Outcome outcome, FailureTable::Milliseconds now);
  FailureTable& table_;
  redis::Client* redis_;
  const std::string prefix_;
};

} // namespace http
