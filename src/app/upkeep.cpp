#include "app/upkeep.hpp"
#include "db/log_table.hpp"

namespace app {
namespace {

constexpr std::string_view kOurs = "stheno: ";
constexpr std::string_view kForget = "stheno: forget";

} // namespace

std::vector<std::string> due_upkeep(db::Database&, const config::Config& config, db::Pooling) {
  if (!config.database_additions) return {};
  return {std::string(kForget)};
}

bool is_upkeep(std::string_view job) { return job.starts_with(kOurs); }

void do_upkeep(db::Database& database, std::string_view job) {
  if (job == kForget) db::forget_old_rows(database.shared());
}

} // namespace app
