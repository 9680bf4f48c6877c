#include "commerce/eager.hpp"

namespace commerce {

void add_eager_items(query::Selection& selection, const schema::Entity& entity) {
  if ((entity.name == "Fulfillment" || entity.name == "Return") && !selection.child("items"))
    selection.children.push_back({.relation = "items", .selection = {}, .place = query::Place::last});
  for (auto& child : selection.children)
    add_eager_items(child.selection, schema::get(entity.relation(child.relation)->target));
}

} // namespace commerce
