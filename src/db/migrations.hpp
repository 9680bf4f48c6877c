// Brings a database to the schema of Medusa 1.20, and tells how far it is. The schema is made of units: the core, the
// last changes of the core one by one (so that a database of any 1.20 can be brought up), and one for each feature flag
// and module that has tables or columns of its own. A unit stands for a set of Medusa's migrations; their rows are
// written to the table `migrations`, so that either server takes the other's database.
// Owns nothing but the SQL of migrations/. Called by cli and app on a fiber, before requests are served.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace db {

struct MigrationFile {
  std::string_view name, text;
};
std::span<const MigrationFile> migration_files(); // by name

struct Migration {
  std::int64_t timestamp = 0;
  std::string name;
  bool operator==(const Migration&) const = default;
};

struct MigrationUnit {
  std::string name; // "core", "core_customer_accounts", "sales_channels", "inventory" ...
  std::vector<Migration> migrations;
  std::vector<std::string> up, down; // statements
};
// Parsed from the files: a comment `-- unit:`, comments `-- migration: timestamp name`, statements, and behind a
// line `-- down` those that take the unit back.
std::vector<MigrationUnit> parse_units(std::span<const MigrationFile> files);
const std::vector<MigrationUnit>& migration_units();

// The units that this configuration needs, in the order in which they are applied.
std::vector<const MigrationUnit*> wanted_units(const config::Config& config);

struct MigrationState {
  struct Step {
    Migration migration;
    std::int64_t id = 0; // of its row in the table; 0: not applied
  };
  std::vector<Step> rows; // of the wanted units, by timestamp
  bool table = false;     // the table `migrations` exists
  bool pending() const;
  // Units of which some migrations are applied and some are not: a database of an older Medusa.
  std::vector<std::string> partial;
  std::vector<std::string> missing; // units of which none is applied
};
MigrationState migration_state(Session& session, const config::Config& config);

// Applies what is missing, in one transaction, alone among all servers and commands. Returns the migrations that the
// applied units stand for. Creates database_schema where it is missing. Throws base::Error not_allowed for a database with
// a unit half applied, and where the role may not create what is missing.
std::vector<Migration> migrate(Database& database, const config::Config& config);

// Whether what was applied last belongs to a plugin or to the project.
bool last_is_foreign(Session& session);

// Takes back what was applied last, the whole unit of it, and returns its migrations; none where nothing was ever
// applied. Throws base::Error not_allowed when that belongs to the core, or to a plugin or project.
std::vector<Migration> revert_last(Database& database);

} // namespace db
