#include "app/indexes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "db/errors.hpp"
#include "db/log_table.hpp"
#include <algorithm>
#include <mutex>
#include <set>
#include <string>

namespace app {
namespace {

// $trigrams stands for the operator class of pg_trgm, which may be in any schema.
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
    {"stheno_product_title", "product (title) WHERE deleted_at IS NULL"},
    {"stheno_order_states", "\"order\" (payment_status, fulfillment_status, status)"},
    // The searches; those of products and variants are 1.20's own.
    {"stheno_order_search", "\"order\" USING gin (email $trigrams, (display_id::text) $trigrams)"},
    {"stheno_address_first_name", "address USING gin (first_name $trigrams)"},
    {"stheno_customer_search",
     "customer USING gin (email $trigrams, first_name $trigrams, last_name $trigrams, phone $trigrams)"},
};
constexpr std::string_view kTrigrams = "$trigrams";

bool needs_trigrams(const Index& index) { return index.on.find(kTrigrams) != std::string_view::npos; }

// Reading so much takes some hundredths of a second.
constexpr std::int64_t kSmallTable = 8 << 20;

struct Wanted {
  const Index* index;
  bool invalid; // it is there, and nobody is making it
  bool small;
};

// What is missing, of tables that are there: modules bring some of them.
std::vector<Wanted> missing_indexes(db::Session& session) {
  static const db::Statement missing_statement(
      "SELECT wanted.at - 1, i.indexrelid IS NOT NULL, pg_relation_size(to_regclass(here || wanted.\"table\")) < $3::bigint "
      "FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (name, \"table\", at) "
      "CROSS JOIN LATERAL (SELECT quote_ident(current_schema()) || '.' AS here) AS place "
      "LEFT JOIN pg_index i ON i.indexrelid = to_regclass(here || wanted.name) "
      "WHERE to_regclass(here || wanted.\"table\") IS NOT NULL AND (i.indexrelid IS NULL OR (NOT i.indisvalid AND NOT "
      "EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)))");
  std::vector<std::string> names, tables;
  for (const auto& index : kIndexes) {
    names.emplace_back(index.name);
    tables.emplace_back(index.on.substr(0, index.on.find(' ')));
  }
  const auto found = session.run(missing_statement, db::Params::of(names, tables, kSmallTable));
  std::vector<Wanted> missing;
  for (int row = 0; row < found.rows(); ++row)
    missing.push_back({&kIndexes[found.integer(row, 0)], found.boolean(row, 1), found.boolean(row, 2)});
  return missing;
}

// The operator class, with its schema; empty where there is none, and this role may not bring it.
std::string trigrams(db::Database& database) {
  static const db::Statement where_statement(
      "SELECT quote_ident(n.nspname) || '.gin_trgm_ops' FROM pg_extension e JOIN "
      "pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'");
  const auto found = database.shared().run(where_statement);
  if (!found.empty()) return std::string(found.text(0, 0));
  try {
    auto transaction = database.begin();
    transaction->batch({{db::Statement::once("SELECT pg_advisory_xact_lock(hashtext('stheno'), hashtext('pg_trgm'))")},
                        {db::Statement::once("CREATE EXTENSION IF NOT EXISTS pg_trgm")}});
    const auto made = transaction->run(where_statement);
    transaction->commit();
    return std::string(made.text(0, 0));
  } catch (const base::Error& failure) {
    base::log_warn(
        "The extension pg_trgm couldn't be added to the database; searches of orders and customers read whole "
        "tables. An administrator can run CREATE EXTENSION pg_trgm",
        {{"reason", db::explanation(failure)}});
    return {};
  }
}

std::string create_index(const Index& index, std::string_view how, const std::string& operator_class) {
  return "CREATE INDEX " + std::string(how) + "IF NOT EXISTS " + std::string(index.name) + " ON " +
         db::replaced(index.on, kTrigrams, operator_class);
}

// Which large ones this process has tried: one that fails for its own reasons would fail each minute.
class Tried {
 public:
  bool has(const Index& index) {
    const std::lock_guard lock(mutex_);
    return names_.contains(index.name);
  }
  void add(const Index& index) {
    const std::lock_guard lock(mutex_);
    names_.insert(index.name);
  }

 private:
  std::mutex mutex_;
  std::set<std::string_view> names_;
};
Tried tried;

std::vector<Wanted> large_ones(db::Session& session) {
  auto missing = missing_indexes(session);
  std::erase_if(missing, [](const Wanted& one) { return (one.small && !one.invalid) || tried.has(*one.index); });
  return missing;
}

void add_large_index(db::Session& session, const Wanted& wanted, const std::string& operator_class) {
  const Index& index = *wanted.index;
  const auto drop = db::Statement::once("DROP INDEX CONCURRENTLY IF EXISTS " + std::string(index.name));
  try {
    if (wanted.invalid) session.run(drop);
    session.run(db::Statement::once(create_index(index, "CONCURRENTLY ", operator_class)));
    base::log_info("An index was added to the database", {{"index", index.name}});
  } catch (const base::Error& failure) {
    base::log_warn("An index of our own couldn't be added to the database; it is tried again after the next start",
                   {{"index", index.name}, {"reason", db::explanation(failure)}});
    session.run(drop);
  }
}

} // namespace

void add_small_indexes(db::Database& database) {
  auto missing = missing_indexes(database.shared());
  std::erase_if(missing, [](const Wanted& one) { return !one.small || one.invalid; });
  if (missing.empty()) return;
  std::string operator_class;
  if (std::ranges::any_of(missing, [](const Wanted& one) { return needs_trigrams(*one.index); }))
    operator_class = trigrams(database);
  std::vector<db::Command> all{{db::Statement::once("SET LOCAL lock_timeout = '2s'")}};
  for (const auto& one : missing)
    if (!needs_trigrams(*one.index) || !operator_class.empty())
      all.emplace_back(db::Statement::once(create_index(*one.index, "", operator_class)));
  auto transaction = database.begin();
  transaction->commit(std::move(all));
}

bool large_indexes_missing(db::Session& session) { return !large_ones(session).empty(); }

void add_large_indexes(db::Database& database) {
  // Another server may be at it. The transaction holds nothing but this lock; PostgreSQL would wait for its snapshot, too, which
  // lives until the next statement, and a SET has none.
  static const db::Statement lock_statement(
      "SELECT pg_try_advisory_xact_lock(hashtext('stheno'), hashtext('indexes'))");
  auto turn = database.begin();
  if (!turn->run(lock_statement).boolean(0, 0)) return;
  turn->run(db::Statement::once("SET LOCAL lock_timeout = '5s'"));
  auto& session = database.shared();
  const auto missing = large_ones(session);
  std::string operator_class;
  if (std::ranges::any_of(missing, [](const Wanted& one) { return needs_trigrams(*one.index); }))
    operator_class = trigrams(database);
  session.run(db::Statement::once("SET lock_timeout = '5s'"));
  for (const auto& one : missing) {
    tried.add(*one.index);
    if (!needs_trigrams(*one.index) || !operator_class.empty()) add_large_index(session, one, operator_class);
  }
  session.run(db::Statement::once("RESET lock_timeout"));
}

} // namespace app
