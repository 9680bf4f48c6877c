#include "app/upkeep.hpp"
#include "app/indexes.hpp"
#include "db/log_table.hpp"

namespace app {
namespace {

constexpr std::string_view kOurs = "stheno: ";
constexpr std::string_view kForget = "stheno: forget";
constexpr std::string_view kIndexes = "stheno: indexes";

} // namespace

std::vector<std::string> due_upkeep(db::Database& database, const config::Config& config, db::Pooling pooling) {
  if (!config.database_additions) return {};
  std::vector<std::string> due{std::string(kForget)};
  if (pooling != db::Pooling::transaction && large_indexes_missing(database.shared())) due.emplace_back(kIndexes);
  return due;
}

bool is_upkeep(std::string_view job) { return job.starts_with(kOurs); }

void do_upkeep(db::Database& database, std::string_view job) {
  if (job == kForget) db::forget_old_rows(database.shared());
  if (job == kIndexes) add_large_indexes(database);
}

} // namespace app
