#include "db/migrations.hpp"
#include "app/child.hpp"
#include "app/database.hpp"
#include "base/terminal.hpp"
#include "cli/command.hpp"
#include <cstdio>

namespace cli {
namespace {

void line(const std::string& text) { std::fputs((text + "\n").c_str(), stdout); }

// The names of a list that the child has told.
template<class Take> void each_name(const base::Json& list, Take take) {
  if (!list.is_array()) return;
  for (const base::Json& name : list.as_array())
    if (name.is_string()) take(name.as_string());
}

int run(db::Database& database, const config::Config& config) {
  std::vector<db::Migration> applied;
  {
    const base::Progress progress("Applying migrations");
    applied = db::migrate(database, config);
  }
  for (const db::Migration& m : applied) line("Applied " + m.name);
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

// What is a plugin's or the project's own: by Medusa's own code, behind what is the core's.
int migrate_the_rest(const config::Config& config, const app::Backing& backing, const std::string& what) {
  const base::Json told = app::migrate_plugins(config, backing, what);
  each_name(told["done"], [&](const std::string& name) { line((what == "revert" ? "Reverted " : "Applied ") + name); });
  each_name(told["applied"], [](const std::string& name) { line("[X] " + name); });
  each_name(told["pending"], [](const std::string& name) { line("[ ] " + name); });
  return told["pending"].is_array() && !told["pending"].as_array().empty();
}

int migrations(const Arguments& arguments) {
  const std::string what = arguments.words.size() == 1 ? arguments.words[0] : "";
  const auto action = what == "run" ? run : what == "show" ? show : what == "revert" ? revert : nullptr;
  if (!action) throw UsageError("migrations takes one of run, show, revert");
  const config::Config config = load_config(arguments);
  const app::Backing backing(config, db::Embedding::beside_another);
  const bool plugins = !config.foreign.empty();
  int code = 0;
  bool foreign = false;
  db::run_blocking(backing.options(1), [&](db::Database& database) {
    foreign = plugins && what == "revert" && db::last_is_foreign(database.shared());
    if (!foreign) code = action(database, config);
  });
  if (plugins && (foreign || what != "revert")) code = std::max(code, migrate_the_rest(config, backing, what));
  return code;
}
} // namespace

const Command migrations_command{
    "migrations", "run|show|revert", "Applies, lists or takes back the migrations of the database.", {}, migrations};

} // namespace cli
