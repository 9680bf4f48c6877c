#include "commerce/catalogue/category_tree.hpp"

namespace commerce::catalogue {
namespace {

constexpr int kDeepest = 64; // levels; ends what a row that is its own ancestor would make endless

base::Json picked(const base::Json& row, const std::vector<std::string>& fields) {
  base::Json some = base::Json::object();
  for (const auto& name : fields)
    if (row.has(name)) some.set(name, row[name]);
  return some;
}

} // namespace

CategoryTree CategoryTree::below(ports::Call& call, const std::vector<query::RowOf<table::ProductCategory>>& roots) {
  std::vector<std::string> ids;
  for (const auto& root : roots) ids.emplace_back(root.id());
  query::Read read{.entity = &schema::get("ProductCategory")};
  read.where = {
      {"EXISTS (SELECT 1 FROM product_category r WHERE r.id = ANY($?::text[]) AND r.id <> t.id AND r.mpath <> '' "
       "AND starts_with(t.mpath, r.mpath))",
       query::Operator::sql,
       {db::array_literal(ids)}}};
  read.order = {{"rank", false}, {"handle", false}};
  CategoryTree found;
  found.tree_ = query::read(call.db(), call.flags, read);
  for (const auto& row : found.tree_.rows<table::ProductCategory>())
    found.by_parent_.emplace(row.str("parent_category_id"), row);
  return found;
}

base::Json CategoryTree::children_of(std::string_view parent, Level level, Level deeper,
                                     const std::vector<std::string>* fields) const {
  return children_of(parent, level, deeper, fields, 0);
}

base::Json CategoryTree::children_of(std::string_view parent, Level level, Level deeper,
                                     const std::vector<std::string>* fields, int depth) const {
  base::JsonArray children;
  if (depth == kDeepest) return children;
  const auto [begin, end] = by_parent_.equal_range(parent);
  for (auto at = begin; at != end; ++at) {
    const auto& row = at->second;
    if (level == Level::only_public && (!row.boolean("is_active") || row.boolean("is_internal"))) continue;
    base::Json child = query::row_value(row);
    if (fields) child = picked(child, *fields);
    child.set("category_children", children_of(row.id(), deeper, deeper, fields, depth + 1));
    children.push_back(std::move(child));
  }
  return children;
}

} // namespace commerce::catalogue
