// Operations on orders compose: any two of them in one transaction do what they do one after the other, also where one of them
// is refused. Against a real PostgreSQL; see src/db/db_test.cpp for STHENO_TEST_DATABASE_URL.
#include "base/error.hpp"
#include "commerce/entities.hpp"
#include "commerce/order/cancelation.hpp"
#include "commerce/order/changes.hpp"
#include "commerce/order/refunds.hpp"
#include "commerce/order/service.hpp"
#include "commerce/order_edit/service.hpp"
#include "commerce/payment/providers.hpp"
#include "commerce/returns/service.hpp"
#include "commerce/shipping/providers.hpp"
#include "config/config.hpp"
#include "db/migrations.hpp"
#include "db/options.hpp"
#include "ports/fulfillment_provider.hpp"
#include <cstdlib>
#include <doctest/doctest.h>

namespace {

using base::JsonObject;
using ports::Call;
namespace order = commerce::order;
namespace order_edit = commerce::order_edit;

constexpr const char* kShop[] = {
    "INSERT INTO currency (code, symbol, symbol_native, name) VALUES ('eur', '€', '€', 'Euro') ON CONFLICT DO NOTHING",
    "INSERT INTO region (id, name, currency_code, tax_rate) VALUES ('reg_1', 'Europe', 'eur', 0)",
    "INSERT INTO customer (id, email) VALUES ('cus_1', 'buyer@example.com')",
    "INSERT INTO payment_provider (id) VALUES ('manual')",
    "INSERT INTO fulfillment_provider (id) VALUES ('manual')",
    "INSERT INTO shipping_profile (id, name, type) VALUES ('sp_1', 'Default', 'default')",
    "INSERT INTO shipping_option (id, name, region_id, profile_id, provider_id, price_type, amount, data) VALUES ('so_1', "
    "'Standard', 'reg_1', 'sp_1', 'manual', 'flat_rate', 500, '{}'), ('so_2', 'Express', 'reg_1', 'sp_1', 'manual', "
    "'flat_rate', 900, '{}')",
    "INSERT INTO product (id, title) VALUES ('prod_1', 'Mug')"};

constexpr const char* kOrder[] = {
    "INSERT INTO product_variant (id, title, product_id, inventory_quantity) VALUES ('variant_' || $1, 'One', 'prod_1', 10)",
    "INSERT INTO \"order\" (id, customer_id, email, region_id, currency_code) VALUES ($1, 'cus_1', 'buyer@example.com', "
    "'reg_1', 'eur')",
    "INSERT INTO line_item (id, order_id, title, unit_price, quantity, variant_id) VALUES ('item_' || $1, $1, 'Mug', 1000, "
    "3, 'variant_' || $1)",
    "INSERT INTO shipping_method (id, shipping_option_id, order_id, price, data) VALUES ('sm_' || $1, 'so_1', $1, 500, '{}')",
    "INSERT INTO payment (id, order_id, amount, currency_code, provider_id, data) VALUES ('pay_' || $1, $1, 3500, 'eur', "
    "'manual', '{}')"};

// What can be seen of an order, without ids and times.
const db::Statement& state_of_order() {
  static const db::Statement statement(R"(
SELECT concat_ws(' | ', o.status, o.fulfillment_status, o.payment_status, o.email, o.canceled_at IS NOT NULL,
  (SELECT string_agg(concat_ws(' ', quantity, coalesce(fulfilled_quantity, 0), coalesce(shipped_quantity, 0)), ',')
     FROM line_item WHERE order_id = o.id),
  (SELECT string_agg(concat_ws(' ', amount, amount_refunded, captured_at IS NOT NULL, canceled_at IS NOT NULL), ',')
     FROM payment WHERE order_id = o.id),
  (SELECT string_agg(concat_ws(' ', amount, reason), ',') FROM refund WHERE order_id = o.id),
  (SELECT string_agg(concat_ws(' ', f.shipped_at IS NOT NULL, f.canceled_at IS NOT NULL,
     (SELECT sum(quantity) FROM fulfillment_item WHERE fulfillment_id = f.id)), ',' ORDER BY f.id)
     FROM fulfillment f WHERE f.order_id = o.id),
  (SELECT string_agg(concat_ws(' ', shipping_option_id, price), ',' ORDER BY id) FROM shipping_method WHERE order_id = o.id),
  (SELECT string_agg(concat_ws(' ', status, refund_amount), ',' ORDER BY id) FROM "return" WHERE order_id = o.id),
  (SELECT string_agg(concat_ws(' ', confirmed_at IS NOT NULL, canceled_at IS NOT NULL, (SELECT count(*) FROM line_item
     WHERE order_edit_id = e.id)), ',' ORDER BY id) FROM order_edit e WHERE order_id = o.id),
  (SELECT inventory_quantity FROM product_variant WHERE id = 'variant_' || o.id),
  (SELECT string_agg(event_name, ',' ORDER BY id) FROM staged_job WHERE data->>'id' = o.id))
FROM "order" o WHERE o.id = $1)");
  return statement;
}

// The order's first row of that table.
std::string first(Call& call, const std::string& table, const std::string& id) {
  const auto statement = db::Statement::once("SELECT min(id) FROM \"" + table + "\" WHERE order_id = $1");
  return call.db().run(statement, db::Params::of(id)).optional_text(0, 0).value_or("none");
}

struct Operation {
  const char* name;
  void (*run)(Call& call, const std::string& id);
};
const Operation kOperations[] = {
    {"update",
     [](Call& call, const std::string& id) {
       order::update(call, id, JsonObject{{"email", "other@example.com"}});
     }},
    {"capture", [](Call& call, const std::string& id) { order::capture_payment(call, id); }},
    {"refund",
     [](Call& call, const std::string& id) {
       order::refund(call, id, {.amount = 2000, .reason = "other"}, std::nullopt);
     }},
    {"fulfil",
     [](Call& call, const std::string& id) {
       order::create_fulfillment(call, id, {.items = {{"item_" + id, 2}}});
     }},
    {"ship",
     [](Call& call, const std::string& id) {
       order::create_shipment(call, id, {.fulfillment_id = first(call, "fulfillment", id)});
     }},
    {"cancel the fulfillment",
     [](Call& call, const std::string& id) { order::cancel_fulfillment(call, id, first(call, "fulfillment", id)); }},
    {"add a shipping method",
     [](Call& call, const std::string& id) {
       order::add_shipping_method(call, id, {.option_id = "so_2", .price = 700});
     }},
    {"ask for a return",
     [](Call& call, const std::string& id) {
       commerce::returns::create(call, {.order_id = id, .items = {{.item_id = "item_" + id, .quantity = 1}}});
     }},
    {"receive the return",
     [](Call& call, const std::string& id) {
       commerce::returns::receive_and_refund(call, first(call, "return", id), {.items = {{"item_" + id, 1}}});
     }},
    {"cancel the return",
     [](Call& call, const std::string& id) { commerce::returns::cancel(call, first(call, "return", id)); }},
    {"edit", [](Call& call, const std::string& id) { order_edit::create(call, id, std::nullopt, "usr_1"); }},
    {"confirm the edit",
     [](Call& call, const std::string& id) { order_edit::confirm(call, first(call, "order_edit", id), "usr_1"); }},
    {"cancel the edit",
     [](Call& call, const std::string& id) { order_edit::cancel(call, first(call, "order_edit", id), "usr_1"); }},
    {"complete", [](Call& call, const std::string& id) { order::complete(call, id); }},
    {"archive", [](Call& call, const std::string& id) { order::archive(call, id); }},
    {"cancel", [](Call& call, const std::string& id) { order::cancel(call, id); }},
};

// How far an order has come before.
enum class Stage { placed, packed };

class Orders {
 public:
  Orders(db::Database& database, Call& call) : database_(database), call_(call) {}

  std::string make(Stage stage) {
    const std::string id = "order_" + std::to_string(++count_);
    for (const char* sql : kOrder) database_.shared().run(db::Statement::once(sql), db::Params::of(id));
    if (stage == Stage::packed) {
      order::capture_payment(call_, id);
      order::create_fulfillment(call_, id, {.items = {{"item_" + id, 1}}});
    }
    return id;
  }
  // What it says and what is left; an order's own id is told as ID.
  std::string one_by_one(Stage stage, const Operation& first, const Operation& second) {
    const auto id = make(stage);
    std::string told;
    for (const auto* operation : {&first, &second}) told += attempt(*operation, id);
    return told + state(id);
  }
  std::string together(Stage stage, const Operation& first, const Operation& second) {
    const auto id = make(stage);
    std::string told;
    call_.atomic([&] {
      told.clear();
      for (const auto* operation : {&first, &second}) told += attempt(*operation, id);
    });
    return told + state(id);
  }

 private:
  std::string attempt(const Operation& operation, const std::string& id) {
    std::string told = "done; ";
    try {
      call_.attempt([&] { operation.run(call_, id); });
    } catch (const base::Error& error) {
      told = std::string(error.what()) + "; ";
    }
    for (auto at = told.find(id); at != std::string::npos; at = told.find(id)) told.replace(at, id.size(), "ID");
    // Other ids: a prefix and what a ULID of these years begins with.
    for (auto at = told.find("_01"); at != std::string::npos; at = told.find("_01")) told.replace(at, 27, "_ID");
    return told;
  }
  std::string state(const std::string& id) {
    return std::string(database_.shared().run(state_of_order(), db::Params::of(id)).text(0, 0));
  }
  db::Database& database_;
  Call& call_;
  int count_ = 0;
};

} // namespace

TEST_CASE("any two operations on an order do in one transaction what they do one after the other") {
  const char* url = std::getenv("STHENO_TEST_DATABASE_URL");
  if (!url) return;
  commerce::add_entities();
  if (ports::fulfillment_provider_ids().empty()) {
    commerce::payment::add_native_providers(commerce::payment::Manual::installed);
    commerce::shipping::add_manual_provider();
  }
  db::Options options;
  options.url = url;
  options.schema = "order_pairs_test";
  db::run_blocking(options, [&](db::Database& database) {
    const auto run = [&](const char* sql) { database.shared().run(db::Statement::once(sql)); };
    run("DROP SCHEMA IF EXISTS order_pairs_test CASCADE");
    run("CREATE SCHEMA order_pairs_test");
    config::Config config;
    config.database_schema = "order_pairs_test";
    db::migrate(database, config);
    for (const char* sql : kShop) run(sql);
    schema::Flags flags;
    Call call(database, config, flags);
    Orders orders(database, call);
    for (const auto stage : {Stage::placed, Stage::packed})
      for (const auto& first : kOperations)
        for (const auto& second : kOperations) {
          INFO(first.name, ", then ", second.name, stage == Stage::packed ? " (packed)" : "");
          CHECK(orders.together(stage, first, second) == orders.one_by_one(stage, first, second));
        }
    run("DROP SCHEMA order_pairs_test CASCADE");
  });
}
