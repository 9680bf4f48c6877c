#include "commerce/store/defaults.hpp"
#include "base/ids.hpp"
#include "commerce/store/reference_data.hpp"
#include "db/batch.hpp"

namespace commerce::store {
namespace {

db::Command missing_countries() {
  static const db::Statement statement(
      "INSERT INTO country (iso_2, iso_3, num_code, name, display_name) SELECT c.iso_2, c.iso_3, c.num_code, c.name, "
      "c.display_name FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[]) WITH ORDINALITY "
      "c(iso_2, iso_3, num_code, name, display_name, place) WHERE NOT EXISTS (SELECT 1 FROM country) ORDER BY c.place "
      "ON CONFLICT (iso_2) DO NOTHING");
  std::vector<std::string> iso_2, iso_3, name, display_name;
  std::vector<std::int64_t> num_code;
  for (const auto& country : countries()) {
    iso_2.emplace_back(country.iso_2);
    iso_3.emplace_back(country.iso_3);
    num_code.push_back(country.num_code);
    name.emplace_back(country.name);
    display_name.emplace_back(country.display_name);
  }
  return {statement, db::Params::of(iso_2, iso_3, num_code, name, display_name)};
}

db::Command missing_currencies() {
  static const db::Statement statement(
      "INSERT INTO currency (code, symbol, symbol_native, name) SELECT c.code, c.symbol, c.symbol_native, c.name FROM "
      "unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY c(code, symbol, symbol_native, name, place) "
      "WHERE NOT EXISTS (SELECT 1 FROM currency) ORDER BY c.place ON CONFLICT (code) DO NOTHING");
  std::vector<std::string> code, symbol, symbol_native, name;
  for (const auto& currency : currencies()) {
    code.emplace_back(currency.code);
    symbol.emplace_back(currency.symbol);
    symbol_native.emplace_back(currency.symbol_native);
    name.emplace_back(currency.name);
  }
  return {statement, db::Params::of(code, symbol, symbol_native, name)};
}

// A new store's currencies are its default one, which the table's defaults make "usd".
db::Command missing_store() {
  static const db::Statement statement(
      "WITH made AS (INSERT INTO store (id) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM store) RETURNING id) "
      "INSERT INTO store_currencies (store_id, currency_code) SELECT made.id, currency.code FROM made, currency "
      "WHERE currency.code = 'usd'");
  return {statement, db::Params::of(base::make_id("store"))};
}

db::Command missing_profiles() {
  static const db::Statement statement(
      "INSERT INTO shipping_profile (id, name, type) SELECT p.id, p.name, p.type::shipping_profile_type_enum FROM "
      "(VALUES ($1, 'Default Shipping Profile', 'default'), ($2, 'Gift Card Profile', 'gift_card')) p(id, name, type) "
      "WHERE NOT EXISTS (SELECT 1 FROM shipping_profile s WHERE s.type::text = p.type AND s.deleted_at IS NULL)");
  return {statement, db::Params::of(base::make_id("sp"), base::make_id("sp"))};
}

db::Command missing_sales_channel(const std::string& id) {
  static const db::Statement statement(
      "WITH made AS (INSERT INTO sales_channel (id, name, description, is_disabled) SELECT $1, 'Default Sales Channel', "
      "'Created by Medusa', false FROM (SELECT default_sales_channel_id FROM store ORDER BY created_at LIMIT 1) s "
      "WHERE s.default_sales_channel_id IS NULL RETURNING id) UPDATE store SET default_sales_channel_id = made.id, "
      "updated_at = now() FROM made WHERE store.id = (SELECT id FROM store ORDER BY created_at LIMIT 1)");
  return {statement, db::Params::of(id)};
}

// Rows of providers that this server lacks stay, marked as not installed.
db::Command register_providers(std::string_view table, const std::vector<std::string>& ids,
                               InstalledProviders::Others others) {
  const std::string name(table);
  return {db::Statement("WITH absent AS (UPDATE " + name +
                        " SET is_installed = false WHERE is_installed AND id <> ALL($1) AND NOT $2::bool) "
                        "INSERT INTO " +
                        name +
                        " (id, is_installed) SELECT id, true FROM unnest($1::text[]) id "
                        "ON CONFLICT (id) DO UPDATE SET is_installed = true"),
          db::Params::of(ids, others == InstalledProviders::Others::left)};
}

} // namespace

// Medusa 1.20: loaders/defaults.ts.
void ensure_defaults(ports::Call& call, const InstalledProviders& installed) {
  call.atomic([&] {
    // 1. One server at a time: another that starts now waits here, then finds the rows. (1.20 doesn't wait, hence the
    //    ON CONFLICT clauses besides.)
    static const db::Statement lock("SELECT pg_advisory_xact_lock(hashtext('stheno'), hashtext('defaults'))");
    db::Batch steps;
    steps.add({lock});
    // 2. Countries and currencies, each only into an empty table.
    steps.add(missing_countries());
    steps.add(missing_currencies());
    // 3. The store.
    steps.add(missing_store());
    // 4. Providers.
    steps.add(register_providers("payment_provider", installed.payment, installed.others));
    steps.add(register_providers("notification_provider", installed.notification, installed.others));
    steps.add(register_providers("fulfillment_provider", installed.fulfillment, installed.others));
    steps.add(register_providers("tax_provider", installed.tax, installed.others));
    // 5. The shipping profiles.
    steps.add(missing_profiles());
    // 6. The default sales channel.
    const auto channel = base::make_id("sc");
    const bool channels = call.on(schema::Flag::sales_channels);
    db::Batch::Slot made;
    if (channels) made = steps.add(missing_sales_channel(channel));
    steps.run(call.db());
    if (made && made->affected() > 0) call.emit("sales_channel.created", base::JsonObject{{"id", channel}});
  });
}

} // namespace commerce::store
