#include "db/change_log.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "db/log_table.hpp"

namespace db {
namespace {

// log_storage() follows.
const std::string kTables = R"(
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

const Statement version_statement("SELECT current_setting('server_version_num')::int, quote_ident(current_schema())");
const Statement missing_statement(
    "SELECT c.oid::regclass::text, c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = "
    "'deleted_at') FROM unnest($1::text[]) AS wanted (name) JOIN pg_class c ON c.oid = "
    "to_regclass(quote_ident(current_schema()) || '.' || quote_ident(wanted.name)) AND c.relkind = 'r' WHERE NOT EXISTS "
    "(SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = $2) ORDER BY 1");
const Statement complete_statement(
    "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('stheno_change') AND attname = 'scope') AND "
    "to_regclass('stheno_change_mark') IS NOT NULL AND EXISTS "
    "(SELECT FROM pg_proc WHERE proname = 'stheno_note_change' AND pronamespace = current_schema()::regnamespace AND "
    "prosrc LIKE '%' || $1 || '%')");
const Statement foreign_statement(foreign_rows("stheno_change"));

constexpr std::string_view trigger_of(Watch watch) {
  return watch == Watch::changes ? "stheno_note_change" : "stheno_note_rows";
}

// A row of missing_statement.
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

std::string function_sql(const std::string& schema) {
  const auto sql = replaced(kFunction, "$forgetting", forgetting_block("stheno_change"));
  return replaced(sql, "$schema", schema);
}

} // namespace

void install_change_log(Database& database, std::span<const std::string_view> tables, Watch watch) {
  const auto wanted = Params::of(std::vector<std::string>(tables.begin(), tables.end()), trigger_of(watch));
  auto found = database.shared().batch(
      {{version_statement}, {complete_statement, Params::of(kForgettingVersion)}, {missing_statement, wanted}});
  if (found[0].integer(0, 0) < 130'000) throw base::Error::not_allowed("it needs PostgreSQL 13 or newer");
  const bool complete = found[1].boolean(0, 0) && !database.shared().run(foreign_statement).boolean(0, 0);
  if (complete && found[2].empty()) return;

  const std::string schema(found[0].text(0, 1));
  auto transaction = database.begin();
  transaction->batch({{Statement::once("SET LOCAL lock_timeout = '2s'")},
                      {Statement::once("SELECT pg_advisory_xact_lock(hashtext('stheno'), hashtext('change_log'))")}});
  if (!complete) {
    for (const auto& text : base::split(kTables + log_storage("stheno_change"), ';'))
      transaction->run(Statement::once(text));
    transaction->run(Statement::once(function_sql(schema)));
  }
  // Another server may have come first.
  const auto missing = transaction->run(missing_statement, wanted);
  std::vector<Command> last;
  for (int row = 0; row < missing.rows(); ++row) {
    last.emplace_back(Statement::once(create_trigger(missing, row, watch, schema)));
    // Also in sessions that load rows with session_replication_role = replica.
    last.emplace_back(Statement::once("ALTER TABLE " + std::string(missing.text(row, 0)) + " ENABLE ALWAYS TRIGGER " +
                                      std::string(trigger_of(watch))));
  }
  transaction->commit(std::move(last));
}

ChangeLog::ChangeLog(std::string_view scope, std::string_view boundary_sql)
    : look_(
          "SELECT ($1::timestamptz = pg_postmaster_start_time()) IS NOT TRUE OR now() >= $3::timestamptz OR pg_snapshot_xmax(pg_current_snapshot()) < "
          "pg_snapshot_xmax($2::pg_snapshot) OR EXISTS (" +
          unseen_rows("1", "stheno_change", "$2::pg_snapshot", "c.scope = '" + std::string(scope) + "'") +
          ") AS changed, " + seen_snapshot() +
          ", pg_postmaster_start_time()::text, "
          "least(now() + interval '5 minutes', (" +
          std::string(boundary_sql) + "))::text") {}

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

std::optional<ChangeLog::Generation> ChangeLog::generation(Session& session) {
  // Beaten by other threads each time: changes come too fast for anything to be worth keeping.
  constexpr int kMostLooks = 3;
  for (int attempt = 0; attempt < kMostLooks; ++attempt) {
    Look look = this->look();
    const Result row = session.run(look.query.statement, std::move(look.query.params));
    if (const auto found = judge(look, row)) return found;
  }
  return std::nullopt;
}

} // namespace db
