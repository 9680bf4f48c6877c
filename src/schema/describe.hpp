// Short names for entity descriptions: `using namespace schema::describe;` in a domain's entities.cpp, nowhere else.
#pragma once
#include "schema/schema.hpp"

namespace schema::describe {

using schema::Flag;
using enum schema::Type;
using enum schema::RelationKind;
using enum schema::Shown;
using schema::Signed;
constexpr bool nullable = true;
constexpr bool required = false;

} // namespace schema::describe
