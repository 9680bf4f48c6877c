#include "db/migrations.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "db/messages_impl.hpp"
#include "db/place.hpp"
#include <charconv>
#include <map>

namespace db {
namespace {
// Any number that nobody else takes.
const Statement lock_statement("SELECT pg_advisory_xact_lock(7236410582)");
const Statement table_statement("SELECT to_regclass('migrations') IS NOT NULL");
const Statement names_statement("SELECT name, id FROM migrations ORDER BY id");
const Statement create_statement(
    "CREATE TABLE migrations (id serial NOT NULL, \"timestamp\" bigint NOT NULL, name varchar NOT NULL, "
    "CONSTRAINT \"PK_8c82d7f526340ab734260ea46be\" PRIMARY KEY (id))");
const Statement record_statement(
    "INSERT INTO migrations (\"timestamp\", name) SELECT t, n FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS "
    "row (t, n, position) ORDER BY position");
const Statement forget_statement("DELETE FROM migrations WHERE name = ANY($1::text[])");

MigrationUnit& unit_named(std::vector<MigrationUnit>& units, std::string_view name) {
  for (MigrationUnit& unit : units)
    if (unit.name == name) return unit;
  return units.emplace_back(MigrationUnit{std::string(name), {}, {}, {}});
}

Migration parse_migration(std::string_view text) {
  Migration migration;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), migration.timestamp);
  if (failure != std::errc{}) throw std::logic_error("a migration without a timestamp: " + std::string(text));
  migration.name = base::trim(text.substr(static_cast<std::size_t>(end - text.data())));
  return migration;
}

using Names = std::map<std::string, std::int64_t, std::less<>>; // to the ids of their rows

Names applied_names(Session& session) {
  Names names;
  const Result result = session.run(names_statement);
  for (int row = 0; row < result.rows(); ++row) names.emplace(result.text(row, 0), result.integer(row, 1));
  return names;
}

bool has_table(Session& session) { return session.run(table_statement).boolean(0, 0); }

MigrationState state_of(const Names& applied, const std::vector<const MigrationUnit*>& wanted) {
  MigrationState state;
  for (const MigrationUnit* unit : wanted) {
    std::size_t count = 0;
    for (const Migration& m : unit->migrations) {
      const auto found = applied.find(m.name);
      count += found != applied.end();
      state.rows.push_back({m, found == applied.end() ? 0 : found->second});
    }
    if (count == 0)
      state.missing.push_back(unit->name);
    else if (count < unit->migrations.size())
      state.partial.push_back(unit->name);
  }
  std::stable_sort(state.rows.begin(), state.rows.end(),
                   [](const auto& a, const auto& b) { return a.migration.timestamp < b.migration.timestamp; });
  return state;
}

const MigrationUnit* unit_of(std::string_view migration) {
  for (const MigrationUnit& unit : migration_units())
    for (const Migration& m : unit.migrations)
      if (m.name == migration) return &unit;
  return nullptr;
}

// Operators of an extension are found by the search path, in which its schema need not be.
std::string with_trigrams(std::string sql, const std::string& schema) {
  constexpr std::string_view kOperators = " gin_trgm_ops";
  const auto at = sql.find(kOperators);
  return at == std::string::npos ? sql : sql.insert(at + 1, schema + ".");
}

[[noreturn]] void refuse(const MigrationState& state) {
  std::string missing;
  for (const auto& row : state.rows)
    if (row.id == 0 && missing.empty()) missing = row.migration.name;
  throw base::Error::not_allowed(
      "The database holds a part of the schema of 1.20 only (" + base::join(state.partial, ", ") + "; " + missing +
      " is the first migration that it lacks): bring it to Medusa 1.20.11 with Medusa's own `medusa migrations run` "
      "first");
}
} // namespace

std::vector<MigrationUnit> parse_units(std::span<const MigrationFile> files) {
  std::vector<MigrationUnit> units;
  for (const MigrationFile& file : files) {
    MigrationUnit* unit = nullptr;
    std::vector<std::string>* statements = nullptr;
    std::string statement;
    for (const std::string& line : base::split(file.text, '\n')) {
      const std::string_view text = base::trim(line);
      if (text.starts_with("-- unit: ")) {
        unit = &unit_named(units, text.substr(9));
        statements = &unit->up;
      } else if (!unit) {
        throw std::logic_error(std::string(file.name) + " does not begin with its unit");
      } else if (text.starts_with("-- migration: ")) {
        unit->migrations.push_back(parse_migration(text.substr(14)));
      } else if (text == "-- down") {
        statements = &unit->down;
      } else if (!text.empty() && !text.starts_with("--")) {
        if (!statement.empty()) statement.push_back('\n');
        statement += line;
        if (!text.ends_with(';')) continue;
        statement.pop_back();
        statements->push_back(std::move(statement));
        statement.clear();
      }
    }
    if (!statement.empty()) throw std::logic_error(std::string(file.name) + " ends within a statement");
  }
  return units;
}

const std::vector<MigrationUnit>& migration_units() {
  static const std::vector<MigrationUnit> units = parse_units(migration_files());
  return units;
}

std::vector<const MigrationUnit*> wanted_units(const config::Config& config) {
  const auto wanted = [&](std::string_view name) {
    if (name.starts_with("core")) return true;
    if (name == "inventory") return config.inventory();
    if (name == "stock_location") return config.stock_location();
    const auto flag = schema::flag_named(name);
    if (!flag) throw std::logic_error("no condition for the unit " + std::string(name));
    return config.flags.on(*flag);
  };
  std::vector<const MigrationUnit*> units;
  for (const MigrationUnit& unit : migration_units())
    if (wanted(unit.name)) units.push_back(&unit);
  return units;
}

bool MigrationState::pending() const { return !missing.empty() || !partial.empty(); }

MigrationState migration_state(Session& session, const config::Config& config) {
  const bool table = has_table(session);
  MigrationState state = state_of(table ? applied_names(session) : Names{}, wanted_units(config));
  state.table = table;
  return state;
}

std::vector<Migration> migrate(Database& database, const config::Config& config) {
  const auto wanted = wanted_units(config);
  const auto transaction = database.begin();
  transaction->run(lock_statement);
  Place place = place_of(*transaction, config);
  if (!place.exists && !place.schema.empty() && place.may_extend) {
    transaction->run(Statement::once("CREATE SCHEMA " + place.schema));
    place.exists = place.may_use = place.may_create = true;
  }
  require_readable(place);
  const bool table = has_table(*transaction);
  const MigrationState state = state_of(table ? applied_names(*transaction) : Names{}, wanted);
  if (!state.partial.empty()) refuse(state);
  if (state.pending()) require_creatable(place);
  // It is created in the first schema of the search path.
  if (place.trigrams.empty()) place.trigrams = place.schema;
  std::vector<Command> queries;
  if (!table) queries.emplace_back(create_statement);
  std::vector<Migration> applied;
  for (const MigrationUnit* unit : wanted) {
    if (std::find(state.missing.begin(), state.missing.end(), unit->name) == state.missing.end()) continue;
    for (const std::string& statement : unit->up)
      queries.emplace_back(Statement::once(with_trigrams(statement, place.trigrams)));
    applied.insert(applied.end(), unit->migrations.begin(), unit->migrations.end());
  }
  std::stable_sort(applied.begin(), applied.end(),
                   [](const Migration& a, const Migration& b) { return a.timestamp < b.timestamp; });
  if (applied.empty()) return applied;
  std::vector<std::int64_t> timestamps;
  std::vector<std::string> names;
  for (const Migration& m : applied) {
    timestamps.push_back(m.timestamp);
    names.push_back(m.name);
  }
  queries.emplace_back(record_statement, Params::of(timestamps, names));
  if (config.database_logging.schema)
    for (const Command& query : queries) log_schema(config.database_logging, query.statement.sql());
  transaction->commit(std::move(queries));
  for (const Migration& m : applied) log_migration(config.database_logging, m.name);
  return applied;
}

bool last_is_foreign(Session& session) {
  if (!has_table(session)) return false;
  const Result names = session.run(names_statement);
  return !names.empty() && !unit_of(names.text(names.rows() - 1, 0));
}

std::vector<Migration> revert_last(Database& database) {
  const auto transaction = database.begin();
  transaction->run(lock_statement);
  if (!has_table(*transaction)) return {};
  const Result names = transaction->run(names_statement);
  if (names.empty()) return {};
  const std::string_view last = names.text(names.rows() - 1, 0);
  const MigrationUnit* unit = unit_of(last);
  if (!unit)
    throw base::Error::not_allowed(std::string(last) +
                                   " was applied last, and belongs to a plugin or to the project: only "
                                   "Medusa's own `medusa migrations revert` can take it back");
  if (unit->down.empty())
    throw base::Error::not_allowed(std::string(last) + " was applied last: what is as old can't be taken back");
  std::vector<Command> queries;
  for (const std::string& statement : unit->down) queries.emplace_back(Statement::once(statement));
  std::vector<std::string> forgotten;
  for (const Migration& m : unit->migrations) forgotten.push_back(m.name);
  queries.emplace_back(forget_statement, Params::of(forgotten));
  transaction->commit(std::move(queries));
  return unit->migrations;
}

} // namespace db
