// How often PostgreSQL plans a statement. Sessions plan each one once: whatever reads and writes by keys has one good plan, and
// planning costs more than executing (a whole checkout: 2.5 ms of 9.6). PostgreSQL would go on planning most of them at each
// execution, since a key that it knows looks cheaper than one that it doesn't.
//
// A statement whose good plan depends on what it is asked says so by a mark at the beginning of its text: a search by a
// pattern, which an index of trigrams serves when it is long and not when it is short.
//
// Owns nothing. Used by query, which prints the mark, and by the connection, which heeds it; any thread.
#pragma once
#include <string_view>

namespace db {

inline constexpr std::string_view kPlannedEachTime = "/* planned each time */ ";
inline bool is_planned_each_time(std::string_view sql) { return sql.starts_with(kPlannedEachTime); }

} // namespace db
