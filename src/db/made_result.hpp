// A result of given texts, for tests of code that reads results without a database.
#pragma once
#include "db/db.hpp"
#include <optional>
#include <string>
#include <vector>

namespace db {

// Rows of as many columns each; nullopt is null.
Result made_result(const std::vector<std::vector<std::optional<std::string>>>& rows);

} // namespace db
