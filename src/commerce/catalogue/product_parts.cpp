#include "commerce/catalogue/product_parts.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/request_errors.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>

namespace commerce::catalogue {
namespace {

using base::Json;
using Names = std::vector<std::string>;

// The texts of a list, or of one member of its objects, each once and in their order.
Names names_of(const Json& list, std::string_view member = {}) {
  Names names;
  if (!list.is_array()) return names;
  for (const auto& element : list.as_array()) {
    const auto& name = member.empty() ? element : element[member];
    if (!name.is_string()) throw base::Error::invalid_data("each value in images must be a string");
    if (std::find(names.begin(), names.end(), name.as_string()) == names.end()) names.push_back(name.as_string());
  }
  return names;
}

// Whoever is about to make a row of one of these names waits for the others who do. Names that are there need no lock, and the
// others share a thousand: an import makes many in one transaction, and PostgreSQL has room for some thousand locks.
db::Command lock_new_names(const Names& images, const Names& tags, const Names& types) {
  static const db::Statement statement(
      "SELECT pg_advisory_xact_lock(hashtext('stheno.product_parts'), hash) FROM (SELECT DISTINCT hashtext(name) & 1023 AS "
      "hash FROM (SELECT name FROM unnest($1::text[]) AS images (name) WHERE NOT EXISTS (SELECT 1 FROM image WHERE url = "
      "name AND deleted_at IS NULL) UNION ALL SELECT name FROM unnest($2::text[]) AS tags (name) WHERE NOT EXISTS (SELECT 1 "
      "FROM product_tag WHERE value = name AND deleted_at IS NULL) UNION ALL SELECT name FROM unnest($3::text[]) AS types "
      "(name) WHERE NOT EXISTS (SELECT 1 FROM product_type WHERE value = name AND deleted_at IS NULL)) AS names ORDER BY 1) "
      "AS hashes");
  return {statement, db::Params::of(images, tags, types)};
}

// The rows of one lookup: of which kind, its id, its url or value.
std::optional<std::string> id_of(const db::Result& rows, std::string_view kind, std::string_view name) {
  for (int row = 0; row < rows.rows(); ++row)
    if (rows.text(row, 0) == kind && rows.text(row, 2) == name) return std::string(rows.text(row, 1));
  return std::nullopt;
}

// Quirk: a new tag takes the id that the body gives.
std::optional<std::string> own_id(const Json& tags, const std::string& value) {
  for (const auto& tag : tags.as_array())
    if (tag["value"].as_string() == value && tag["id"].is_string()) return tag["id"].as_string();
  return std::nullopt;
}

void refuse_missing_channels(const Names& asked, const db::Result& rows) {
  Names missing;
  for (const auto& id : asked)
    if (!id_of(rows, "channel", id)) missing.push_back(id);
  if (!missing.empty()) throw base::RequestErrors({"Sales Channels " + base::join(missing, ", ") + " do not exist"});
}

} // namespace

ProductParts::ProductParts(const Json& body, std::string_view product_id)
    : body_(&body), product_id_(product_id), images_(names_of(body["images"])), tags_(names_of(body["tags"], "value")) {
}

std::optional<std::string> ProductParts::first_image() const {
  return images_.empty() ? std::nullopt : std::optional(images_.front());
}

db::Batch::Slot ProductParts::look_up(db::Batch& batch) const {
  // Of images also when they were made, whether this product has them, and whether another has.
  static const std::string all_shops =
      "SELECT 'image', i.id, i.url, i.created_at, EXISTS (SELECT 1 FROM product_images p WHERE p.image_id = i.id AND "
      "p.product_id = $4), EXISTS (SELECT 1 FROM product_images p WHERE p.image_id = i.id AND p.product_id <> $4) "
      "FROM image i WHERE i.url = ANY($1) AND i.deleted_at IS NULL UNION ALL "
      "SELECT 'tag', id, value, null, null, null FROM product_tag WHERE value = ANY($2) AND deleted_at IS NULL UNION ALL "
      "SELECT 'type', id, value, null, null, null FROM product_type WHERE value = ANY($3) AND deleted_at IS NULL";
  static const db::Statement parts(all_shops);
  static const db::Statement parts_and_channels(
      all_shops + " UNION ALL SELECT 'channel', id, id, null, null, null FROM sales_channel "
                  "WHERE id = ANY($5) AND deleted_at IS NULL");
  const auto& type = (*body_)["type"];
  Names types;
  if (type.is_object()) types.push_back(type["value"].as_string());
  const auto channels = names_of((*body_)["sales_channels"], "id");
  auto params = db::Params::of(images_, tags_, types, product_id_);
  batch.add(lock_new_names(images_, tags_, types));
  if (channels.empty()) return batch.add({parts, std::move(params)});
  return batch.add({parts_and_channels, std::move(params.add(channels))});
}

// The ids of the images, whose times ascend in the order that was sent: readers go by those (see the entity). An image that
// stands too early gets a later time, or a row of its own for this product where another product has it too.
Names ProductParts::ordered_images(const db::Result& rows) {
  using namespace std::chrono;
  // 1. Those that are there, by url; of several the product's own one.
  std::map<std::string_view, int> known;
  for (int row = 0; row < rows.rows(); ++row) {
    if (rows.text(row, 0) != "image") continue;
    const auto [at, is_new] = known.emplace(rows.text(row, 2), row);
    if (!is_new && rows.boolean(row, 4)) at->second = row;
  }
  std::vector<std::optional<base::Instant>> made;
  for (const auto& url : images_) {
    const auto found = known.find(url);
    made.push_back(found == known.end() ? std::nullopt : base::parse_postgres_time(rows.text(found->second, 3)));
  }
  // 2. A new one would be made now, or right before the next that is there.
  std::vector<base::Instant> fitting(made.size());
  auto next_made = base::now();
  for (auto at = made.size(); at-- > 0; next_made = made[at].value_or(fitting[at]))
    fitting[at] = next_made - milliseconds(1);
  // 3. Each comes after the one ahead of it. Behind one that is written all are, where that is this product's business alone:
  // so the rows lie in that order too, by which the real Medusa goes.
  Names ids;
  base::Instant latest{};
  bool written = false;
  for (std::size_t at = 0; at < images_.size(); ++at) {
    const int row = made[at] ? known.find(images_[at])->second : -1;
    const bool shared = made[at] && rows.boolean(row, 5);
    const bool fits = made[at] && *made[at] > latest;
    ids.emplace_back(made[at] && (fits || !shared) ? std::string(rows.text(row, 1)) : base::make_id("img"));
    if (fits && (shared || !written)) {
      latest = *made[at];
      continue;
    }
    latest = floor<milliseconds>(std::max(latest + milliseconds(1), made[at] && !shared ? *made[at] : fitting[at]));
    written_images_.push_back(
        base::JsonObject{{"id", ids.back()}, {"url", images_[at]}, {"created_at", base::iso_time(latest)}});
    written = true;
  }
  return ids;
}

void ProductParts::found(const db::Result& rows) {
  const auto& body = *body_;
  const auto channels = names_of(body["sales_channels"], "id");
  refuse_missing_channels(channels, rows);
  // The ids of these names; of those that are not there a row is added to `made`.
  const auto ids_of = [&](const Names& names, std::string_view kind, std::string_view prefix, std::string_view column,
                          base::JsonArray& made) {
    Names ids;
    for (const auto& name : names) {
      auto id = id_of(rows, kind, name);
      if (!id) {
        id = kind == "tag" ? own_id(body["tags"], name) : std::nullopt;
        if (!id) id = base::make_id(prefix);
        made.push_back(base::JsonObject{{"id", *id}, {std::string(column), name}});
      }
      ids.push_back(*id);
    }
    return ids;
  };
  if (body["images"].is_array()) links_.push_back({"product_images", "image_id", ordered_images(rows), Relink::all});
  if (body["tags"].is_array())
    links_.push_back({"product_tags", "product_tag_id", ids_of(tags_, "tag", "ptag", "value", new_tags_)});
  if (body.has("sales_channels")) links_.push_back({"product_sales_channel", "sales_channel_id", channels});
  if (body.has("categories"))
    links_.push_back({"product_category_product", "product_category_id", names_of(body["categories"], "id")});
  if (const auto& type = body["type"]; type.is_object())
    type_id_ = ids_of({type["value"].as_string()}, "type", "ptyp", "value", new_types_).front();
  else if (type.is_null())
    type_id_ = nullptr;
}

std::vector<db::Command> ProductParts::made() {
  std::vector<db::Command> writes;
  // One by one in their order, whether they are there or not.
  static const db::Statement images(
      "INSERT INTO image (id, url, created_at) SELECT id, url, created_at FROM jsonb_to_recordset($1) AS r (id text, url "
      "text, created_at timestamptz) ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, updated_at = now()");
  if (!written_images_.empty()) writes.push_back({images, db::Params::of(base::Json(written_images_))});
  if (!new_tags_.empty()) writes.push_back(query::insert(schema::get("ProductTag"), new_tags_));
  if (!new_types_.empty()) writes.push_back(query::insert(schema::get("ProductType"), new_types_));
  return writes;
}

std::vector<db::Command> ProductParts::links(std::string_view product_id) const {
  std::vector<db::Command> writes;
  for (const auto& link : links_) {
    if (link.relink == Relink::all)
      writes.push_back(query::unlink(link.table, "product_id", product_id));
    else
      writes.push_back({db::Statement("DELETE FROM " + std::string(link.table) + " WHERE product_id = $1 AND " +
                                      std::string(link.column) + " <> ALL($2)"),
                        db::Params::of(product_id, link.ids)});
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& id : link.ids) pairs.emplace_back(product_id, id);
    if (!pairs.empty()) writes.push_back(query::link(link.table, "product_id", link.column, pairs));
  }
  return writes;
}

} // namespace commerce::catalogue
