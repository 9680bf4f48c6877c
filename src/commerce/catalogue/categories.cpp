// The tree of categories, as a storefront sees it: what is active and not internal.
// Medusa 1.20: ProductCategoryService and its tree repository. A page's descendants are one more statement, by mpath.
#include "commerce/catalogue/taxonomy.hpp"
#include "base/error.hpp"
#include "http/resource.hpp"
#include <map>
#include <optional>

namespace commerce::catalogue {
namespace {

using query::Operator;

constexpr int kDeepest = 64; // levels; ends what a row that is its own ancestor would make endless
constexpr std::string_view kPublic = "t.is_active AND NOT t.is_internal";

// The parent and the children of a category show the category's own columns, children by rank.
void like_the_root(query::Selection& selection) {
  for (const std::string_view name : {"parent_category", "category_children"}) {
    auto* child = selection.child(name);
    if (!child) continue;
    child->where = kPublic;
    child->selection.fields = selection.fields;
    if (name == "category_children") child->order_by = "t.rank ASC, t.handle ASC";
  }
}

void prepare_list(http::Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({std::string(kPublic), Operator::sql, {}});
  const auto& parent = context.query()["parent_category_id"];
  if (parent.is_string()) {
    if (parent.as_string() == "null")
      read.where.push_back({"parent_category_id", Operator::is_null, {}});
    else
      read.where.push_back({"parent_category_id", Operator::equal, {parent.as_string()}});
  }
  // Quirk: `order` is checked and ignored.
  read.order = {{"rank", false}, {"handle", false}};
  // Quirk: a search takes no notice of the filter by handle.
  const auto& handle = context.query()["handle"];
  if (handle.is_string() && !context.query()["q"].truthy())
    read.where.push_back({"handle", Operator::equal, {handle.as_string()}});
  like_the_root(read.selection);
}

// --- descendants ---------------------------------------------------------------------------------------------------

struct Descendants {
  query::Tree tree;
  std::multimap<std::string, query::Row, std::less<>> by_parent; // in the order of the read
};

Descendants load_descendants(http::Context& context, const std::vector<query::Row>& roots) {
  std::vector<std::string> ids;
  for (const auto& root : roots) ids.emplace_back(root.id());
  query::Read read{.entity = &schema::get("ProductCategory")};
  read.where = {{"EXISTS (SELECT 1 FROM product_category r WHERE r.id = ANY($?::text[]) AND r.id <> t.id AND r.mpath <> '' "
                 "AND starts_with(t.mpath, r.mpath))",
                 Operator::sql,
                 {db::array_literal(ids)}}};
  read.order = {{"rank", false}, {"handle", false}};
  Descendants found{query::read(context.call.db(), context.call.flags, read), {}};
  for (const auto& row : found.tree.rows()) found.by_parent.emplace(row.str("parent_category_id"), row);
  return found;
}

// Which descendants of a level count, and what they show (null: every column).
enum class Level { all, only_public };
base::Json children_of(const Descendants& all, std::string_view parent, Level level,
                       const std::vector<std::string>* fields, int depth = 0) {
  base::JsonArray children;
  if (depth == kDeepest) return children;
  const auto [begin, end] = all.by_parent.equal_range(parent);
  for (auto at = begin; at != end; ++at) {
    const auto& row = at->second;
    if (level == Level::only_public && (!row.boolean("is_active") || row.boolean("is_internal"))) continue;
    base::Json child = query::row_value(row);
    if (fields) {
      base::Json picked = base::Json::object();
      for (const auto& name : *fields)
        if (child.has(name)) picked.set(name, child[name]);
      child = std::move(picked);
    }
    child.set("category_children", children_of(all, row.id(), Level::only_public, fields, depth + 1));
    children.push_back(std::move(child));
  }
  return children;
}

// Quirk: with the whole tree asked for, a list's first level shows categories that are internal or inactive too.
void decorate_list(http::Context& context, const query::Wanted&, const query::Tree& tree) {
  if (context.query().has("include_descendants_tree") && context.query()["include_descendants_tree"].truthy()) {
    const auto found = load_descendants(context, tree.rows());
    for (const auto& root : tree.rows())
      root.compute("category_children", children_of(found, root.id(), Level::all, nullptr));
  }
}

void prepare_one(http::Context&, const query::Wanted&, query::Read& read) {
  read.where.push_back({std::string(kPublic), Operator::sql, {}});
  like_the_root(read.selection);
  // The whole tree takes the place of the children.
  std::erase_if(read.selection.children, [](const auto& child) { return child.relation == "category_children"; });
}

void decorate_one(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  if (!wanted.has_relation("category_children") || !tree.first()) return;
  const auto found = load_descendants(context, tree.rows());
  const auto root = *tree.first();
  root.compute("category_children", children_of(found, root.id(), Level::only_public, &wanted.selection.fields));
}

} // namespace

http::Routes category_routes() {
  using http::By;
  const std::vector<std::string> fields{"id",         "name",       "description", "handle", "parent_category_id",
                                        "created_at", "updated_at", "rank",        "metadata"};
  http::Resource row{.path = "/store/product-categories",
                     .entity = "ProductCategory",
                     .one = "product_category",
                     .many = "product_categories",
                     .not_found = "ProductCategory with id: {id}, is_internal: false, is_active: true was not found",
                     .read = {.fields = fields,
                              .relations = {"parent_category", "category_children"},
                              .allowed_fields = fields},
                     .filters = {{"handle", By::ignored}, {"parent_category_id", By::ignored}},
                     .search = "t.name ILIKE $? OR t.handle ILIKE $?",
                     .unfiltered = {{"include_descendants_tree", http::Is::boolean_text, http::Presence::optional}},
                     .limit = 100,
                     .paged = http::Paged::page_first,
                     .kept = http::Kept::while_catalogue_unchanged,
                     .prepare = prepare_list,
                     .decorate = decorate_list};
  http::Resource one = row;
  one.prepare_one = prepare_one;
  one.decorate = decorate_one;
  auto all = row.list().routes();
  const auto more = one.retrieve().routes();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace commerce::catalogue
