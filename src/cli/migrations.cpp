#include "db/migrations.hpp"
#include "app/database.hpp"
#include "cli/command.hpp"
#include <cstdio>

namespace cli {
namespace {

void line(const std::string& text) { std::fputs((text + "\n").c_str(), stdout); }

int run(db::Database& database, const config::Config& config) {
  for (const db::Migration& m : db::migrate(database, config)) line("Applied " + m.name);
  line("Migrations completed.");
  return 0;
}

// 1.20 ends with 1 while something is to be applied.
int show(db::Database& database, const config::Config& config) {
  const db::MigrationState state = db::migration_state(database.shared(), config);
  for (const auto& row : state.rows)
    line(row.id != 0 ? "[X] " + std::to_string(row.id) + " " + row.migration.name : "[ ] " + row.migration.name);
  line(state.pending() ? "info: true" : "info: false");
  return state.pending();
}

int revert(db::Database& database, const config::Config&) {
  const std::vector<db::Migration> reverted = db::revert_last(database);
  if (reverted.empty()) line("No migrations were found in the database. Nothing to revert!");
  for (const db::Migration& m : reverted) line("Reverted " + m.name);
  line("Migrations reverted.");
  return 0;
}

int migrations(const Arguments& arguments) {
  const std::string what = arguments.words.size() == 1 ? arguments.words[0] : "";
  const auto action = what == "run" ? run : what == "show" ? show : what == "revert" ? revert : nullptr;
  if (!action) throw UsageError("migrations takes one of run, show, revert");
  const config::Config config = load_config(arguments);
  const app::Backing backing(config, db::Embedding::beside_another);
  int code = 0;
  db::run_blocking(backing.options(1), [&](db::Database& database) { code = action(database, config); });
  return code;
}
} // namespace

const Command migrations_command{
    "migrations", "run|show|revert", "Applies, lists or takes back the migrations of the database.", {}, migrations};

} // namespace cli
