#include "db/change_log.hpp"
#include "base/strings.hpp"
#include "db/log_table.hpp"
#include "db/row_log.hpp"

namespace db {
namespace {

constexpr std::string_view kTables = R"(
CREATE TABLE IF NOT EXISTS stheno_change (transaction xid8 NOT NULL);
ALTER TABLE stheno_change ADD COLUMN IF NOT EXISTS scope text NOT NULL DEFAULT 'catalogue';)";

// $schema stands for the quoted schema, since other sessions may search elsewhere; $forgetting for forgetting_block().
constexpr std::string_view kFunction = R"(
CREATE OR REPLACE FUNCTION $schema.stheno_note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  self text := pg_current_xact_id()::text;
  scope text := coalesce(TG_ARGV[0], 'catalogue');
  noted text := 'stheno.noted_' || scope;
  forgotten xid8;
BEGIN
  IF current_setting(noted, true) IS NOT DISTINCT FROM self THEN RETURN NULL; END IF;
  INSERT INTO $schema.stheno_change (transaction, scope) VALUES (self::xid8, scope);
  PERFORM set_config(noted, self, true);$forgetting
  RETURN NULL;
END
$function$)";

const Log change_log{
    .name = "stheno_change",
    .tables = kTables,
    .function = kFunction,
    .function_name = "stheno_note_change",
    .complete = "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('stheno_change') AND attname = 'scope')",
    .missing = Statement(
        "SELECT c.oid::regclass::text, c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = "
        "'deleted_at') FROM unnest($1::text[]) AS wanted (name) JOIN pg_class c ON c.oid = "
        "to_regclass(quote_ident(current_schema()) || '.' || quote_ident(wanted.name)) AND c.relkind = 'r' WHERE NOT EXISTS "
        "(SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = $2) ORDER BY 1")};

constexpr std::string_view trigger_of(Watch watch) {
  return watch == Watch::changes ? "stheno_note_change" : "stheno_note_rows";
}

// A row of Log::missing.
std::string create_trigger(const Result& missing, int row, Watch watch, const std::string& schema) {
  std::string sql = "CREATE TRIGGER " + std::string(trigger_of(watch)) + " AFTER INSERT OR DELETE OR TRUNCATE";
  if (watch == Watch::changes)
    sql += " OR UPDATE";
  else if (missing.boolean(row, 2))
    sql += " OR UPDATE OF deleted_at";
  sql.append(" ON ").append(missing.text(row, 0)).append(" FOR EACH STATEMENT EXECUTE FUNCTION ").append(schema);
  sql += ".stheno_note_change(";
  if (watch == Watch::which_rows) sql.append("'").append(missing.text(row, 1)).append("'");
  return sql + ")";
}

} // namespace

void install_change_log(Database& database, std::span<const std::string_view> tables, Watch watch) {
  const auto make_triggers = [watch](const Result& missing, const std::string& schema) {
    std::vector<Command> all;
    for (int row = 0; row < missing.rows(); ++row) {
      all.emplace_back(Statement::once(create_trigger(missing, row, watch, schema)));
      // Also in sessions that load rows with session_replication_role = replica.
      all.emplace_back(Statement::once("ALTER TABLE " + std::string(missing.text(row, 0)) + " ENABLE ALWAYS TRIGGER " +
                                       std::string(trigger_of(watch))));
    }
    return all;
  };
  install_log(database, change_log,
              Params::of(std::vector<std::string>(tables.begin(), tables.end()), trigger_of(watch)), make_triggers);
}

void stop_watching(Database& database, std::string_view table) {
  const std::string name(trigger_of(Watch::changes));
  const Statement watched(
      "SELECT c.oid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.oid = "
      "to_regclass(quote_ident(current_schema()) || '.' || quote_ident($1)) AND t.tgname = $2");
  const auto found = database.shared().run(watched, Params::of(table, name));
  if (found.empty()) return;
  auto transaction = database.begin();
  transaction->run(Statement::once("SET LOCAL lock_timeout = '2s'"));
  transaction->commit({{Statement::once("DROP TRIGGER IF EXISTS " + name + " ON " + std::string(found.text(0, 0)))}});
}

namespace {

// One row: whether any row of the table may have changed since the snapshot $2, and the keys of those that have.
std::string changed_rows_sql(const ChangeLog::Rows& rows) {
  const std::string of_table = "c.relation = '" + std::string(rows.table) + "'";
  return "(SELECT coalesce(bool_or(c.keys IS NULL) OR count(*) > " + std::to_string(kMostChanges) +
         ", false), array_agg(DISTINCT k.key) FILTER (WHERE starts_with(k.key, '" + std::string(rows.column) +
         "=')) FROM (" + unseen_rows("c.keys", "stheno_row_change", "$2::pg_snapshot", of_table) +
         ") AS c LEFT JOIN LATERAL unnest(c.keys) AS k (key) ON true) AS rows (all_of_them, keys)";
}

std::string look_sql(std::string_view scope, std::string_view boundary_sql,
                     const std::optional<ChangeLog::Rows>& rows) {
  const std::string in_scope = "c.scope = '" + std::string(scope) + "'";
  return "SELECT " + look_is_stale() + " OR EXISTS (" + unseen_rows("1", "stheno_change", "$2::pg_snapshot", in_scope) +
         ")" + (rows ? " OR rows.all_of_them" : "") + " AS changed, " + seen_snapshot() +
         ", pg_postmaster_start_time()::text, least(now() + interval '5 minutes', (" + std::string(boundary_sql) +
         "))::text, " + (rows ? "rows.keys FROM " + changed_rows_sql(*rows) : "NULL::text[]");
}

} // namespace

ChangeLog::ChangeLog(std::string_view scope, std::string_view boundary_sql, std::optional<Rows> rows)
    : look_(look_sql(scope, boundary_sql, rows)) {}

std::vector<std::string> ChangeLog::changed_rows(const Result& row) {
  if (row.is_null(0, 4)) return {};
  auto keys = elements_of(row.text(0, 4));
  for (auto& key : keys) key.erase(0, key.find('=') + 1);
  return keys;
}

ChangeLog::State ChangeLog::state() {
  const std::lock_guard lock(mutex_);
  return state_;
}

void ChangeLog::advance(const State& seen, State later) {
  const std::lock_guard lock(mutex_);
  if (state_.generation == seen.generation) state_ = std::move(later);
}

std::optional<ChangeLog::Generation> ChangeLog::begin(const State& seen, State fresh) {
  const std::lock_guard lock(mutex_);
  if (state_.generation != seen.generation) return std::nullopt;
  fresh.generation = seen.generation + 1;
  state_ = std::move(fresh);
  return state_.generation;
}

ChangeLog::Look ChangeLog::look() {
  State seen = state();
  Params params;
  if (seen.generation)
    params.add(seen.server_since).add(seen.snapshot).add(seen.deadline);
  else
    params.add(std::nullopt).add(std::nullopt).add(std::nullopt);
  return {{look_, std::move(params)}, std::move(seen)};
}

std::optional<ChangeLog::Generation> ChangeLog::judge(const Look& look, const Result& row) {
  const State& seen = look.seen;
  State now{seen.generation, std::string(row.text(0, 1)), std::string(row.text(0, 2)), std::string(row.text(0, 3))};
  if (row.boolean(0, 0)) return begin(seen, std::move(now));
  advance(seen, std::move(now));
  return seen.generation;
}

} // namespace db
