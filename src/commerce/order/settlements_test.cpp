// Payments against a real PostgreSQL, with providers that refuse; see src/db/db_test.cpp for STHENO_TEST_DATABASE_URL.
#include "base/error.hpp"
#include "commerce/entities.hpp"
#include "commerce/order/settlements.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/payment/tables.hpp"
#include "config/config.hpp"
#include "db/options.hpp"
#include "ports/journal.hpp"
#include "ports/payment_provider.hpp"
#include "ports/remote_payment.hpp"
#include "query/row_of.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <utility>

namespace {

using base::Json;
using commerce::payment::Aftermath;
using ports::Call;

// Whoever is asked: "test_gives" does all, "test_refuses" nothing, "test_silent" all, without a word.
class Bank final : public ports::Outside {
 public:
  Json ask(const ports::Ask& ask) override {
    asked.push_back(ask.key);
    if (on_ask) on_ask();
    if (ask.provider == "test_refuses") throw ports::ProviderError(base::ErrorType::invalid_data, "The bank is closed");
    if (ask.provider == "test_silent")
      throw ports::ProviderError(base::ErrorType::unavailable, "The bank is silent",
                                 ports::ProviderError::Outcome::unknown);
    return base::JsonObject{{"data", base::JsonObject{{"asked", true}}}};
  }
  std::vector<std::string> asked;
  std::function<void()> on_ask;
};

// An order that is paid by two payments of 1000 each; the newer one's provider is asked first.
void with_payments(const std::function<void(db::Database&, Call&, Bank&)>& work) {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  commerce::add_entities();
  static const bool added = [] {
    for (const char* id : {"test_gives", "test_refuses", "test_silent"})
      ports::add_payment_provider(ports::remote_payment_provider(id, ports::Ask::Again::never));
    commerce::order::add_settlements();
    return true;
  }();
  (void)added;
  db::Options options;
  options.url = url;
  options.schema = "payments_test";
  db::run_blocking(options, [&](db::Database& database) {
    for (
        const char* sql :
        {"DROP SCHEMA IF EXISTS payments_test CASCADE", "CREATE SCHEMA payments_test",
         "CREATE TABLE staged_job (id varchar PRIMARY KEY, event_name varchar, data jsonb, options jsonb DEFAULT '{}')",
         "CREATE TABLE \"order\" (id varchar PRIMARY KEY, payment_status varchar, updated_at timestamptz, canceled_at timestamptz)",
         "CREATE TABLE payment (id varchar PRIMARY KEY, created_at timestamptz DEFAULT now(), updated_at timestamptz, "
         "swap_id varchar, cart_id varchar, order_id varchar, amount int, currency_code varchar, amount_refunded int "
         "DEFAULT 0, provider_id varchar, data jsonb DEFAULT '{}', captured_at timestamptz, canceled_at timestamptz, "
         "metadata jsonb, idempotency_key varchar)",
         "CREATE TABLE refund (id varchar PRIMARY KEY, created_at timestamptz DEFAULT now(), updated_at timestamptz, "
         "order_id varchar, payment_id varchar, amount int, note varchar, reason varchar, metadata jsonb, "
         "idempotency_key varchar)",
         "INSERT INTO \"order\" VALUES ('order_1')",
         "INSERT INTO payment (id, order_id, amount, currency_code, provider_id, captured_at, created_at) VALUES "
         "('pay_new', 'order_1', 1000, 'eur', 'test_gives', now(), '2024-01-02'), "
         "('pay_old', 'order_1', 1000, 'eur', 'test_refuses', now(), '2024-01-01')"})
      database.shared().run(db::Statement::once(sql));
    config::Config config;
    schema::Flags flags;
    ports::install_asks(database);
    Bank bank;
    Call call(database, config, flags);
    call.outside = &bank;
    work(database, call, bank);
    database.shared().run(db::Statement::once("DROP SCHEMA payments_test CASCADE"));
  });
}

std::string text(db::Database& database, const char* sql) {
  return std::string(database.shared().run(db::Statement::once(sql)).text(0, 0));
}
const char* const kGivenBack = "SELECT string_agg(id || ' ' || amount_refunded, ', ' ORDER BY id) FROM payment";
const char* const kRefunds = "SELECT coalesce(string_agg(amount::text, ', '), 'none') FROM refund";
const char* const kOpen = "SELECT coalesce(string_agg(key, ', '), 'none') FROM stheno_ask";
const char* const kEvents = "SELECT coalesce(string_agg(event_name, ', '), 'none') FROM staged_job";

} // namespace

TEST_CASE("what one provider has given back is kept when the next one refuses") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    CHECK_THROWS_WITH(call.atomic([&] {
      const auto tree = query::read(call.db(), call.flags, {.entity = &schema::get("Payment")});
      commerce::payment::give_back(call, "order_1", tree.rows<commerce::table::Payment>(), {1500, "other"});
    }),
                      "The bank is closed");
    CHECK(text(database, kGivenBack) == "pay_new 1000, pay_old 0");
    CHECK(text(database, kRefunds) == "1000");
    CHECK(text(database, kOpen) == "none");
    CHECK(bank.asked == std::vector<std::string>{"refund pay_new from 0 by 1000", "refund pay_old from 0 by 500"});
  });
}

TEST_CASE("a refund that its provider refuses leaves an event and nothing else") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    CHECK_THROWS_WITH(
        commerce::payment::with_aftermath(call,
                                          [&](Aftermath& aftermath) {
                                            commerce::payment::refund(call, aftermath, "pay_old", {10, "other"});
                                          }),
        "Failed to refund Payment pay_old");
    CHECK(text(database, kGivenBack) == "pay_new 0, pay_old 0");
    CHECK(text(database, kRefunds) == "none");
    CHECK(text(database, kEvents) == "payment.payment_refund_failed");
    CHECK(text(database, kOpen) == "none");
    CHECK(bank.asked.size() == 1);
  });
}

TEST_CASE("a refund that was given stays when its transaction fails afterwards") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    CHECK_THROWS_WITH(
        commerce::payment::with_aftermath(call,
                                          [&](Aftermath& aftermath) {
                                            call.atomic([&] {
                                              commerce::payment::refund(call, aftermath, "pay_new", {10, "other"});
                                              throw base::Error::conflict("Too late");
                                            });
                                          }),
        "Too late");
    CHECK(text(database, kGivenBack) == "pay_new 10, pay_old 0");
    CHECK(text(database, kRefunds) == "10");
    CHECK(text(database, kEvents) == "payment.payment_refund_created");
    CHECK(text(database, kOpen) == "none");
    CHECK(bank.asked.size() == 1);
  });
}

TEST_CASE("a refund for something that failed is taken up by the next request for the same, and not given again") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    const commerce::payment::RefundWish wish{.amount = 300, .reason = "return", .purpose = "return ret_1"};
    const auto give = [&] {
      const auto payments = query::read(call.db(), call.flags, {.entity = &schema::get("Payment")});
      commerce::payment::give_back(call, "order_1", payments.rows<commerce::table::Payment>(), wish);
    };
    const auto given_for = [&](const char* purpose) {
      const auto refunds = query::read(call.db(), call.flags, {.entity = &schema::get("Refund")});
      return commerce::payment::given_for(refunds.rows<commerce::table::Refund>(), purpose);
    };
    const auto fail = [&] {
      give();
      throw base::Error::conflict("Too late");
    };
    CHECK_THROWS_WITH(call.atomic(fail), "Too late");
    const char* const notes = "SELECT coalesce(string_agg(coalesce(note, 'no note'), ', '), 'none') FROM refund";
    CHECK(text(database, notes) == commerce::payment::note_of_left("return ret_1"));
    CHECK(text(database, kEvents) == "none");
    CHECK(text(database, "SELECT coalesce(payment_status, 'as it was') FROM \"order\"") == "as it was");
    CHECK(given_for("return ret_2").amount == 0);
    const auto given = given_for("return ret_1");
    CHECK(given.amount == 300);
    call.atomic([&] { commerce::payment::take_up(call, given); });
    CHECK(text(database, notes) == "no note");
    CHECK(given_for("return ret_1").amount == 0);
    // A request that does not fail leaves no note.
    call.atomic(give);
    CHECK(text(database, notes) == "no note, no note");
    CHECK(text(database, kGivenBack) == "pay_new 600, pay_old 0");
    CHECK(bank.asked.size() == 2);
  });
}

TEST_CASE("payments are refunded only by what is left of them") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    Aftermath aftermath;
    const auto refund = [&](const char* id, base::Amount amount) {
      commerce::payment::refund(call, aftermath, id, {amount, "other"});
    };
    refund("pay_new", 999);
    CHECK_THROWS_WITH(refund("pay_new", 2), "Only 1 can be refunded from Payment pay_new");
    CHECK_THROWS_WITH(refund("pay_new", 0), "The amount of a refund must be above 0");
    CHECK_THROWS_WITH(refund("pay_none", 1), "Payment with id pay_none was not found");
    CHECK(text(database, kGivenBack) == "pay_new 999, pay_old 0");
    CHECK(bank.asked.size() == 1);
  });
}

TEST_CASE("nobody waits under a lock while a provider is asked, and what changes meanwhile is seen") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    bank.on_ask = [&] {
      // What another request does meanwhile.
      database.shared().run(db::Statement::once("SELECT 1 FROM \"order\", payment FOR UPDATE NOWAIT"));
      database.shared().run(db::Statement::once("UPDATE payment SET amount_refunded = 995 WHERE id = 'pay_new'"));
    };
    Aftermath aftermath;
    CHECK_THROWS_WITH(commerce::payment::refund(call, aftermath, "pay_new", {10, "other"}),
                      "Only 5 can be refunded from Payment pay_new");
    // The bank has given it all the same: the rows say so.
    CHECK(text(database, kGivenBack) == "pay_new 1005, pay_old 0");
    CHECK(text(database, kRefunds) == "10");
    CHECK(text(database, kOpen) == "none");
  });
}

TEST_CASE("two requests never ask for the same thing at once") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    config::Config config;
    schema::Flags flags;
    bool first = true;
    bank.on_ask = [&] {
      if (!std::exchange(first, false)) return;
      Call other(database, config, flags);
      other.outside = &bank;
      Aftermath aftermath;
      CHECK_THROWS_AS(commerce::payment::refund(other, aftermath, "pay_new", {10, "other"}), base::Error);
    };
    Aftermath aftermath;
    commerce::payment::refund(call, aftermath, "pay_new", {10, "other"});
    CHECK(bank.asked.size() == 1);
    CHECK(text(database, kGivenBack) == "pay_new 10, pay_old 0");
    CHECK(text(database, kOpen) == "none");
  });
}

TEST_CASE("a request that is late by a moment sees what was done, and asks nothing") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    database.shared().run(db::Statement::once("UPDATE payment SET captured_at = NULL"));
    static const db::Statement captured("SELECT captured_at IS NOT NULL FROM payment WHERE id = 'pay_new'");
    int runs = 0;
    call.atomic([&] {
      const bool done = call.db().run(captured).boolean(0, 0);
      if (runs++ == 0) {
        // The other request, from its beginning to its end.
        config::Config config;
        schema::Flags flags;
        Call other(database, config, flags);
        other.outside = &bank;
        Aftermath aftermath;
        commerce::payment::capture(other, aftermath, "pay_new");
      }
      if (done) return;
      ports::payment_provider("test_gives")
          .capture(call, {.id = "pay_new", .data = Json::object(), .amount = 1000, .currency_code = "eur"});
    });
    CHECK(runs == 2);
    CHECK(bank.asked == std::vector<std::string>{"capture pay_new"});
    CHECK(text(database, kOpen) == "none");
  });
}

TEST_CASE("a capture whose order is canceled meanwhile is given back") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    database.shared().run(db::Statement::once("UPDATE payment SET captured_at = NULL"));
    bank.on_ask = [&] {
      database.shared().run(db::Statement::once("UPDATE payment SET canceled_at = now() WHERE id = 'pay_new'"));
    };
    Aftermath aftermath;
    CHECK_THROWS_WITH(commerce::payment::capture(call, aftermath, "pay_new"), "Payment pay_new has been canceled");
    CHECK(bank.asked == std::vector<std::string>{"capture pay_new", "refund pay_new from 0 by 1000"});
    CHECK(text(database, kGivenBack) == "pay_new 1000, pay_old 0");
    CHECK(text(database, kRefunds) == "1000");
    CHECK(text(database, kOpen) == "none");
  });
}

TEST_CASE("what a dead server had asked for is brought to its end, and a refund never given twice") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    const auto die = [&](const char* provider, const char* answer) {
      const ports::Payment payment{.id = "pay_new", .data = Json::object(), .amount = 1000, .currency_code = "eur"};
      const ports::Refund refund{.amount = 300, .reason = "other", .note = nullptr, .order_id = "order_1"};
      static const db::Statement insert(
          "INSERT INTO stheno_ask (key, port, provider, method, arguments, again, answer, process, token, asked_at) VALUES "
          "('refund pay_new from 0 by 300', 'payment', $1, 'refund', $2, $3, $4::jsonb, 'elsewhere/1/x', 'x', now() - "
          "interval '1 hour')");
      database.shared().run(insert, db::Params::of(provider, ports::refund_arguments(payment, refund),
                                                   std::string_view(provider) == "test_gives_by_key",
                                                   answer ? std::optional<std::string>(answer) : std::nullopt));
    };
    // 1. Its answer was there.
    die("test_gives", R"({"data":{"asked":true}})");
    ports::settle_left(call);
    CHECK(bank.asked.empty());
    CHECK(text(database, kGivenBack) == "pay_new 300, pay_old 0");
    CHECK(text(database, kRefunds) == "300");
    CHECK(text(database, kOpen) == "none");
    // 2. Its answer was lost, and the provider knows its key.
    die("test_gives_by_key", nullptr);
    ports::settle_left(call);
    CHECK(bank.asked.size() == 1);
    CHECK(text(database, kGivenBack) == "pay_new 600, pay_old 0");
    CHECK(text(database, kOpen) == "none");
    // 3. Its answer was lost, and nobody can know.
    die("test_gives", nullptr);
    ports::settle_left(call);
    CHECK(bank.asked.size() == 1);
    CHECK(text(database, kGivenBack) == "pay_new 600, pay_old 0");
    CHECK(text(database, kOpen) == "refund pay_new from 0 by 300");
  });
}

TEST_CASE("an ask without an answer stays written down, and is not sent again where it could be done twice") {
  with_payments([](db::Database& database, Call& call, Bank& bank) {
    database.shared().run(db::Statement::once("UPDATE payment SET provider_id = 'test_silent' WHERE id = 'pay_new'"));
    Aftermath aftermath;
    const auto refund = [&] { commerce::payment::refund(call, aftermath, "pay_new", {10, "other"}); };
    CHECK_THROWS_AS(refund(), base::Error);
    CHECK(text(database, kOpen) == "refund pay_new from 0 by 10");
    CHECK_THROWS_AS(refund(), base::Error);
    CHECK(bank.asked.size() == 1);
    CHECK(text(database, kRefunds) == "none");
  });
}
