#include "base/error.hpp"
#include "commerce/entities.hpp"
#include "commerce/payment/providers.hpp"
#include "commerce/payment/sessions.hpp"
#include <doctest/doctest.h>

using base::Json;
using commerce::payment::Sessions;

namespace {

// The native providers touch neither the call nor the database, so the tests need none.
ports::Call& no_call() {
  alignas(16) static char storage[sizeof(ports::Call)];
  return *reinterpret_cast<ports::Call*>(storage);
}

Json session(const char* provider, Json selected, bool initiated, int amount) {
  return base::JsonObject{{"id", std::string("ps_") + provider},
                          {"created_at", "t"},
                          {"updated_at", "t"},
                          {"cart_id", "cart_1"},
                          {"provider_id", provider},
                          {"is_selected", selected},
                          {"is_initiated", initiated},
                          {"status", "pending"},
                          {"data", Json::object()},
                          {"idempotency_key", nullptr},
                          {"amount", amount},
                          {"payment_authorized_at", nullptr}};
}

// "provider:amount" with * for selected and ! for initiated.
std::string shape(const Sessions& sessions) {
  std::string text;
  for (const auto& row : sessions.rows())
    text += (text.empty() ? "" : " ") + row["provider_id"].as_string() + ":" + std::to_string(row["amount"].as_int()) +
            (row["is_selected"].truthy() ? "*" : "") + (row["is_initiated"].truthy() ? "!" : "");
  return text;
}

ports::PaymentContext paying(base::Amount amount) { return {"cart_1", amount, "eur", {}, {}, {}, {}}; }

struct Providers {
  Providers() {
    commerce::add_entities();
    commerce::payment::add_native_providers(commerce::payment::Manual::installed);
  }
} const providers;

} // namespace

TEST_CASE("payment sessions: one for each provider of the region, at the amount to pay") {
  struct Case {
    base::JsonArray before;
    base::Amount amount;
    std::vector<std::string> providers;
    const char* after;
    std::size_t statements;
  };
  const std::vector<Case> cases{
      {{}, 100, {"manual"}, "manual:100*!", 1},
      {{}, 100, {"manual", "system"}, "manual:100 system:100", 1},
      {{}, 0, {"manual"}, "", 0},
      {{session("manual", true, true, 100)}, 0, {"manual"}, "", 1},
      {{session("manual", true, true, 100)}, 150, {"manual"}, "manual:150*!", 1},
      {{session("manual", true, true, 100)}, 100, {"manual"}, "manual:100*!", 0},
      {{session("manual", nullptr, false, 100)}, 150, {"manual"}, "manual:150*!", 1},
      {{session("manual", nullptr, true, 100), session("system", true, true, 100)},
       150,
       {"manual", "system"},
       "system:150*! manual:150",
       3},
      {{session("manual", true, true, 100)}, 150, {"system"}, "system:150", 2},
  };
  for (const auto& c : cases) {
    Sessions sessions(c.before);
    sessions.set_all(no_call(), paying(c.amount), c.providers);
    CHECK(shape(sessions) == c.after);
    CHECK(sessions.writes().size() == c.statements);
  }
}

TEST_CASE("payment sessions: selecting one starts it and lets go of the other") {
  Sessions sessions({session("manual", true, true, 100), session("system", nullptr, false, 100)});
  sessions.select(no_call(), "system", paying(120), {"manual", "system"});
  CHECK(shape(sessions) == "manual:100 system:120*!");
  CHECK(sessions.writes().size() == 2); // the loser before the winner
  CHECK_THROWS_AS(sessions.select(no_call(), "other", paying(1), {"manual"}), base::Error);
  Sessions none({});
  CHECK_THROWS_AS(none.select(no_call(), "manual", paying(1), {"manual"}), base::Error);
}

TEST_CASE("payment sessions: refresh starts the selected one anew, unselected; update merges data.data") {
  Sessions sessions({session("manual", true, true, 100)});
  sessions.update_selected(no_call(), base::parse_json(R"({"data":{"a":1},"b":2})"));
  CHECK(sessions.rows()[0]["data"].dump() == R"({"a":1})");
  sessions.refresh(no_call(), "manual", paying(130));
  CHECK(shape(sessions) == "manual:130!");
  sessions.remove(no_call(), "manual");
  CHECK(shape(sessions) == "");
  CHECK(sessions.selected() == nullptr);
}

TEST_CASE("payment sessions: what an admin has been paid is the system's session, made once and selected") {
  Sessions sessions({session("manual", true, true, 100)});
  sessions.pay_by_system(no_call(), paying(120));
  CHECK(shape(sessions) == "manual:100 system:120*!");
  sessions.pay_by_system(no_call(), paying(130));
  CHECK(shape(sessions) == "manual:100 system:130*!");
}
