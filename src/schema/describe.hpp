// Short names for entity descriptions: `using namespace schema::describe;` in a domain's tables.hpp and entities.cpp, nowhere
// else.
#pragma once
#include "schema/schema.hpp"
#include <cstddef>
#include <vector>

namespace schema::describe {

using schema::Column;
using schema::Flag;
using schema::Relation;
using enum schema::Type;
using enum schema::RelationKind;
using enum schema::Shown;
using schema::Signed;
constexpr bool nullable = true;
constexpr bool required = false;

// The columns or relations of a table, which are constants, as an entity has them.
template<class Described, std::size_t count> std::vector<Described> listed(const Described (&all)[count]) {
  return {all, all + count};
}

} // namespace schema::describe
