// Tells whether tables have changed since something was read from them, whoever changed them: this server, another one,
// the real Medusa, SQL by hand. What is kept in memory is shown only after asking here, so it is never older than the
// request. Of one table it can tell which rows have changed (row_log), for a reader that keeps them apart.
//
// A trigger on each watched table notes the writing transaction in `stheno_change`, once for each scope: a set of tables
// that is asked about together. A reader keeps the snapshot of its last look; it has missed something exactly when a noted
// transaction of its scope is visible now and was not then. That costs one index probe and no lock: NOTIFY would have all
// writers of the cluster commit one after the other, and would tell late.
//
// Owns: the table, its triggers and their function, all named stheno_*; the generation counters. Installed by app at
// start; asked by http and query on fibers of any thread.
#pragma once
#include "db/db.hpp"
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace db {

// What of a table counts.
enum class Watch {
  changes,    // every change, for the scope kCatalogue
  which_rows, // rows that come, go, or are marked as deleted; for a scope named as the table
};
inline constexpr std::string_view kCatalogue = "catalogue";

// Creates what is missing of the log for those of the tables that exist. Changes nothing where all is there. Throws
// DatabaseError where the role may not, where PostgreSQL is older than 13, or where a table is locked for over two
// seconds.
void install_change_log(Database& database, std::span<const std::string_view> tables, Watch watch);
// Takes Watch::changes off a table whose rows are told by the row log.
void stop_watching(Database& database, std::string_view table);

class ChangeLog {
 public:
  // A table whose changes don't begin a generation: the row log notes them by that column.
  struct Rows {
    std::string_view table, column;
  };
  // `boundary_sql` is a scalar expression: when what is read changes by itself (a sale that begins), or null.
  ChangeLog(std::string_view scope, std::string_view boundary_sql, std::optional<Rows> rows = {});

  using Generation = std::uint64_t;
  // A question that travels with the caller's statements: what is read in the same batch behind `query`, or later,
  // belongs to the generation that judge() tells of its result, and what was kept of that generation is still true; nullopt:
  // another thread was faster, look again.
  class Look;
  Look look();
  std::optional<Generation> judge(const Look& look, const Result& result);
  // The values of Rows' column in rows that have changed in the generation since the look before. What they end is to be ended
  // ahead of judge(), behind which other threads don't hear of them any more.
  static std::vector<std::string> changed_rows(const Result& result);

 private:
  struct State {
    Generation generation = 0; // 0: nothing looked at yet
    // server_since: when that PostgreSQL was started. Another one, such as a replica that took its place, may lack what was
    // committed there, and go on with numbers of its own.
    std::string snapshot, server_since, deadline;
  };
  State state();
  // Takes a later snapshot of the same generation.
  void advance(const State& seen, State later);
  // Begins a generation, unless another thread has begun one since `seen`.
  std::optional<Generation> begin(const State& seen, State fresh);

  const Statement look_;
  std::mutex mutex_;
  State state_;
};

class ChangeLog::Look {
 public:
  Command query;

 private:
  friend class ChangeLog;
  Look(Command asked, State state) : query(std::move(asked)), seen(std::move(state)) {}
  State seen;
};

} // namespace db
