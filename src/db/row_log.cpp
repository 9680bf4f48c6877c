#include "db/row_log.hpp"
#include "db/log_table.hpp"

namespace db {
namespace {

constexpr std::string_view kTables = R"(
CREATE TABLE IF NOT EXISTS stheno_row_change (transaction xid8 NOT NULL, relation text NOT NULL DEFAULT '', keys text[]);
ALTER TABLE stheno_row_change ALTER COLUMN relation SET DEFAULT '';)";

// $schema stands for the quoted schema, since other sessions may search elsewhere, $forgetting for forgetting_block(). The
// function is planned once a trigger and session; each branch is planned when it is first taken, as the other's transition
// table isn't there.
constexpr std::string_view kFunction = R"(
CREATE OR REPLACE FUNCTION $schema.stheno_note_row_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  noted text[];
  touched bigint := 0;
  forgotten xid8;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT count(*) INTO touched FROM (SELECT FROM stheno_new LIMIT 301) few;
    IF touched BETWEEN 1 AND 300 THEN
      SELECT array_agg(DISTINCT c.name || '=' || (r.value ->> c.name)) INTO noted FROM (SELECT to_jsonb(n) AS value FROM stheno_new n) r CROSS JOIN unnest(TG_ARGV) c (name) WHERE r.value ->> c.name IS NOT NULL;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT count(*) INTO touched FROM (SELECT FROM stheno_old LIMIT 301) few;
    IF touched BETWEEN 1 AND 300 THEN
      SELECT array_agg(DISTINCT c.name || '=' || (r.value ->> c.name)) INTO noted FROM (SELECT to_jsonb(o) AS value FROM stheno_old o) r CROSS JOIN unnest(TG_ARGV) c (name) WHERE r.value ->> c.name IS NOT NULL;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT count(*) INTO touched FROM (SELECT FROM stheno_new LIMIT 301) few;
    IF touched BETWEEN 1 AND 300 THEN
      SELECT array_agg(DISTINCT c.name || '=' || (r.value ->> c.name)) INTO noted FROM (SELECT to_jsonb(o) AS value FROM stheno_old o UNION ALL SELECT to_jsonb(n) FROM stheno_new n) r CROSS JOIN unnest(TG_ARGV) c (name) WHERE r.value ->> c.name IS NOT NULL;
    END IF;
  ELSE
    touched := 301;
  END IF;
  IF touched = 0 THEN RETURN NULL; END IF;
  INSERT INTO $schema.stheno_row_change (transaction, relation, keys) VALUES (pg_current_xact_id(), TG_TABLE_NAME, noted);$forgetting
  RETURN NULL;
END
$function$)";

struct Trigger {
  std::string_view name, event, transition;
};
constexpr Trigger kTriggers[]{
    {"stheno_note_inserted", "INSERT", " REFERENCING NEW TABLE AS stheno_new"},
    {"stheno_note_updated", "UPDATE", " REFERENCING OLD TABLE AS stheno_old NEW TABLE AS stheno_new"},
    {"stheno_note_deleted", "DELETE", " REFERENCING OLD TABLE AS stheno_old"},
    {"stheno_note_emptied", "TRUNCATE", ""},
};

const Log row_log{.name = "stheno_row_change",
                  .tables = kTables,
                  .function = kFunction,
                  .function_name = "stheno_note_row_changes",
                  // Those that are missing, and those that note other columns than these.
                  .missing = Statement(R"(
SELECT c.oid::regclass::text, wanted.at - 1, trigger_name, t.tgname IS NOT NULL
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (name, columns, at)
JOIN pg_class c ON c.oid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident(wanted.name)) AND c.relkind = 'r'
CROSS JOIN unnest($3::text[]) AS trigger_name
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = trigger_name
WHERE t.tgname IS NULL OR encode(t.tgargs, 'escape') IS DISTINCT FROM wanted.columns ORDER BY 1, 3)")};

Params wanted_triggers(std::span<const LoggedTable> tables) {
  std::vector<std::string> names, columns, triggers;
  for (const auto& table : tables) {
    names.emplace_back(table.name);
    // As pg_trigger.tgargs holds them: each ended by a zero byte, which encode(..., 'escape') prints as \000.
    std::string all;
    for (const auto& column : table.columns) all.append(column).append("\\000");
    columns.push_back(std::move(all));
  }
  for (const auto& trigger : kTriggers) triggers.emplace_back(trigger.name);
  return Params::of(names, columns, triggers);
}

void add_trigger(std::vector<Command>& all, const std::string& table, const LoggedTable& logged, const Trigger& trigger,
                 const std::string& schema) {
  std::string sql = "CREATE TRIGGER " + std::string(trigger.name) + " AFTER " + std::string(trigger.event) + " ON " +
                    table + std::string(trigger.transition) + " FOR EACH STATEMENT EXECUTE FUNCTION " + schema +
                    ".stheno_note_row_changes(";
  for (const auto& column : logged.columns)
    sql.append(column == logged.columns.front() ? "'" : ", '").append(column).append("'");
  all.emplace_back(Statement::once(sql + ")"));
  // Also in sessions that load rows with session_replication_role = replica.
  all.emplace_back(Statement::once("ALTER TABLE " + table + " ENABLE ALWAYS TRIGGER " + std::string(trigger.name)));
}

} // namespace

void install_row_log(Database& database, std::span<const LoggedTable> tables) {
  install_log(database, row_log, wanted_triggers(tables), [&](const Result& missing, const std::string& schema) {
    std::vector<Command> all;
    for (int row = 0; row < missing.rows(); ++row) {
      const std::string table(missing.text(row, 0)), name(missing.text(row, 2));
      if (missing.boolean(row, 3)) all.emplace_back(Statement::once("DROP TRIGGER " + name + " ON " + table));
      for (const auto& trigger : kTriggers)
        if (trigger.name == name)
          add_trigger(all, table, tables[static_cast<std::size_t>(missing.integer(row, 1))], trigger, schema);
    }
    return all;
  });
}

const Statement& row_log_question() {
  static const Statement question(
      "SELECT " + look_is_stale() + ", " + seen_snapshot() +
      ", pg_postmaster_start_time()::text, "
      "(now() + interval '5 minutes')::text, c.relation, c.keys, c.own FROM (SELECT) AS here LEFT JOIN LATERAL (" +
      unseen_rows("relation, keys, transaction = pg_current_xact_id_if_assigned() AS own", "stheno_row_change",
                  "$2::pg_snapshot") +
      " LIMIT " + std::to_string(kMostChanges) + ") AS c ON true");
  return question;
}

std::vector<std::string> elements_of(std::string_view array) {
  std::vector<std::string> all;
  if (array.size() < 2 || array == "{}") return all;
  bool quoted = false;
  std::string* at = &all.emplace_back();
  for (std::size_t i = 1; i + 1 < array.size(); i++) {
    const char c = array[i];
    if (c == '\\' && i + 2 < array.size())
      *at += array[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      at = &all.emplace_back();
    else
      *at += c;
  }
  return all;
}

} // namespace db
