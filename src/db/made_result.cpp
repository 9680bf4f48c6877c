#include "db/made_result.hpp"
#include <libpq-fe.h>

namespace db {

Result made_result(const std::vector<std::vector<std::optional<std::string>>>& rows) {
  PGresult* made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  std::string name = "column";
  std::vector<PGresAttDesc> columns(rows.empty() ? 0 : rows.front().size(), {name.data(), 0, 0, 0, 25, -1, -1});
  PQsetResultAttrs(made, static_cast<int>(columns.size()), columns.data());
  for (int row = 0; row < static_cast<int>(rows.size()); row++)
    for (int column = 0; column < static_cast<int>(columns.size()); column++) {
      auto value = rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
      PQsetvalue(made, row, column, value ? value->data() : nullptr, value ? static_cast<int>(value->size()) : -1);
    }
  return Result(made);
}

} // namespace db
