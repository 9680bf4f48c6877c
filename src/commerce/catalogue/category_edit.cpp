#include "commerce/catalogue/category_edit.hpp"
#include "base/ids.hpp"
#include "base/kebab_case.hpp"
#include "base/metadata.hpp"
#include "commerce/catalogue/tables.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <optional>

namespace commerce::catalogue {

using base::Error;
using base::Json;

namespace {

const schema::Entity& categories() {
  static const auto& entity = schema::get("ProductCategory");
  return entity;
}

db::Command lock_the_tree() {
  static const db::Statement statement(
      "SELECT pg_advisory_xact_lock(hashtext('stheno'), hashtext('product_category'))");
  return statement;
}

// --- ranks ---------------------------------------------------------------------------------------------------------

constexpr std::int64_t kLast = 999'999'999; // a rank behind all others

// Puts category $1 among the children of $3 at rank $4, and numbers these and those of its old parent $2 from 0 on; without
// the category it numbers the children alone. A parent and a rank are unique together and checked row by row, so the new
// ranks are written above all others first and then moved down.
std::vector<db::Command> place(std::string_view id, const std::optional<std::string>& old_parent,
                               const std::optional<std::string>& parent, std::int64_t rank) {
  static const db::Statement above(
      "WITH sibling AS (SELECT c.id, c.parent_category_id AS parent, row_number() OVER (PARTITION BY c.parent_category_id "
      "ORDER BY c.rank, c.handle, c.id) - 1 AS rank FROM product_category c WHERE c.id <> $1 AND (c.parent_category_id = $2 "
      "OR c.parent_category_id = $3 OR (c.parent_category_id IS NULL AND ($2::text IS NULL OR $3::text IS NULL)))), "
      "placed AS (SELECT id, parent, rank + CASE WHEN parent IS NOT DISTINCT FROM $3 AND rank >= $4::int THEN 1 ELSE 0 END "
      "AS rank FROM sibling UNION ALL SELECT id, $3::text, least($4::int, (SELECT count(*) FROM sibling WHERE parent IS NOT "
      "DISTINCT FROM $3)) FROM product_category WHERE id = $1) "
      "UPDATE product_category t SET parent_category_id = p.parent, rank = 1000000000 + p.rank, updated_at = now() "
      "FROM placed p WHERE t.id = p.id AND (t.rank <> p.rank OR t.parent_category_id IS DISTINCT FROM p.parent)");
  static const db::Statement down("UPDATE product_category SET rank = rank - 1000000000 WHERE rank >= 1000000000");
  return {{above, db::Params::of(id, old_parent, parent, std::min(rank, kLast))}, down};
}

// --- paths ---------------------------------------------------------------------------------------------------------

struct Parent {
  std::optional<std::string> id; // none: a root
  std::string mpath;
};

std::string path_of(std::string_view id, const Parent& parent) { return parent.mpath + std::string(id) + "."; }

// Of the category and all that is below it.
db::Command move_paths(std::string_view id, std::string_view from, std::string_view to) {
  static const db::Statement statement(
      "UPDATE product_category SET mpath = CASE WHEN id = $1 THEN $3 ELSE $3 || substr(mpath, length($2) + 1) END WHERE id = "
      "$1 OR ($2 <> '' AND starts_with(mpath, $2))");
  return {statement, db::Params::of(id, from, to)};
}

// --- bodies --------------------------------------------------------------------------------------------------------

// Where the body wants the category: nothing said, at the root, or below another.
std::optional<std::optional<std::string>> wanted_parent(const Json& body) {
  const Json& parent = body["parent_category_id"];
  if (parent.is_undefined()) return {};
  if (!parent.truthy() || parent.as_string() == "null") return std::optional<std::string>();
  return std::optional<std::string>(parent.as_string());
}

// What the body says of the category's own columns.
Json columns_of(const Json& body) {
  Json row = Json::object();
  for (const std::string_view name : {"name", "description", "handle", "is_active", "is_internal", "metadata"})
    if (body.has(name)) row.set(name, body[name]);
  return row;
}

db::Command find_path(const std::optional<std::string>& parent) {
  static const db::Statement statement("SELECT mpath FROM product_category WHERE id = $1");
  return {statement, db::Params::of(parent)};
}

Parent found_parent(const std::optional<std::string>& id, const db::Result& path) {
  if (!id) return {};
  if (path.empty()) throw no_category(*id);
  return {id, std::string(path.text(0, 0))};
}

query::Tree read_back(ports::Call& call, std::string_view id, const query::Selection& selection,
                      std::vector<db::Command> writes) {
  return query::read_one(call.db(), call.flags, {.entity = &categories(), .selection = selection}, id,
                         std::move(writes));
}

} // namespace

Error no_category(std::string_view id) {
  return Error::not_found("ProductCategory with id: " + std::string(id) + " was not found");
}

// Medusa 1.20: ProductCategoryService.create
query::Tree create_category(ports::Call& call, const Json& body, const query::Selection& selection) {
  static const db::Statement next_rank(
      "SELECT coalesce(greatest(count(*), max(rank) + 1), 0) FROM product_category WHERE parent_category_id = $1 OR "
      "(parent_category_id IS NULL AND $1::text IS NULL)");
  return call.atomic([&] {
    // 1. Its place: behind the children that its parent has. 1.20 counts all categories where no parent is named.
    const auto parent_id = wanted_parent(body).value_or(std::nullopt);
    db::Batch batch;
    batch.add(lock_the_tree());
    const auto rank = batch.add({next_rank, db::Params::of(parent_id)});
    const auto path_of_parent = batch.add(find_path(parent_id));
    batch.run(call.db());
    const Parent parent = found_parent(parent_id, *path_of_parent);
    // 2. The row.
    Json row = columns_of(body);
    if (!row["handle"].truthy()) row.set("handle", base::kebab_case(body["name"].as_string()));
    const std::string id = base::make_id(categories().prefix);
    row.set("id", id);
    row.set("parent_category_id", parent.id);
    row.set("rank", rank->integer(0, 0));
    row.set("mpath", path_of(id, parent));
    std::vector<db::Command> writes{query::insert(categories(), row)};
    call.emit("product-category.created", base::JsonObject{{"id", id}});
    return read_back(call, id, selection, std::move(writes));
  });
}

// Medusa 1.20: ProductCategoryService.update
query::Tree update_category(ports::Call& call, std::string_view id, const Json& body,
                            const query::Selection& selection) {
  return call.atomic([&] {
    // 1. Load it, and the parent that it shall have.
    const auto wanted = wanted_parent(body);
    query::Selection columns;
    for (const auto& column : categories().columns) columns.fields.emplace_back(column.name);
    db::Batch ahead;
    ahead.add(lock_the_tree());
    const auto path_of_parent = ahead.add(find_path(wanted.value_or(std::nullopt)));
    const auto tree =
        query::read_one(call.db(), call.flags,
                        {.entity = &categories(), .selection = std::move(columns), .for_update = true}, id, ahead);
    if (!tree.first()) throw no_category(id);
    const auto category = *tree.first<table::ProductCategory>();
    const auto old_parent = category.optional_text("parent_category_id");
    const Parent parent = found_parent(wanted.value_or(std::nullopt), *path_of_parent);
    const bool moves = wanted && parent.id != old_parent;
    // 2. Its own columns. Quirk: metadata is replaced, not merged.
    Json changes = columns_of(body);
    const Json before = query::row_value(category);
    for (const auto& [name, value] : base::JsonObject(changes.as_object()))
      if (base::same_value(value, before[name])) changes.erase(name);
    std::vector<db::Command> writes;
    if (changes.size()) writes.push_back(query::update(categories(), id, changes));
    // 3. Its place. 1.20 would let it vanish below itself.
    const Json& rank = body["rank"];
    if (moves) {
      const std::string path = category.str("mpath");
      if (parent.id == id || (!path.empty() && parent.mpath.starts_with(path)))
        throw Error::invalid_data("A category can't be moved below itself");
      writes.push_back(move_paths(id, path, path_of(id, parent)));
    }
    if (moves || (rank.is_number() && rank.as_int() != category.integer("rank")))
      for (auto& write :
           place(id, old_parent, moves ? parent.id : old_parent, rank.is_number() ? rank.as_int() : kLast))
        writes.push_back(std::move(write));
    call.emit("product-category.updated", base::JsonObject{{"id", id}});
    return read_back(call, id, selection, std::move(writes));
  });
}

// Medusa 1.20: ProductCategoryService.delete
void remove_category(ports::Call& call, std::string_view id) {
  static const db::Statement find(
      "SELECT parent_category_id, EXISTS (SELECT 1 FROM product_category c WHERE c.parent_category_id = t.id) FROM "
      "product_category t WHERE id = $1 FOR UPDATE");
  call.atomic([&] {
    db::Batch batch;
    batch.add(lock_the_tree());
    const auto category = batch.add({find, db::Params::of(id)});
    batch.run(call.db());
    if (category->empty()) return;
    if (category->boolean(0, 1))
      throw Error::not_allowed("Deleting ProductCategory (" + std::string(id) +
                               ") with category children is not allowed");
    const auto parent = category->optional_text(0, 0);
    call.write_last(query::remove(categories(), {std::string(id)}));
    for (auto& write : place(id, parent, parent, kLast)) call.write_last(std::move(write));
    call.emit("product-category.deleted", base::JsonObject{{"id", id}});
  });
}

} // namespace commerce::catalogue
