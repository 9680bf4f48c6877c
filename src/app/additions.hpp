// What a shop's database gets beyond Medusa's schema, under names that begin with stheno_: indexes that 1.20 lacks, and
// the log of changes that lets replies be kept. The real Medusa runs on such a database and notices nothing.
// Owns nothing. Called by app on a fiber, before requests are served; safe when two servers start at once.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include <span>
#include <string_view>

namespace app {

// Whether the log of changes is there afterwards. Never fails: a shop runs without additions too, only slower; what
// couldn't be added is logged with the reason.
enum class ChangesAreLogged { no, yes };
struct Additions {
  ChangesAreLogged changes =
      ChangesAreLogged::no; // by which replies, counts and rows are kept (db/change_log.hpp, row_log.hpp)
};
Additions add_to_database(db::Database& database, const config::Config& config);

// Of which tables the log says when rows come or go: those with many rows, whose lists are not kept replies.
std::span<const std::string_view> counted_tables();

} // namespace app
