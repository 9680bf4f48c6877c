#include "db/log_table.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"

namespace db {
namespace {

constexpr std::string_view kLogTables[]{"stheno_change", "stheno_row_change"};

// With $log for the table's name. No statistics of the column: they would say that each transaction has most of the rows, as
// 0 does. Autovacuum by number and not by share, as most of the rows go at once.
constexpr std::string_view kStorage = R"(
CREATE INDEX IF NOT EXISTS $log_transaction ON $log (transaction);
ALTER TABLE $log ALTER COLUMN transaction SET STATISTICS 0;
ALTER TABLE $log SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE TABLE IF NOT EXISTS $log_mark (oldest xid8 NOT NULL, marked_at timestamptz NOT NULL);
INSERT INTO $log_mark SELECT pg_snapshot_xmin(pg_current_snapshot()), now() WHERE NOT EXISTS (SELECT FROM $log_mark);
INSERT INTO $log (transaction) SELECT '0'::xid8 FROM generate_series(1, 2000) WHERE NOT EXISTS (SELECT FROM $log WHERE transaction = '0'::xid8);
DELETE FROM $log WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot());
UPDATE $log_mark SET oldest = pg_snapshot_xmin(pg_current_snapshot()), marked_at = now() WHERE oldest >= pg_snapshot_xmax(pg_current_snapshot()))";

// Not in serializable transactions, whose predicate locks would meet everybody else's rows.
constexpr std::string_view kBlock = R"(
  IF random() < 0.02 AND current_setting('transaction_isolation') = 'read committed' THEN
    SELECT oldest INTO forgotten FROM $schema.$log_mark WHERE marked_at < clock_timestamp() - interval '10 minutes' FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      DELETE FROM $schema.$log WHERE transaction > '0'::xid8 AND transaction < forgotten;
      UPDATE $schema.$log_mark SET oldest = pg_snapshot_xmin(pg_current_snapshot()), marked_at = clock_timestamp();
    END IF;
  END IF;)";

// The mark is locked by the first part, so that nobody else forgets, and moved by the last.
constexpr std::string_view kForgetting = R"(
WITH due AS MATERIALIZED (SELECT oldest FROM $log_mark WHERE marked_at < clock_timestamp() - interval '10 minutes' FOR UPDATE SKIP LOCKED),
gone AS (DELETE FROM $log WHERE transaction > '0'::xid8 AND transaction < (SELECT oldest FROM due))
UPDATE $log_mark SET oldest = pg_snapshot_xmin(pg_current_snapshot()), marked_at = clock_timestamp() WHERE EXISTS (SELECT FROM due))";

std::string with_log(std::string_view text, std::string_view log) { return replaced(text, "$log", log); }

const Statement version_statement("SELECT current_setting('server_version_num')::int, quote_ident(current_schema())");

// Whether table, mark and function are there as this version makes them; $function and $complete are the log's own.
constexpr std::string_view kComplete = R"(
SELECT to_regclass('$log') IS NOT NULL AND to_regclass('$log_mark') IS NOT NULL AND ($complete) AND EXISTS
  (SELECT FROM pg_proc WHERE proname = '$function' AND pronamespace = current_schema()::regnamespace AND prosrc LIKE '%' || $1 || '%'))";

std::string complete_sql(const Log& log) {
  const auto sql = replaced(replaced(kComplete, "$complete", log.complete), "$function", log.function_name);
  return with_log(sql, log.name);
}

std::string function_sql(const Log& log, const std::string& schema) {
  return replaced(replaced(log.function, "$forgetting", forgetting_block(log.name)), "$schema", schema);
}

} // namespace

std::span<const std::string_view> log_tables() { return kLogTables; }

std::string replaced(std::string_view text, std::string_view mark, std::string_view by) {
  std::string result;
  for (std::size_t at; (at = text.find(mark)) != std::string_view::npos; text.remove_prefix(at + mark.size()))
    result.append(text.substr(0, at)).append(by);
  return result.append(text);
}

std::string log_storage(std::string_view table) { return with_log(kStorage, table); }

void install_log(Database& database, const Log& log, const Params& wanted, const MakeTriggers& make_triggers) {
  const Statement complete_statement(complete_sql(log));
  const Statement foreign_statement(foreign_rows(log.name));
  auto found = database.shared().batch(
      {{version_statement}, {complete_statement, Params::of(kForgettingVersion)}, {log.missing, wanted}});
  if (found[0].integer(0, 0) < 130'000) throw base::Error::not_allowed("it needs PostgreSQL 13 or newer");
  const bool complete = found[1].boolean(0, 0) && !database.shared().run(foreign_statement).boolean(0, 0);
  if (complete && found[2].empty()) return;

  const std::string schema(found[0].text(0, 1));
  auto transaction = database.begin();
  transaction->batch({{Statement::once("SET LOCAL lock_timeout = '2s'")},
                      {Statement::once("SELECT pg_advisory_xact_lock(hashtext('stheno'), hashtext('change_log'))")}});
  if (!complete) {
    for (const auto& text : base::split(std::string(log.tables) + log_storage(log.name), ';'))
      transaction->run(Statement::once(text));
    transaction->run(Statement::once(function_sql(log, schema)));
  }
  // Another server may have come first.
  transaction->commit(make_triggers(transaction->run(log.missing, wanted), schema));
}

std::string look_is_stale() {
  return "(($1::timestamptz = pg_postmaster_start_time()) IS NOT TRUE OR now() >= $3::timestamptz OR "
         "pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($2::pg_snapshot))";
}

std::string foreign_rows(std::string_view table) {
  return with_log(
      "SELECT EXISTS (SELECT FROM $log WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())) OR EXISTS "
      "(SELECT FROM $log_mark WHERE oldest >= pg_snapshot_xmax(pg_current_snapshot()))",
      table);
}

std::string forgetting_block(std::string_view table) {
  return "\n  " + std::string(kForgettingVersion) + with_log(kBlock, table);
}

std::string unseen_rows(std::string_view columns, std::string_view table, std::string_view snapshot,
                        std::string_view condition) {
  const auto part = [&](const std::string& transactions) {
    return "SELECT " + std::string(columns) + " FROM " + std::string(table) + " c WHERE c.transaction " + transactions +
           " AND (" + std::string(condition) + ")";
  };
  const std::string seen(snapshot);
  return part("BETWEEN pg_snapshot_xmax(" + seen + ") AND '18446744073709551615'::xid8") + " UNION ALL " +
         part("= ANY(ARRAY(SELECT pg_snapshot_xip(" + seen + ")))");
}

std::string seen_snapshot() {
  return "CASE WHEN pg_current_xact_id_if_assigned() < pg_snapshot_xmax(pg_current_snapshot()) THEN "
         "pg_snapshot_xmin(pg_current_snapshot())::text || ':' || pg_snapshot_xmax(pg_current_snapshot())::text || ':' || "
         "(SELECT string_agg(open::text, ',' ORDER BY open) FROM (SELECT pg_snapshot_xip(pg_current_snapshot()) UNION "
         "SELECT pg_current_xact_id_if_assigned()) AS all_open (open)) ELSE pg_current_snapshot()::text END";
}

void forget_old_rows(Session& session) {
  static const Statement present(
      "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name || '_mark') IS NOT NULL");
  const auto tables =
      session.run(present, Params::of(std::vector<std::string>(std::begin(kLogTables), std::end(kLogTables))));
  for (int row = 0; row < tables.rows(); ++row)
    session.run(Statement::once(with_log(kForgetting, tables.text(row, 0))));
}

} // namespace db
