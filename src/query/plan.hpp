// What a read loads: the tree of nodes with the columns of each, and the relations that fill it, before anything is asked.
// Internal to the query room; load.cpp asks what is planned.
#pragma once
#include "query/query.hpp"
#include <cstddef>
#include <memory>
#include <vector>

namespace query {

// A relation that fills a node: that of `parent`'s child at this place.
struct Step {
  Node* parent;
  std::size_t child;
  const Selection::Child* wanted;
  int depth; // 0: below the root
  int above; // the step that fills `parent`; -1: that is the root
};

struct Plan {
  std::unique_ptr<Node> root;
  std::vector<Step> steps; // each parent ahead of what is below it
};

// Of `read`: entity and selection, which outlive the plan. Relations whose flag is off are left out. Throws std::logic_error for
// a name that the entity lacks.
Plan plan(const Read& read, const schema::Flags& flags);

} // namespace query
