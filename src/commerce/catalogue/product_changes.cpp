#include "commerce/catalogue/product_changes.hpp"
#include "base/error.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/variant_changes.hpp"

namespace commerce::catalogue {

base::JsonArray list_of(const base::Json& list) { return list.is_array() ? list.as_array() : base::JsonArray{}; }

LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants,
                           std::vector<db::Query> lookups) {
  static const db::Statement lock("SELECT id FROM product WHERE id = $1 AND deleted_at IS NULL FOR UPDATE");
  static const auto& entity = schema::get("Product");
  query::Selection selection;
  std::vector<db::Query> ahead{{lock, db::Params::of(id)}};
  if (variants == Variants::changed) {
    ahead.push_back(VariantChanges::lock(id));
    VariantChanges::add_relations(selection);
  }
  const auto locks = static_cast<std::ptrdiff_t>(ahead.size());
  for (auto& lookup : lookups) ahead.push_back(std::move(lookup));
  LockedProduct locked;
  locked.tree = query::read_one(call.db(), call.flags, {.entity = &entity, .selection = selection}, id,
                                std::move(ahead), &locked.found);
  if (!locked.tree.first()) throw product_not_found(id);
  locked.found.erase(locked.found.begin(), locked.found.begin() + locks);
  return locked;
}

// Quirk: `options` are told always, ahead of what the body names.
std::vector<std::string> told_of(const base::Json& body, std::initializer_list<const char*> ahead,
                                 std::initializer_list<const char*> behind) {
  std::vector<std::string> names(ahead.begin(), ahead.end());
  names.push_back("options");
  for (const auto& [name, value] : body.as_object())
    if (name != "options") names.push_back(name);
  names.insert(names.end(), behind.begin(), behind.end());
  return names;
}

} // namespace commerce::catalogue
