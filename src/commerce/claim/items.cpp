#include "commerce/claim/items.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>
#include <set>

namespace commerce::claim {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// Rows by their ids; looks at `rows`, which must outlive it.
template<class Table> class ById {
 public:
  explicit ById(const std::vector<RowOf<Table>>& rows) {
    for (const auto& row : rows) rows_.emplace(row.id(), &row);
  }
  const RowOf<Table>* find(std::string_view id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string_view, const RowOf<Table>*> rows_;
};

// Medusa 1.20: a tag's value without spaces around it, in small letters.
std::string tag_value(std::string_view text) { return base::lower(base::trim(text)); }

// The tags of those values, each found or made. Whoever is about to make one waits for the others who do, so that a value has
// one tag (1.20 makes two of two admins').
class Tags {
 public:
  Tags(Call& call, const std::set<std::string>& values, const Texts& ids = {}) {
    if (values.empty() && ids.empty()) return;
    static const db::Statement lock(
        "SELECT pg_advisory_xact_lock(hashtext('stheno.claim_tags'), hash) FROM (SELECT DISTINCT hashtext(value) AS hash "
        "FROM unnest($1::text[]) AS names (value) ORDER BY 1) AS hashes");
    static const db::Statement look(
        "SELECT id, value FROM claim_tag WHERE deleted_at IS NULL AND "
        "(value = ANY($1::text[]) OR id = ANY($2::text[])) ORDER BY created_at DESC, id DESC");
    const Texts wanted(values.begin(), values.end());
    db::Batch batch;
    batch.add({lock, db::Params::of(wanted)});
    const auto tags = batch.add({look, db::Params::of(wanted, ids)});
    batch.run(call.db());
    for (int row = 0; row < tags->rows(); row++) {
      ids_[std::string(tags->text(row, 1))] = tags->text(row, 0);
      known_.insert(std::string(tags->text(row, 0)));
    }
    base::JsonArray made;
    for (const auto& value : wanted) {
      if (ids_.contains(value)) continue;
      ids_[value] = base::make_id("ctag");
      made.push_back(base::JsonObject{{"id", ids_[value]}, {"value", value}});
    }
    if (!made.empty()) call.write_last(query::insert(schema::get("ClaimTag"), made));
  }
  const std::string& id_of(const std::string& value) const { return ids_.at(value); }
  bool known(const std::string& id) const { return known_.contains(id); }

 private:
  std::map<std::string, std::string> ids_; // by value
  std::set<std::string> known_;
};

void link_tags(Call& call, Pairs pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  if (!pairs.empty()) call.write_last(query::link("claim_item_tags", "item_id", "tag_id", pairs));
}

// The line item of the order that is claimed. Throws where so many of it can't be.
const RowOf<table::LineItem>& claimable(const ById<table::LineItem>& lines, const WishedItem& wished,
                                        std::int64_t in_all) {
  const auto* line = lines.find(wished.item_id);
  if (!line) throw Error::not_found("Line item with " + wished.item_id + " was not found");
  if (line->is_null("variant_id")) throw Error::not_allowed("Cannot claim a custom line item");
  if (line->optional_integer("fulfilled_quantity").value_or(0) < in_all)
    throw Error::not_allowed("Cannot claim more of an item than has been fulfilled.");
  return *line;
}

// The id that an element of a body names; empty without one.
std::string id_in(const Json& element) { return element["id"].is_string() ? element["id"].as_string() : ""; }

// What is asked of one item's tags.
struct WishedTags {
  Texts ids{}, values{};
};
WishedTags tags_in(const Json& change) {
  WishedTags tags;
  for (const auto& tag : change["tags"].as_array()) {
    if (auto id = id_in(tag); !id.empty())
      tags.ids.push_back(std::move(id));
    else if (tag["value"].is_string())
      tags.values.push_back(tag_value(tag["value"].as_string()));
    else
      throw Error::invalid_data("A tag must have an id or a value");
  }
  return tags;
}

// The pictures of one item: which go, and rows of those that come.
void change_images(const RowOf<table::ClaimItem>& item, const Json& change, Texts& gone, base::JsonArray& made) {
  const auto images = item.many<table::ClaimImage>("images");
  const ById known(images);
  std::set<std::string> kept;
  for (const auto& image : change["images"].as_array()) {
    if (auto id = id_in(image); !id.empty()) {
      if (!known.find(id)) throw Error::not_found("Claim image with id: " + id + " was not found.");
      kept.insert(std::move(id));
    } else if (image["url"].is_string()) {
      made.push_back(base::JsonObject{{"claim_item_id", item.str("id")}, {"url", image["url"]}});
    } else {
      throw Error::invalid_data("An image must have an id or a url");
    }
  }
  for (const auto& image : images)
    if (!kept.contains(image.str("id"))) gone.push_back(image.str("id"));
}

} // namespace

void create_items(Call& call, std::string_view claim_id, const std::vector<RowOf<table::LineItem>>& lines,
                  const std::vector<WishedItem>& wished) {
  // 1. What is claimed must have been sent. Units of one line item add up.
  const ById by_id(lines);
  std::map<std::string, std::int64_t> quantities;
  base::JsonArray items, images;
  std::set<std::string> values;
  for (const auto& wish : wished) {
    if (wish.reason.empty())
      throw Error::invalid_data("Claim Item reason must be one of \"missing_item\", \"wrong_item\", "
                                "\"production_failure\" or \"other\".");
    const auto& line = claimable(by_id, wish, quantities[wish.item_id] += wish.quantity);
    items.push_back(base::JsonObject{{"id", base::make_id("citm")},
                                     {"claim_order_id", claim_id},
                                     {"item_id", wish.item_id},
                                     {"variant_id", line.str("variant_id")},
                                     {"reason", wish.reason},
                                     {"note", wish.note},
                                     {"quantity", wish.quantity}});
    for (const auto& url : wish.images)
      images.push_back(base::JsonObject{{"claim_item_id", items.back()["id"]}, {"url", url}});
    for (const auto& tag : wish.tags) values.insert(tag_value(tag));
  }
  // 2. Write them with their tags and images.
  const Tags tags(call, values);
  Pairs pairs;
  for (std::size_t i = 0; i < wished.size(); i++)
    for (const auto& tag : wished[i].tags) pairs.emplace_back(items[i]["id"].as_string(), tags.id_of(tag_value(tag)));
  call.write_last(query::insert(schema::get("ClaimItem"), items));
  link_tags(call, std::move(pairs));
  if (!images.empty()) call.write_last(query::insert(schema::get("ClaimImage"), images));
  for (const auto& item : items) call.emit("claim_item.created", base::JsonObject{{"id", item["id"]}});
}

void update_items(Call& call, const std::vector<RowOf<table::ClaimItem>>& existing, const base::JsonArray& changes) {
  if (changes.empty()) return;
  // 1. What each item is to be.
  const ById by_id(existing);
  std::set<std::string> named;
  base::JsonArray rows, made;
  Texts changed, gone, tag_ids;
  std::vector<WishedTags> wished;
  std::set<std::string> values;
  for (const auto& change : changes) {
    const std::string id = id_in(change);
    const auto* item = by_id.find(id);
    if (!item) throw Error::not_found("Claim item with id: " + id + " was not found.");
    if (!named.insert(id).second) throw Error::invalid_data("claim_items names the item " + id + " twice");
    changed.push_back(id);
    Json metadata = item->json("metadata");
    if (change["metadata"].truthy()) metadata = base::merge_metadata(metadata, change["metadata"]);
    rows.push_back(
        base::JsonObject{{"id", id},
                         {"note", change["note"].truthy() ? change["note"] : Json(item->optional_text("note"))},
                         {"reason", change["reason"].truthy() ? change["reason"] : Json(item->str("reason"))},
                         {"metadata", std::move(metadata)}});
    wished.push_back(tags_in(change));
    values.insert(wished.back().values.begin(), wished.back().values.end());
    tag_ids.insert(tag_ids.end(), wished.back().ids.begin(), wished.back().ids.end());
    change_images(*item, change, gone, made);
  }
  // 2. Their tags.
  const Tags tags(call, values, tag_ids);
  Pairs pairs;
  for (std::size_t i = 0; i < changed.size(); i++) {
    for (const auto& id : wished[i].ids) {
      if (!tags.known(id)) throw Error::not_found("Claim tag with id: " + id + " was not found.");
      pairs.emplace_back(changed[i], id);
    }
    for (const auto& value : wished[i].values) pairs.emplace_back(changed[i], tags.id_of(value));
  }
  static const db::Statement untag("DELETE FROM claim_item_tags WHERE item_id = ANY($1::text[])");
  call.write_last({untag, db::Params::of(changed)});
  link_tags(call, std::move(pairs));
  // 3. Their pictures, and themselves.
  if (!gone.empty()) call.write_last(query::erase_where(schema::get("ClaimImage"), "id", gone));
  if (!made.empty()) call.write_last(query::insert(schema::get("ClaimImage"), made));
  call.write_last(query::update_each(schema::get("ClaimItem"), rows));
  for (const auto& id : changed) call.emit("claim_item.updated", base::JsonObject{{"id", id}});
}

} // namespace commerce::claim
