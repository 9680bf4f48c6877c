#include "db/made_result.hpp"
#include <libpq-fe.h>

namespace db {

Result made_result(const std::vector<std::optional<std::string_view>>& cells, int columns) {
  PGresult* made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  std::string name = "column";
  std::vector<PGresAttDesc> described(static_cast<std::size_t>(columns), {name.data(), 0, 0, 0, 25, -1, -1});
  PQsetResultAttrs(made, columns, described.data());
  for (std::size_t i = 0; i < cells.size(); i++) {
    const int at = static_cast<int>(i);
    // libpq copies the value and does not change it.
    PQsetvalue(made, at / columns, at % columns, cells[i] ? const_cast<char*>(cells[i]->data()) : nullptr,
               cells[i] ? static_cast<int>(cells[i]->size()) : -1);
  }
  return Result(made);
}

Result made_result(const std::vector<std::vector<std::optional<std::string>>>& rows) {
  std::vector<std::optional<std::string_view>> cells;
  for (const auto& row : rows) cells.insert(cells.end(), row.begin(), row.end());
  return made_result(cells, rows.empty() ? 0 : static_cast<int>(rows.front().size()));
}

} // namespace db
