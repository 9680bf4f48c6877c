#include "http/failures.hpp"
#include <doctest/doctest.h>

using http::Attempt;
using http::FailureTable;
using http::Guess;
using http::Outcome;

namespace {

Attempt log_in(const std::string& email, const std::string& address, const std::string& peer = {}) {
  http::Request request;
  request.path = "/admin/auth";
  request.remote_address = peer.empty() ? address : peer;
  if (!peer.empty()) request.headers = {{"X-Forwarded-For", "9.9.9.9, " + address}};
  request.body = base::Json::object();
  request.body.set("email", email);
  return *http::attempt_of(Guess::password, request);
}

// How many guesses in a row are let through at that moment.
int failures(FailureTable& table, const Attempt& attempt, FailureTable::Milliseconds now, int most = 100'000) {
  int done = 0;
  while (done < most && table.weigh(attempt, Outcome::wrong, now) == 0) done++;
  return done;
}

constexpr FailureTable::Milliseconds kMinute = 60'000, kNow = 1'700'000'000'000;

} // namespace

TEST_CASE("an account from one address is guessed ten times, then once a minute") {
  FailureTable table;
  const auto attempt = log_in("admin@example.com", "10.0.0.1");
  CHECK(failures(table, attempt, kNow) == 10);
  CHECK(table.weigh(attempt, Outcome::unknown, kNow) == kMinute);
  CHECK(table.weigh(attempt, Outcome::right, kNow) == kMinute); // nor does the right one get in, or tell
  CHECK(table.weigh(log_in("ADMIN@example.com", "10.0.0.1"), Outcome::unknown, kNow) > 0);
  CHECK(table.weigh(log_in("other@example.com", "10.0.0.1"), Outcome::unknown, kNow) == 0);
  CHECK(table.weigh(log_in("admin@example.com", "10.0.0.2"), Outcome::unknown, kNow) == 0);
  CHECK(failures(table, attempt, kNow + kMinute) == 1);
  CHECK(failures(table, attempt, kNow + 60 * kMinute) == 10);
}

TEST_CASE("the right password forgives what was wrong before") {
  FailureTable table;
  const auto attempt = log_in("admin@example.com", "10.0.0.1");
  CHECK(failures(table, attempt, kNow, 9) == 9);
  CHECK(table.weigh(attempt, Outcome::right, kNow) == 0);
  CHECK(failures(table, attempt, kNow) == 10);
}

TEST_CASE("who has been here before gets in from there whatever others guess") {
  FailureTable table;
  const auto own = log_in("admin@example.com", "10.0.0.1"), elsewhere = log_in("admin@example.com", "10.0.0.2");
  CHECK(table.weigh(own, Outcome::right, kNow) == 0);
  int guessed = 0;
  for (int i = 0; i < 1000; i++)
    guessed += failures(
        table, log_in("admin@example.com", "11.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)), kNow);
  CHECK(guessed == 100); // of one account from all over the world
  CHECK(table.weigh(elsewhere, Outcome::right, kNow) > 0);
  CHECK(table.weigh(own, Outcome::unknown, kNow) == 0);
  CHECK(table.weigh(own, Outcome::right, kNow) == 0);
}

TEST_CASE("one address has two hundred wrong guesses, a proxy that forwards for others ten times as many") {
  FailureTable table;
  int guessed = 0;
  for (int i = 0; i < 1000; i++)
    guessed += failures(table, log_in(std::to_string(i) + "@example.com", "10.0.0.1"), kNow, 1);
  CHECK(guessed == 200);
  guessed = 0;
  for (int i = 0; i < 5000; i++)
    guessed += failures(table,
                        log_in(std::to_string(i) + "@example.com",
                               "12.0." + std::to_string(i / 200) + "." + std::to_string(i % 200), "10.0.0.9"),
                        kNow, 1);
  CHECK(guessed == 2000);
}

TEST_CASE("of IPv6 a network is one address, and IPv4 is itself in both writings") {
  FailureTable table;
  CHECK(failures(table, log_in("a@example.com", "2001:db8:1:2::1"), kNow) == 10);
  CHECK(failures(table, log_in("a@example.com", "2001:db8:1:2:ffff::9"), kNow) == 0);
  CHECK(failures(table, log_in("a@example.com", "2001:db8:1:3::1"), kNow) == 10);
  CHECK(failures(table, log_in("b@example.com", "::ffff:10.0.0.1"), kNow) == 10);
  CHECK(failures(table, log_in("b@example.com", "10.0.0.1"), kNow) == 0);
}

TEST_CASE("what a request guesses") {
  http::Request request;
  request.method = http::Method::post;
  request.path = "/store/carts/cart_1";
  request.remote_address = "10.0.0.1";
  request.body = base::parse_json(R"({"email":"a@example.com","discounts":[]})");
  CHECK_FALSE(http::attempt_of(Guess::none, request));
  CHECK_FALSE(http::attempt_of(Guess::code, request));
  request.body = base::parse_json(R"({"gift_cards":[{"code":"A"}]})");
  CHECK(http::attempt_of(Guess::code, request)->counters.size() == 1);
  CHECK(http::attempt_of(Guess::code, request)->acquaintance.empty());
  request.query = base::parse_json(R"({"email":"a@example.com","display_id":1})");
  CHECK(http::attempt_of(Guess::order, request)->counters.size() == 3);
}

TEST_CASE("the table never grows: whoever is forgiven first makes room") {
  FailureTable table;
  const auto attempt = log_in("admin@example.com", "10.0.0.1");
  CHECK(failures(table, attempt, kNow) == 10);
  // Fewer than fill its slots a hundred times over, each with one failure.
  for (int i = 0; i < 300'000; i++) {
    Attempt other;
    other.counters = {{"key " + std::to_string(i), 10, std::chrono::milliseconds(kMinute)}};
    table.weigh(other, Outcome::wrong, kNow);
  }
  CHECK(table.weigh(attempt, Outcome::unknown, kNow) > 0);
}
