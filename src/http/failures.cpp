#include "http/failures.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "http/auth.hpp"
#include "http/described.hpp"
#include "redis/script.hpp"
#include <arpa/inet.h>
#include <cstring>

namespace http {
namespace {

using std::chrono::milliseconds;
using Milliseconds = FailureTable::Milliseconds;

// An address may be a whole shop: storefronts ask on behalf of their shoppers. A peer that forwards for others may be a
// proxy in front of many; its own limit is for those who write X-Forwarded-For themselves.
struct Budget {
  int at_once;
  milliseconds forgiven;
};
constexpr Budget kOfPair{10, milliseconds(60'000)}, kOfAccount{100, milliseconds(30'000)},
    kOfAddress{200, milliseconds(1'000)}, kOfPeer{2'000, milliseconds(100)};
constexpr Milliseconds kAcquainted = 30ll * 24 * 3600 * 1000;
constexpr std::size_t kFailureSlots = 1 << 15, kAcquaintanceSlots = 1 << 13;

// Whose an address is: of IPv6, a network of 64 bits is one customer's.
std::string holder_of(std::string_view address) {
  constexpr std::size_t kLongest = 64;
  const std::string text(address.substr(0, kLongest));
  unsigned char bytes[16];
  if (inet_pton(AF_INET6, text.c_str(), bytes) != 1) return text;
  constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(bytes, kMapped, sizeof kMapped) == 0) {
    char out[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, bytes + 12, out, sizeof out);
  }
  return std::string(reinterpret_cast<const char*>(bytes), 8);
}

// The account whose secret is guessed; empty where it is nobody's.
std::string account_of(Guess guess, const Request& request) {
  const auto& email = guess == Guess::order ? request.query["email"] : request.body["email"];
  if ((guess != Guess::password && guess != Guess::order) || !email.is_string()) return {};
  const bool admin = base::equal_ignoring_case(request.path.substr(0, 6), "/admin");
  return (admin ? "admin " : "customer ") + base::lower(email.as_string());
}

bool names_codes(const base::Json& body) {
  for (const auto member : {"discounts", "gift_cards"})
    if (body[member].is_array() && !body[member].as_array().empty()) return true;
  return false;
}

Attempt attempt(std::string_view what, const Request& request, const std::string& account) {
  const auto address = holder_of(nearest_address(request)), peer = holder_of(request.remote_address);
  Attempt attempt;
  const auto count = [&](std::string_view by, std::string_view whose, const Budget& budget) {
    std::string key(what);
    key.append(1, '\n').append(by).append(1, '\n').append(whose);
    attempt.counters.push_back({std::move(key), budget.at_once, budget.forgiven});
  };
  if (!account.empty()) {
    count("pair", account + "\n" + address, kOfPair);
    count("account", account, kOfAccount);
    attempt.acquaintance = "acquaintance\n" + account + "\n" + address;
  }
  count("address", address, kOfAddress);
  if (peer != address) count("peer", peer, kOfPeer);
  return attempt;
}

// The same as FailureTable::weigh.
const redis::Script& weighing() {
  static const redis::Script script(R"(
    local now, outcome, known = tonumber(ARGV[1]), ARGV[2], false
    if KEYS[1] ~= KEYS[2] then known = redis.call('EXISTS', KEYS[1]) == 1 end
    local untils, wait = {}, 0
    for i = 2, #KEYS do
      local forgiven, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
      untils[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or now), now)
      if i == 2 or not known then wait = math.max(wait, untils[i] + forgiven - window - now) end
    end
    if wait > 0 then return wait end
    if outcome == 'wrong' then
      for i = 2, #KEYS do
        local at = math.min(untils[i] + tonumber(ARGV[2 * i]), now + tonumber(ARGV[2 * i + 1]))
        redis.call('SET', KEYS[i], string.format('%d', at), 'PX', string.format('%d', at - now))
      end
    elseif outcome == 'right' and KEYS[1] ~= KEYS[2] then
      redis.call('DEL', KEYS[2])
      redis.call('SET', KEYS[1], '1', 'PX', ARGV[3])
    end
    return 0)");
  return script;
}

} // namespace

std::optional<Attempt> attempt_of(Guess guess, const Request& request) {
  if (guess == Guess::none) return std::nullopt;
  if (guess == Guess::code && request.method == Method::post && !names_codes(request.body)) return std::nullopt;
  return attempt(guess_name(guess), request, account_of(guess, request));
}

Attempt api_token_attempt(const Request& request) { return attempt("api token", request, {}); }

FailureTable::FailureTable()
    : seed_(base::random_bytes(16)), failures_(kFailureSlots), acquaintances_(kAcquaintanceSlots) {}

// Keyed, so that nobody can aim at somebody else's slots.
std::uint64_t FailureTable::key_of(const std::string& text) const {
  std::uint64_t key;
  std::memcpy(&key, base::sha256(seed_ + text).data(), sizeof key);
  return key | 1; // 0 is an empty slot
}

FailureTable::Slot* FailureTable::find(std::vector<Slot>& slots, std::uint64_t key) {
  Slot* const set = &slots[(key >> 1) % (slots.size() / kWays) * kWays];
  for (Slot* slot = set; slot != set + kWays; slot++)
    if (slot->key == key) return slot;
  return nullptr;
}

FailureTable::Slot& FailureTable::place(std::vector<Slot>& slots, std::uint64_t key) {
  if (Slot* const there = find(slots, key)) return *there;
  Slot* const set = &slots[(key >> 1) % (slots.size() / kWays) * kWays];
  Slot* first = set;
  for (Slot* slot = set; slot != set + kWays; slot++)
    if (slot->until < first->until) first = slot;
  *first = {key, 0};
  return *first;
}

Milliseconds FailureTable::weigh(const Attempt& attempt, Outcome outcome, Milliseconds now) {
  const std::lock_guard lock(mutex_);
  const bool has_account = !attempt.acquaintance.empty();
  const auto acquaintance = has_account ? key_of(attempt.acquaintance) : 0;
  const Slot* const met = has_account ? find(acquaintances_, acquaintance) : nullptr;
  const bool known = met && met->until > now;
  std::vector<std::uint64_t> keys;
  Milliseconds wait = 0;
  for (const auto& counter : attempt.counters) {
    keys.push_back(key_of(counter.key));
    const Slot* const slot = find(failures_, keys.back());
    const Milliseconds until = std::max(slot ? slot->until : now, now), one = counter.forgiven.count();
    if (keys.size() == 1 || !known) wait = std::max(wait, until + one - counter.at_once * one - now);
  }
  if (wait > 0) return wait;
  if (outcome == Outcome::wrong)
    for (std::size_t i = 0; i < keys.size(); i++) {
      const Milliseconds one = attempt.counters[i].forgiven.count();
      auto& until = place(failures_, keys[i]).until;
      until = std::min(std::max(until, now) + one, now + attempt.counters[i].at_once * one);
    }
  if (outcome == Outcome::right && has_account) {
    if (Slot* const pair = find(failures_, keys.front())) *pair = {};
    place(acquaintances_, acquaintance).until = now + kAcquainted;
  }
  return 0;
}

bool Turns::take(const std::string& key) {
  constexpr int kAtOnce = 2;
  constexpr std::size_t kMostWaiting = 200;
  Line& line = lines_[key];
  if (line.taken < kAtOnce) {
    ++line.taken;
    return true;
  }
  if (line.waiting.size() >= kMostWaiting) return false;
  line.waiting.push_back(base::current_fiber());
  base::suspend_fiber();
  return true;
}

base::Fiber* Turns::give_back(const std::string& key) {
  const auto line = lines_.find(key);
  auto& waiting = line->second.waiting;
  if (!waiting.empty()) {
    base::Fiber* const next = waiting.front();
    waiting.pop_front();
    return next;
  }
  if (--line->second.taken == 0) lines_.erase(line);
  return nullptr;
}

std::int64_t Failures::wait(const Attempt& attempt, Outcome outcome) {
  const Milliseconds now = std::chrono::duration_cast<milliseconds>(base::now().time_since_epoch()).count();
  const auto seconds = [](Milliseconds wait) { return (wait + 999) / 1000; };
  if (redis_) try {
      return seconds(ask_redis(attempt, outcome, now));
    } catch (const base::Error&) {
      // While Redis is away each server counts by itself.
    }
  return seconds(table_.weigh(attempt, outcome, now));
}

Milliseconds Failures::ask_redis(const Attempt& attempt, Outcome outcome, Milliseconds now) {
  // No address and no account stands in Redis as it is.
  const auto key = [&](const std::string& text) { return prefix_ + base::base64_url(base::sha256(text)); };
  redis::ScriptCall call{weighing(), {}, {}};
  const auto& pair = attempt.counters.front().key;
  call.keys.push_back(key(attempt.acquaintance.empty() ? pair : attempt.acquaintance));
  call.arguments = {std::to_string(now),
                    outcome == Outcome::wrong   ? "wrong"
                    : outcome == Outcome::right ? "right"
                                                : "unknown",
                    std::to_string(kAcquainted)};
  for (const auto& counter : attempt.counters) {
    call.keys.push_back(key(counter.key));
    call.arguments.push_back(std::to_string(counter.forgiven.count()));
    call.arguments.push_back(std::to_string(counter.at_once * counter.forgiven.count()));
  }
  return run_script(*redis_, call).integer;
}

} // namespace http
