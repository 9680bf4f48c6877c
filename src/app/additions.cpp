#include "app/additions.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "commerce/watched.hpp"
#include "db/change_log.hpp"
#include "db/errors.hpp"

namespace app {
namespace {

struct Index {
  std::string_view name, on;
};
constexpr Index kIndexes[]{
    {"stheno_notification_created_at", "notification (created_at DESC)"},
    {"stheno_notification_parent_id", "notification (parent_id)"},
    {"stheno_order_created_at", "\"order\" (created_at DESC)"},
    {"stheno_customer_created_at", "customer (created_at DESC) WHERE deleted_at IS NULL"},
    {"stheno_product_created_at", "product (created_at DESC) WHERE deleted_at IS NULL"},
    {"stheno_product_variant_created_at", "product_variant (created_at DESC) WHERE deleted_at IS NULL"},
    {"stheno_image_url", "image USING hash (url)"},
    {"stheno_product_option_product_id", "product_option (product_id)"},
    {"stheno_product_collection_id", "product (collection_id) WHERE deleted_at IS NULL"},
    {"stheno_money_amount_price_list_id", "money_amount (price_list_id)"},
    {"stheno_line_item_order_edit_id", "line_item (order_edit_id) WHERE order_edit_id IS NOT NULL"},
    {"stheno_swap_shipping_address_id", "swap (shipping_address_id)"},
    {"stheno_draft_order_created_at", "draft_order (created_at DESC)"},
    {"stheno_return_created_at", "return (created_at DESC)"},
    {"stheno_product_variant_inventory_item_item_id", "product_variant_inventory_item (inventory_item_id)"},
    {"stheno_inventory_item_created_at", "inventory_item (created_at DESC) WHERE deleted_at IS NULL"},
    {"stheno_reservation_item_created_at", "reservation_item (created_at DESC) WHERE deleted_at IS NULL"},
};

// Those that are missing, of tables that are there: modules bring some of them.
void add_indexes(db::Database& database) {
  std::vector<std::string> names, tables;
  for (const auto& index : kIndexes) {
    names.emplace_back(index.name);
    tables.emplace_back(index.on.substr(0, index.on.find(' ')));
  }
  static const db::Statement missing_statement(
      "SELECT name FROM unnest($1::text[], $2::text[]) AS wanted (name, \"table\"), "
      "LATERAL (SELECT quote_ident(current_schema()) || '.' AS here) AS place "
      "WHERE to_regclass(here || name) IS NULL AND to_regclass(here || \"table\") IS NOT NULL");
  const auto missing = database.shared().run(missing_statement, db::Params::of(names, tables));
  if (missing.empty()) return;
  std::vector<db::Command> all{{db::Statement::once("SET LOCAL lock_timeout = '2s'")}};
  for (int row = 0; row < missing.rows(); ++row)
    for (const auto& index : kIndexes)
      if (index.name == missing.text(row, 0))
        all.emplace_back(db::Statement::once("CREATE INDEX IF NOT EXISTS " + std::string(index.name) + " ON " +
                                             std::string(index.on)));
  auto transaction = database.begin();
  transaction->commit(std::move(all));
}

} // namespace

std::span<const std::string_view> counted_tables() {
  static constexpr std::string_view tables[]{"order", "customer", "product_variant"};
  return tables;
}

Additions add_to_database(db::Database& database, const config::Config& config) {
  Additions added;
  if (!config.database_additions) return added;
  try {
    add_indexes(database);
  } catch (const base::Error& failure) {
    base::log_warn("Indexes of our own couldn't be added to the database; lists will be slower",
                   {{"reason", db::explanation(failure)}});
  }
  try {
    db::install_change_log(database, commerce::watched_tables(), db::Watch::changes);
    db::install_change_log(database, counted_tables(), db::Watch::which_rows);
    added.tables = ChangesAreLogged::yes;
  } catch (const base::Error& failure) {
    base::log_warn("The log of changes couldn't be added to the database; no replies are kept",
                   {{"reason", db::explanation(failure)}});
  }
  if (config.row_cache_bytes <= 0) return added;
  try {
    db::install_row_log(database, commerce::kept_tables());
    added.rows = ChangesAreLogged::yes;
  } catch (const base::Error& failure) {
    base::log_warn("The log of changed rows couldn't be added to the database; no rows are kept",
                   {{"reason", db::explanation(failure)}});
  }
  return added;
}

} // namespace app
