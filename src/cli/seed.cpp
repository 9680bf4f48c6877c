#include "app/seed.hpp"
#include "app/database.hpp"
#include "app/defaults.hpp"
#include "base/json.hpp"
#include "base/terminal.hpp"
#include "cli/command.hpp"
#include "commerce/entities.hpp"
#include "db/migrations.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cli {
namespace {

base::Json read_seed(const std::string& path) {
  std::error_code failure;
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path, failure))
    throw std::runtime_error("Could not find a seed file at: " + path + "\nResolved path: " +
                             std::filesystem::absolute(path, failure).lexically_normal().string());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  base::Json content;
  try {
    content = base::parse_json(text);
  } catch (const base::JsonParseError& e) {
    const std::string_view before = std::string_view(text).substr(0, e.offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1; // npos + 1 is 0
    throw std::runtime_error(path + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + e.what());
  }
  if (!content.is_object()) throw std::runtime_error(path + ": a seed file is an object");
  return content;
}

void apply_migrations(db::Database& database, const config::Config& config) {
  const base::Progress progress("Applying migrations");
  db::migrate(database, config);
}

int seed(const Arguments& arguments) {
  if (!arguments.has("seed-file")) throw UsageError("--seed-file is missing");
  const base::Json content = read_seed(arguments.value("seed-file"));
  const bool migrates = !arguments.has("no-migrate") && arguments.value("migrate", "true") != "false";
  const config::Config config = load_config(arguments);
  const app::Backing backing(config, db::Embedding::beside_another);
  commerce::add_entities();
  app::install_providers(config);
  db::run_blocking(backing.options(1), [&](db::Database& database) {
    if (migrates) {
      apply_migrations(database, config);
      std::puts("Migrations completed.");
    }
    const base::Progress progress("Filling the database");
    app::check_schema(database.shared(), config);
    app::ensure_defaults(database, config);
    ports::Call call(database, config, config.flags);
    app::seed(call, content);
  });
  std::puts("Seed completed.");
  return 0;
}
} // namespace

const Command seed_command{"seed",
                           {},
                           "Fills the database from a file of Medusa's seed format.",
                           {
                               {"seed-file", 'f', "file", "the JSON file"},
                               {"migrate", 'm', "true|false", "apply the migrations first (true)"},
                               {"no-migrate", 0, {}, "the same as --migrate false"},
                           },
                           seed};

} // namespace cli
