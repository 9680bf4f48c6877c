// Columns that plugins and projects add to entities of the core. Owns their names. Called at start by app, behind the core's own
// descriptions and before anything reads them, on the main thread.
#pragma once
#include "schema/schema.hpp"
#include <string>
#include <vector>

namespace schema {

struct AddedColumn {
  std::string name;
  Type type;
  bool nullable = false;
  Shown shown = Shown::always;
};

// Shown behind the entity's own columns, as TypeORM shows those of a class that extends another. Throws std::logic_error for an
// entity that is not there; a column that it has already stays as it is.
void extend(std::string_view entity, const std::vector<AddedColumn>& columns);

} // namespace schema
