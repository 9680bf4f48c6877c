// Payments against a real PostgreSQL, with providers that refuse; see src/db/db_test.cpp for STHENO_TEST_DATABASE_URL.
#include "base/error.hpp"
#include "commerce/entities.hpp"
#include "commerce/payment/payments.hpp"
#include "config/config.hpp"
#include "db/options.hpp"
#include "ports/payment_provider.hpp"
#include <cstdlib>
#include <doctest/doctest.h>

namespace {

using base::Json;
using commerce::payment::Aftermath;
using ports::Call;

// Takes and gives back all, or nothing at all.
class Scripted final : public ports::PaymentProvider {
 public:
  enum class Mood { gives, refuses };
  Scripted(std::string id, Mood mood) : id_(std::move(id)), mood_(mood) {}
  std::string_view id() const override { return id_; }
  Json create_session(Call&, const ports::PaymentContext&) const override { return answer(); }
  Json update_session(Call&, const Json&, const ports::PaymentContext&) const override { return answer(); }
  Json update_session_data(Call&, const Json&, const Json&) const override { return answer(); }
  void delete_session(Call&, const Json&) const override {}
  ports::PaymentAuthorization authorize(Call&, const Json&, const Json&) const override {
    return {"authorized", answer()};
  }
  Json payment_data(Call&, const Json&) const override { return answer(); }
  std::string status(Call&, const Json&) const override { return "authorized"; }
  Json capture(Call&, const Json&) const override { return answer(); }
  Json refund(Call&, const Json&, base::Amount) const override { return answer(); }
  Json cancel(Call&, const Json&) const override { return answer(); }

 private:
  Json answer() const {
    if (mood_ == Mood::refuses) throw base::Error::invalid_data("The bank is closed");
    return base::JsonObject{{"asked", true}};
  }
  std::string id_;
  Mood mood_;
};

// An order that is paid by two payments of 1000 each; the newer one's provider is asked first.
void with_payments(const std::function<void(db::Database&, Call&)>& work) {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  commerce::add_entities();
  static const bool added = [] {
    ports::add_payment_provider(std::make_unique<Scripted>("test_gives", Scripted::Mood::gives));
    ports::add_payment_provider(std::make_unique<Scripted>("test_refuses", Scripted::Mood::refuses));
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
         "CREATE TABLE \"order\" (id varchar PRIMARY KEY)",
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
    Call call(database, config, flags);
    work(database, call);
    database.shared().run(db::Statement::once("DROP SCHEMA payments_test CASCADE"));
  });
}

std::string text(db::Database& database, const char* sql) {
  return std::string(database.shared().run(db::Statement::once(sql)).text(0, 0));
}
const char* const kGivenBack = "SELECT string_agg(id || ' ' || amount_refunded, ', ' ORDER BY id) FROM payment";
const char* const kRefunds = "SELECT coalesce(string_agg(amount::text, ', '), 'none') FROM refund";
const char* const kEvents = "SELECT coalesce(string_agg(event_name, ', '), 'none') FROM staged_job";

} // namespace

TEST_CASE("what one provider has given back is kept when the next one refuses") {
  with_payments([](db::Database& database, Call& call) {
    CHECK_THROWS_WITH(commerce::payment::with_aftermath(
                          call,
                          [&](Aftermath& aftermath) {
                            call.atomic([&] {
                              const auto tree = query::read(call.db(), call.flags, {.entity = &schema::get("Payment")});
                              commerce::payment::give_back(call, aftermath, "order_1", tree.rows(), {1500, "other"});
                            });
                          }),
                      "The bank is closed");
    CHECK(text(database, kGivenBack) == "pay_new 1000, pay_old 0");
    CHECK(text(database, kRefunds) == "1000");
  });
}

TEST_CASE("a refund that its provider refuses leaves an event and nothing else") {
  with_payments([](db::Database& database, Call& call) {
    CHECK_THROWS_WITH(
        commerce::payment::with_aftermath(call,
                                          [&](Aftermath& aftermath) {
                                            commerce::payment::refund(call, aftermath, "pay_old", {10, "other"});
                                          }),
        "Failed to refund Payment pay_old");
    CHECK(text(database, kGivenBack) == "pay_new 0, pay_old 0");
    CHECK(text(database, kRefunds) == "none");
    CHECK(text(database, kEvents) == "payment.payment_refund_failed");
  });
}

TEST_CASE("a refund that was given stays when its transaction fails afterwards") {
  with_payments([](db::Database& database, Call& call) {
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
  });
}

TEST_CASE("payments are refunded only by what is left of them") {
  with_payments([](db::Database& database, Call& call) {
    Aftermath aftermath;
    const auto refund = [&](const char* id, base::Amount amount) {
      commerce::payment::refund(call, aftermath, id, {amount, "other"});
    };
    refund("pay_new", 999);
    CHECK_THROWS_WITH(refund("pay_new", 2), "Only 1 can be refunded from Payment pay_new");
    CHECK_THROWS_WITH(refund("pay_new", 0), "The amount of a refund must be above 0");
    CHECK_THROWS_WITH(refund("pay_none", 1), "Payment with id pay_none was not found");
    CHECK(text(database, kGivenBack) == "pay_new 999, pay_old 0");
  });
}
