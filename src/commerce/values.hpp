// What the members of a body or of rows hold, as services want it. Pure; any thread.
#pragma once
#include "base/json.hpp"
#include "query/query.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce {

// Nothing where the value is no text.
std::optional<std::string> optional_text(const base::Json& value);
// Nothing where the value is no number.
std::optional<std::int64_t> optional_integer(const base::Json& value);
// None where the value is no list.
const base::JsonArray& elements_of(const base::Json& list);
// The texts of a list; of a member of each of its objects.
std::vector<std::string> texts_of(const base::Json& list);
std::vector<std::string> texts_of(const base::Json& list, std::string_view member);
template<class Row> std::vector<std::string> ids_of(const std::vector<Row>& rows) {
  std::vector<std::string> ids;
  for (const auto& row : rows) ids.emplace_back(row.id());
  return ids;
}

} // namespace commerce
