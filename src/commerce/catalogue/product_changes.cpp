#include "commerce/catalogue/product_changes.hpp"
#include "base/error.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/variant_changes.hpp"
#include "db/batch.hpp"

namespace commerce::catalogue {

base::JsonArray list_of(const base::Json& list) { return list.is_array() ? list.as_array() : base::JsonArray{}; }

db::Batch locks_of_product(const std::string& id, Variants variants) {
  static const db::Statement lock("SELECT id FROM product WHERE id = $1 AND deleted_at IS NULL FOR UPDATE");
  db::Batch locks;
  locks.add({lock, db::Params::of(id)});
  if (variants == Variants::changed) locks.add(VariantChanges::lock(id));
  return locks;
}

LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants, db::Batch& locks) {
  static const auto& entity = schema::get("Product");
  query::Selection selection;
  if (variants == Variants::changed) VariantChanges::add_relations(selection);
  LockedProduct locked{query::read_one(call.db(), call.flags, {.entity = &entity, .selection = selection}, id, locks)};
  if (!locked.tree.first()) throw product_not_found(id);
  return locked;
}

LockedProduct lock_product(ports::Call& call, const std::string& id, Variants variants) {
  auto locks = locks_of_product(id, variants);
  return lock_product(call, id, variants, locks);
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
