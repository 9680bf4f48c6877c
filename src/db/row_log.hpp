// Tells which rows of the shop's own tables have changed since a look, whoever changed them: this server, another one, the
// real Medusa, SQL by hand. db::KeptRows drops exactly those.
//
// A trigger on each of these tables writes down, with the transaction, the keys of the rows that a statement touched: for each
// column by which rows are kept "column=value", before and after the change. Above some hundred rows, and for TRUNCATE, it
// writes down the whole table. A reader asks for what transactions have noted that are visible now and were not at its last
// look, as db::ChangeLog does.
//
// Owns: the table stheno_row_change, its triggers and their function. Installed by app at start.
#pragma once
#include "db/db.hpp"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace db {

struct LoggedTable {
  std::string_view name;
  std::vector<std::string_view> columns; // whose values are noted
};

// Creates what is missing of the log for those of the tables that exist. Changes nothing where all is there. Throws
// DatabaseError where the role may not, where PostgreSQL is older than 13, or where a table is locked for over two seconds.
void install_row_log(Database& database, std::span<const LoggedTable> tables);

// The question: what has changed since the look whose server's start, snapshot and deadline are $1 to $3 (null: none).
// The first row says at columns 0 to 3 whether all may have changed, the snapshot of now, since when this PostgreSQL runs and until
// when that may be trusted; each row has at 4 to 6 a table, its keys as a text[] (null: the whole table), and whether the asking
// transaction did it itself; null in the only row where nothing has changed. Above kMostChanges rows anything may have changed.
const Statement& row_log_question();
inline constexpr int kMostChanges = 1000;

// The elements of a text[] literal as PostgreSQL prints it.
std::vector<std::string> elements_of(std::string_view array);

} // namespace db
