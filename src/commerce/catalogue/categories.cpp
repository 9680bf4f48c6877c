// Categories, as a storefront sees their tree (what is active and not internal) and as an admin does (all of it).
// Medusa 1.20: ProductCategoryService and its tree repository.
#include "commerce/catalogue/category_edit.hpp"
#include "commerce/catalogue/category_tree.hpp"
#include "commerce/catalogue/taxonomy.hpp"
#include "commerce/products_exist.hpp"
#include "commerce/storefront.hpp"
#include "commerce/watched.hpp"
#include "http/described.hpp"
#include "http/resource.hpp"

namespace commerce::catalogue {
namespace {

using http::By;
using http::Context;
using http::Is;
using query::Operator;
using enum http::Presence;

// --- lists ---------------------------------------------------------------------------------------------------------

// The parent and the children of a category show the category's own columns, children by rank.
void like_the_root(query::Selection& selection, std::string_view where) {
  for (const std::string_view name : {"parent_category", "category_children"}) {
    auto* child = selection.child(name);
    if (!child) continue;
    child->where = where;
    child->selection.fields = selection.fields;
    if (name == "category_children") child->order_by = "t.rank ASC, t.handle ASC";
  }
}

const std::vector<query::Order> kInPlace{{"rank", false}, {"handle", false}};

// `where`: which categories count.
void prepare_list(Context& context, query::Read& read, std::string_view where) {
  const auto& parent = context.query()["parent_category_id"];
  if (parent.is_string()) {
    if (parent.as_string() == "null")
      read.where.push_back({"parent_category_id", Operator::is_null, {}});
    else
      read.where.push_back({"parent_category_id", Operator::equal, {parent.as_string()}});
  }
  // Quirk: a search takes no notice of the filter by handle.
  const auto& handle = context.query()["handle"];
  if (handle.is_string() && !context.query()["q"].truthy())
    read.where.push_back({"handle", Operator::equal, {handle.as_string()}});
  like_the_root(read.selection, where);
}

void prepare_public(Context& context, const query::Wanted&, query::Read& read) {
  read.where.push_back({std::string(kPublicCategory), Operator::sql, {}});
  // Quirk: `order` is checked and ignored.
  read.order = kInPlace;
  prepare_list(context, read, kPublicCategory);
  show_only_public(*read.entity, read.selection);
}

void prepare_all(Context& context, const query::Wanted&, query::Read& read) { prepare_list(context, read, {}); }

void add_trees(Context& context, const query::Tree& tree, Level deeper) {
  if (!context.query()["include_descendants_tree"].truthy()) return;
  const auto roots = tree.rows<table::ProductCategory>();
  const auto found = CategoryTree::below(context.call, roots);
  for (const auto& root : roots) root.compute("category_children", found.children_of(root.id(), Level::all, deeper));
}

// Quirk: with the whole tree asked for, a list's first level shows categories that are internal or inactive too.
void add_public_trees(Context& context, const query::Wanted&, const query::Tree& tree) {
  add_trees(context, tree, Level::only_public);
}

void add_whole_trees(Context& context, const query::Wanted&, const query::Tree& tree) {
  add_trees(context, tree, Level::all);
}

// --- one -----------------------------------------------------------------------------------------------------------

void prepare_public_one(Context&, const query::Wanted&, query::Read& read) {
  read.where.push_back({std::string(kPublicCategory), Operator::sql, {}});
  like_the_root(read.selection, kPublicCategory);
  show_only_public(*read.entity, read.selection);
  // The whole tree takes the place of the children.
  std::erase_if(read.selection.children, [](const auto& child) { return child.relation == "category_children"; });
}

void add_public_tree(Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  if (!wanted.has_relation("category_children") || !tree.first()) return;
  const auto found = CategoryTree::below(context.call, tree.rows<table::ProductCategory>());
  const auto root = *tree.first();
  root.compute("category_children",
               found.children_of(root.id(), Level::only_public, Level::only_public, &wanted.selection.fields));
}

void add_whole_tree(ports::Call& call, const query::Tree& tree) {
  const auto found = CategoryTree::below(call, tree.rows<table::ProductCategory>());
  const auto root = *tree.first();
  root.compute("category_children", found.children_of(root.id(), Level::all, Level::all));
}

// Quirk: fields and expand are checked and ignored.
void prepare_whole_one(Context&, const query::Wanted&, query::Read& read) {
  read.selection = query::select({}, {"parent_category"});
}

void show_whole_tree(Context& context, const query::Wanted&, const query::Tree& tree) {
  add_whole_tree(context.call, tree);
}

// --- changes -------------------------------------------------------------------------------------------------------

const http::Rules kFind{{{"expand", Is::string, optional}, {"fields", Is::string, optional}}};
const query::Grammar kShown{.fields = {"id", "name", "description", "handle", "is_active", "is_internal", "rank",
                                       "parent_category_id", "created_at", "updated_at", "metadata"},
                            .relations = {"parent_category", "category_children"},
                            .allowed_relations = {"parent_category", "category_children"}};
// The children come with the whole tree, asked for or not.
const query::Grammar kChanged{
    .fields = kShown.fields, .relations = {"parent_category"}, .allowed_relations = kShown.allowed_relations};

const http::Rules kCreate{{{"name", Is::string, not_empty_first},
                           {"metadata", Is::object, optional},
                           {"description", Is::string, defaulted},
                           {"handle", Is::string, optional},
                           {"is_internal", Is::boolean, optional},
                           {"is_active", Is::boolean, optional},
                           {"parent_category_id", Is::string, optional}}};
const http::Rules kUpdate{.rows = {{"name", Is::string, optional},
                                   {"handle", Is::filled_string, optional},
                                   {"rank", Is::not_negative_integer, optional},
                                   {"metadata", Is::object, optional},
                                   {"description", Is::string, defaulted},
                                   {"is_internal", Is::boolean, optional},
                                   {"is_active", Is::boolean, optional},
                                   {"parent_category_id", Is::string, optional}},
                          .of = "ProductCategory"};
const http::Rules kProducts{{{"product_ids", Is::array, required, &http::kWithId}}};

query::Selection wanted(const Context& context) {
  return query::resolve(schema::get("ProductCategory"), context.call.flags, kChanged, context.query(), query::Many::no)
      .selection;
}

void answer(Context& context, const query::Tree& tree) {
  add_whole_tree(context.call, tree);
  context.json(http::one_json("product_category", *tree.first()));
}

void create(Context& context) { answer(context, create_category(context.call, context.body(), wanted(context))); }

void update(Context& context) {
  answer(context, update_category(context.call, context.param("id"), context.body(), wanted(context)));
}

void remove(Context& context) {
  const auto& id = context.param("id");
  remove_category(context.call, id);
  context.json(base::JsonObject{{"id", id}, {"object", "product-category"}, {"deleted", true}});
}

// --- routes --------------------------------------------------------------------------------------------------------

http::Resource categories(std::string_view path) {
  return http::Resource{.path = path,
                        .entity = "ProductCategory",
                        .one = "product_category",
                        .many = "product_categories",
                        .filters = {{"handle", By::ignored}, {"parent_category_id", By::ignored}},
                        .search = "t.name ILIKE $? OR t.handle ILIKE $?",
                        .unfiltered = {{"include_descendants_tree", Is::boolean_text, optional}},
                        .limit = 100};
}

http::Routes store_routes_of_categories() {
  auto list = categories("/store/product-categories");
  list.not_found = "ProductCategory with id: {id}, is_internal: false, is_active: true was not found";
  list.read.fields = list.read.allowed_fields = {
      "id", "name", "description", "handle", "parent_category_id", "created_at", "updated_at", "rank", "metadata"};
  list.read.relations = kShown.relations;
  list.paged = http::Paged::page_first;
  list.kept = http::Kept::while_catalogue_unchanged;
  list.shown_products = shown_products;
  auto one = list;
  list.prepare = prepare_public;
  list.decorate = add_public_trees;
  one.prepare_one = prepare_public_one;
  one.decorate = add_public_tree;
  auto routes = list.list().routes();
  const auto more = one.retrieve().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

http::Routes admin_routes_of_categories() {
  using enum http::Method;
  constexpr auto flag = schema::Flag::product_categories;
  auto list = categories("/admin/product-categories");
  list.not_found = "ProductCategory with id: {id} was not found";
  list.read = kShown;
  list.paged = http::Paged::count_first;
  list.auth = http::Auth::admin;
  list.flag = flag;
  list.kept = http::Kept::while_catalogue_unchanged;
  list.shown_products = shown_products;
  auto one = list;
  list.order = kInPlace;
  list.filters.insert(list.filters.end(), {{"is_internal", By::text}, {"is_active", By::text}});
  list.prepare = prepare_all;
  list.decorate = add_whole_trees;
  one.prepare_one = prepare_whole_one;
  one.decorate = show_whole_tree;
  const http::Link products{.path = "/products/batch",
                            .ids = "product_ids",
                            .table = "product_category_product",
                            .own_column = "product_category_id",
                            .other_column = "product_id",
                            .body = kProducts,
                            .hook = refuse_unknown_products,
                            .shows = kChanged,
                            .query = http::QueryUse::read};
  auto routes = list.list().routes();
  const auto more = one.retrieve().link(products).unlink(products).routes();
  routes.insert(routes.end(), more.begin(), more.end());
  constexpr auto admin = http::Auth::admin;
  const auto shown = http::shows_one("product_category", "ProductCategory", kChanged);
  for (auto route : {http::Route{post, "/admin/product-categories", create, admin, &kFind, &kCreate, flag},
                     http::Route{post, "/admin/product-categories/:id", update, admin, &kFind, &kUpdate, flag}}) {
    route.described = shown;
    routes.push_back(std::move(route));
  }
  routes.push_back({del, "/admin/product-categories/:id", remove, admin, nullptr, nullptr, flag});
  return routes;
}

} // namespace

http::Routes category_routes() {
  auto all = store_routes_of_categories();
  const auto more = admin_routes_of_categories();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace commerce::catalogue
