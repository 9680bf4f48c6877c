// Results of given texts: of rows that somebody has in hand, and for tests of code that reads results without a database.
// Owns nothing. Called on any thread.
#pragma once
#include "db/db.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {

// Rows of as many columns each; nullopt is null.
Result made_result(const std::vector<std::vector<std::optional<std::string>>>& rows);
// The same of all cells, row by row.
Result made_result(const std::vector<std::optional<std::string_view>>& cells, int columns);

} // namespace db
