#include "app/additions.hpp"
#include "app/indexes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "commerce/watched.hpp"
#include "db/change_log.hpp"
#include "db/errors.hpp"

namespace app {

std::span<const std::string_view> counted_tables() {
  static constexpr std::string_view tables[]{"order", "customer", "product_variant"};
  return tables;
}

Additions add_to_database(db::Database& database, const config::Config& config) {
  Additions added;
  if (!config.database_additions) return added;
  try {
    add_small_indexes(database);
  } catch (const base::Error& failure) {
    base::log_warn("Indexes of our own couldn't be added to the database; lists will be slower",
                   {{"reason", db::explanation(failure)}});
  }
  try {
    std::vector<std::string_view> whole(commerce::watched_tables().begin(), commerce::watched_tables().end());
    std::erase(whole, commerce::sold_table());
    db::install_change_log(database, whole, db::Watch::changes);
    db::install_change_log(database, counted_tables(), db::Watch::which_rows);
    if (config.row_cache_bytes > 0 || config.reply_cache_bytes > 0) {
      db::install_row_log(database, commerce::kept_tables());
      db::stop_watching(database, commerce::sold_table()); // which an older server watched
    }
    added.changes = ChangesAreLogged::yes;
  } catch (const base::Error& failure) {
    base::log_warn("The log of changes couldn't be added to the database; no replies and no rows are kept",
                   {{"reason", db::explanation(failure)}});
  }
  return added;
}

} // namespace app
