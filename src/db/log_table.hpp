// What the tables share in which triggers note who has changed something (change_log; row_log does the same): how such a table
// is laid out, how a reader asks for what it has not seen, and how old rows are forgotten.
//
// A new log takes three steps: describe it as a Log, whose table's first column is `transaction xid8 NOT NULL` and whose other
// columns have a default or may be null; install_log() it; and name it in kLogTables, so that app's upkeep forgets its rows
// too. Readers put look_is_stale() and unseen_rows() into their question.
//
// The question costs the same on a busy day. PostgreSQL plans a prepared question once, for the table as it is then, so a
// table that is empty in the morning would be read as a whole until the evening. Three things keep it to the index: the
// condition is a range (of which the planner believes that it holds for one row in 200, one bound alone: one in three), the
// transactions that were open are looked up one by one, and the table is never empty: rows of transaction 0, which no reader
// asks for and nobody forgets, make reading it as a whole dearer than the index, analysed or not.
//
// Owns nothing but the text of these statements. Called by db and app, any thread.
#pragma once
#include "db/db.hpp"
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace db {

std::span<const std::string_view> log_tables();

struct Log {
  std::string_view name; // of its table
  std::string_view
      tables; // statements separated by ';' that make it, or make of an older server's table what it is now
  std::string_view function; // of its trigger: $schema stands for the quoted schema, $forgetting for forgetting_block()
  std::string_view function_name;
  std::string_view complete = "true"; // holds where an older server's table has all columns
  Statement missing;                  // which triggers are to be made, a row each
};
// The statements that make the missing triggers, given the rows of Log::missing and the quoted schema.
using MakeTriggers = std::function<std::vector<Command>(const Result& missing, const std::string& schema)>;
// Brings the log's table, function and triggers into being or up to date, in one transaction, once where several servers start
// together. `wanted` are the parameters of Log::missing. Throws base::Error where the role may not, or PostgreSQL is older than 13.
void install_log(Database& database, const Log& log, const Params& wanted, const MakeTriggers& make_triggers);

// Statements separated by ';', to be run behind the table's own: the index, the rows of transaction 0, the mark of what may be forgotten, and what becomes
// of both where the rows come from a dump of another cluster, whose transactions had other numbers.
std::string log_storage(std::string_view table);

// The question, answered by one boolean, whether the log holds numbers of transactions that this cluster has not come to: it was
// dumped in another one and restored here. Such rows would say for ever that something has changed, and their mark would
// have the newest rows forgotten. log_storage() takes them away.
std::string foreign_rows(std::string_view table);

// A condition: a look taken when $1 (a timestamptz) was the start of PostgreSQL, whose snapshot is $2 (a pg_snapshot), and which is
// trusted until $3 (a timestamptz), says nothing of now.
std::string look_is_stale();

// "SELECT columns FROM table ...": the rows of transactions that are visible now and were not in `snapshot`, an expression
// of type pg_snapshot that stands still during the statement; where it is null, none. `columns` and `condition` may name `c`, the table.
std::string unseen_rows(std::string_view columns, std::string_view table, std::string_view snapshot,
                        std::string_view condition = "true");

// An expression of the snapshot that a reader keeps, as text. PostgreSQL leaves the asking transaction out of its own snapshot, so
// that everybody would take for seen what it writes after the look: it is put among those that are open.
std::string seen_snapshot();

// The text with each `mark` replaced.
std::string replaced(std::string_view text, std::string_view mark, std::string_view by);

// For the PL/pgSQL function of a trigger, whose variable `forgotten` is an xid8: now and then a writer forgets. So a log
// stays small where this server does not run. $schema stands for the quoted schema.
std::string forgetting_block(std::string_view table);
// Stands in each such function, so that one of an older server is found and replaced.
inline constexpr std::string_view kForgettingVersion = "-- forgetting: 2";
// The same without a writer, in one statement. Rows go ten to twenty minutes after their transaction ended; nobody trusts a
// snapshot for longer than five. It waits for no lock, and does nothing where somebody else is at it.
void forget_old_rows(Session& session);

} // namespace db
