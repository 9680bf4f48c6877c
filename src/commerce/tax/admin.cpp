#include "commerce/tax/admin.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/tax/service.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <array>
#include <set>

namespace commerce::tax {
namespace {

using base::Error;
using base::Json;
using http::By;
using http::Context;
using http::Is;
using enum http::Presence;
using Ids = std::vector<std::string>;

// --- what a rate is for --------------------------------------------------------------------------------------------

struct Kind {
  std::string_view member;        // of a body; a relation of the entity
  std::string_view count;         // a computed field
  std::string_view table, column; // of the links
  std::string_view target;
  std::string_view missing; // {id}
};
const Kind kProducts{"products",   "product_count", "product_tax_rate",
                     "product_id", "product",       "Product with id: {id} was not found"};
const Kind kTypes{"product_types",   "product_type_count", "product_type_tax_rate",
                  "product_type_id", "product_type",       "Product type with id: {id} was not found"};
const Kind kOptions{"shipping_options",   "shipping_option_count", "shipping_tax_rate",
                    "shipping_option_id", "shipping_option",       "Shipping Option with {id} was not found"};
const Kind* const kKinds[]{&kProducts, &kTypes, &kOptions};

const schema::Entity& tax_rates() { return schema::get("TaxRate"); }
Error not_found(const std::string& id) { return Error::not_found("TaxRate with " + id + " was not found"); }

// --- what is shown -------------------------------------------------------------------------------------------------

const query::Grammar kRate{.fields = {"id", "rate", "code", "name", "region_id", "created_at", "updated_at"}};

// 1.20 shows the members that were asked for in the order of their names, first the fields and then the relations.
struct RateView {
  query::Wanted wanted;
  std::set<std::string> fields, relations, counts;
};

RateView view_of(const Context& context, query::Many many) {
  RateView view;
  Json asked = context.query();
  const bool named = asked["fields"].is_array();
  if (named) {
    base::JsonArray columns;
    for (const auto& name : asked["fields"].as_array()) {
      const bool count = std::any_of(std::begin(kKinds), std::end(kKinds),
                                     [&](const Kind* kind) { return name == Json(kind->count); });
      if (count)
        view.counts.insert(name.as_string());
      else
        columns.push_back(name);
    }
    asked.set("fields", std::move(columns));
  }
  view.wanted = query::resolve(tax_rates(), context.call.flags, kRate, asked, many);
  const auto& selected = view.wanted.selection.fields;
  view.fields = {selected.begin(), selected.end()};
  view.fields.insert(view.counts.begin(), view.counts.end());
  for (const auto& path : view.wanted.relations) view.relations.insert(path.substr(0, path.find('.')));
  return view;
}

// How many of each kind the rates are for, by their ids; in the order of kKinds.
using Counts = base::StringMap<std::array<std::int64_t, std::size(kKinds)>>;
Counts count_all(ports::Call& call, const RateView& view, const std::vector<query::Row>& rows) {
  Counts counts;
  if (view.counts.empty() || rows.empty()) return counts;
  std::string sql;
  for (std::size_t i = 0; i < std::size(kKinds); i++) {
    const Kind& kind = *kKinds[i];
    if (i) sql += " UNION ALL ";
    sql += "SELECT x.rate_id, " + std::to_string(i) + ", count(*) FROM " + std::string(kind.table) + " x JOIN " +
           std::string(kind.target) + " t ON t.id = x." + std::string(kind.column) +
           " AND t.deleted_at IS NULL WHERE x.rate_id = ANY($1) GROUP BY x.rate_id";
  }
  static const db::Statement statement(sql);
  Ids ids;
  for (const auto& row : rows) counts[ids.emplace_back(row.id())] = {};
  const auto found = call.db().run(statement, db::Params::of(ids));
  for (int row = 0; row < found.rows(); row++)
    counts[std::string(found.text(row, 0))][static_cast<std::size_t>(found.integer(row, 1))] = found.integer(row, 2);
  return counts;
}

void write_rate(base::JsonWriter& w, const RateView& view, const Counts& counts, const query::Row& row) {
  const Json columns = query::row_value(row);
  w.open_object();
  for (const auto& name : view.fields)
    if (columns.has(name))
      w.key(name).value(columns[name]);
    else
      for (std::size_t i = 0; i < std::size(kKinds); i++)
        if (kKinds[i]->count == name) w.key(name).integer(counts.find(row.id())->second[i]);
  for (const auto& name : view.relations) {
    w.key(name);
    if (tax_rates().relation(name)->kind != schema::RelationKind::to_one) {
      query::write_rows(w, row.many(name));
      continue;
    }
    const auto other = row.one(name);
    other ? query::write_row(w, *other) : void(w.null());
  }
  w.close_object();
}

const http::Rules kFind{{{"expand", Is::array, optional}, {"fields", Is::array, optional}}};

const std::vector<http::Filter> kFilters{
    {"region_id", By::text_or_list}, {"name", By::text},      {"code", By::text}, {"rate", By::number},
    {"updated_at", By::date},        {"created_at", By::date}};

// The rules of 1.20's AdminGetTaxRatesParams, which differ from those of other lists in `expand`, `fields` and their order.
http::Rules list_query() {
  const auto known = http::list_rules(kFilters);
  http::Rules rules;
  for (const std::string_view name : {"region_id", "name", "code", "rate", "offset", "limit", "expand", "fields",
                                      "order", "updated_at", "created_at"})
    for (auto rule : known.rows)
      if (rule.name == name) {
        if (name == "expand" || name == "fields") rule.is = Is::array;
        rules.rows.push_back(rule);
      }
  rules.rows.push_back({"q", Is::string, optional});
  return rules;
}
const http::Rules& list_rules() {
  static const auto rules = list_query();
  return rules;
}

void list(Context& context) {
  const RateView view = view_of(context, query::Many::yes);
  query::Read read{
      .entity = &tax_rates(), .selection = view.wanted.selection, .order = view.wanted.order, .count = true};
  constexpr std::int64_t default_limit = 50;
  http::add_page(context.query(), default_limit, read);
  http::add_conditions(kFilters, context.query(), read);
  // Quirk: a search looks at all names, whatever name is asked for besides.
  if (const auto& q = context.query()["q"]; q.truthy()) {
    std::erase_if(read.where, [](const auto& condition) { return condition.column == "name"; });
    read.where.push_back({"name", query::Operator::like_ignoring_case, {"%" + q.as_string() + "%"}});
  }
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  const Counts counts = count_all(context.call, view, tree.rows());
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key("tax_rates").open_array();
  for (const auto& row : tree.rows()) write_rate(w, view, counts, row);
  w.close_array().key("count").integer(tree.count).key("offset").integer(read.offset);
  const auto& limit = context.query()["limit"];
  w.key("limit").integer(limit.is_number() ? limit.as_int() : default_limit).close_object();
  context.json(std::move(out));
}

// Reads the rate back behind those writes.
void answer(Context& context, const std::string& id, std::vector<db::Command> writes = {}) {
  const RateView view = view_of(context, query::Many::no);
  const auto tree =
      query::read_one(context.call.db(), context.call.flags,
                      {.entity = &tax_rates(), .selection = view.wanted.selection}, id, std::move(writes));
  if (!tree.first()) throw not_found(id);
  std::string out;
  base::JsonWriter w(out);
  w.open_object().key("tax_rate");
  write_rate(w, view, count_all(context.call, view, tree.rows()), *tree.first());
  w.close_object();
  context.json(std::move(out));
}

void show(Context& context) { answer(context, context.param("id")); }

// --- writes --------------------------------------------------------------------------------------------------------

const http::Rules kCreate{.rows = {{"code", Is::string},
                                   {"name", Is::string},
                                   {"region_id", Is::string},
                                   {"rate", Is::number, optional},
                                   {"products", Is::array, optional},
                                   {"shipping_options", Is::array, optional},
                                   {"product_types", Is::array, optional}},
                          .of = "TaxRate"};
const http::Rules kUpdate{.rows = {{"code", Is::string, optional},
                                   {"name", Is::string, optional},
                                   {"region_id", Is::string, optional},
                                   {"rate", Is::number, optional},
                                   {"products", Is::array, optional},
                                   {"shipping_options", Is::array, optional},
                                   {"product_types", Is::array, optional}},
                          .of = "TaxRate"};

Ids ids_of(const Kind& kind, const Json& body) {
  Ids ids;
  for (const auto& id : body[kind.member].as_array()) {
    if (!id.is_string()) throw Error::invalid_data("each value in " + std::string(kind.member) + " must be a string");
    ids.push_back(id.as_string());
  }
  return ids;
}

// The region of the rate, which is locked.
std::string lock(ports::Call& call, const std::string& id) {
  static const db::Statement statement("SELECT region_id FROM tax_rate WHERE id = $1 FOR UPDATE");
  const auto found = call.db().run(statement, db::Params::of(id));
  if (found.empty()) throw not_found(id);
  return std::string(found.text(0, 0));
}

// What the body names and is not there, or not in the rate's region, is refused.
// Medusa 1.20: TaxRateService.addToProduct, addToProductType, addToShippingOption
void refuse_strangers(ports::Call& call, const std::vector<const Kind*>& kinds, const Json& body,
                      const std::string& rate_id, const std::string& region_id) {
  db::Batch batch;
  std::vector<std::pair<const Kind*, db::Batch::Slot>> questions;
  for (const Kind* kind : kinds)
    questions.emplace_back(
        kind,
        batch.add({db::Statement("SELECT id, " + std::string(kind == &kOptions ? "region_id" : "null") + " FROM " +
                                 std::string(kind->target) + " WHERE id = ANY($1) AND deleted_at IS NULL"),
                   db::Params::of(ids_of(*kind, body))}));
  if (questions.empty()) return;
  batch.run(call.db());
  for (const auto& [kind, found] : questions) {
    std::set<std::string_view> known;
    for (int row = 0; row < found->rows(); row++) {
      known.insert(found->text(row, 0));
      if (kind == &kOptions && found->text(row, 1) != region_id)
        throw Error::not_allowed(
            "Shipping Option and Tax Rate must belong to the same Region to be associated. Shipping "
            "Option with id: " +
            std::string(found->text(row, 0)) + " belongs to Region with id: " + std::string(found->text(row, 1)) +
            " and Tax Rate with id: " + rate_id + " belongs to Region with id: " + region_id);
    }
    for (const auto& id : ids_of(*kind, body)) {
      if (known.contains(id)) continue;
      std::string sentence(kind->missing);
      throw Error::not_found(sentence.replace(sentence.find("{id}"), 4, id));
    }
  }
}

db::Command link(const Kind& kind, const std::string& id, const Ids& ids) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& other : ids) pairs.emplace_back(id, other);
  return query::link(kind.table, "rate_id", kind.column, pairs);
}

std::vector<const Kind*> kinds_in(const Json& body) {
  std::vector<const Kind*> kinds;
  for (const Kind* kind : kKinds)
    if (body[kind->member].is_array()) kinds.push_back(kind);
  return kinds;
}

// The body's members that are columns.
Json columns_of(const Json& body) {
  Json row = Json::object();
  for (const std::string_view name : {"rate", "code", "name", "region_id"})
    if (body.has(name)) row.set(name, body[name]);
  return row;
}

void create(Context& context) {
  const Json& body = context.body();
  context.call.atomic([&] {
    Json row = columns_of(body);
    std::vector<db::Command> writes{query::insert(tax_rates(), row)};
    const std::string id = row["id"].as_string();
    const auto kinds = kinds_in(body);
    refuse_strangers(context.call, kinds, body, id, row["region_id"].as_string());
    for (const Kind* kind : kinds) writes.push_back(link(*kind, id, ids_of(*kind, body)));
    rates_changed(context.call);
    answer(context, id, std::move(writes));
  });
}

// Medusa 1.20: what is given replaces what the rate was for.
void update(Context& context) {
  const Json& body = context.body();
  const std::string& id = context.param("id");
  context.call.atomic([&] {
    const std::string region = lock(context.call, id);
    const Json changes = columns_of(body);
    std::vector<db::Command> writes;
    if (changes.size()) writes.push_back(query::update(tax_rates(), id, changes));
    const auto kinds = kinds_in(body);
    refuse_strangers(context.call, kinds, body, id,
                     changes["region_id"].truthy() ? changes["region_id"].as_string() : region);
    for (const Kind* kind : kinds) {
      const Ids ids = ids_of(*kind, body);
      writes.push_back({db::Statement("DELETE FROM " + std::string(kind->table) + " WHERE rate_id = $1 AND NOT " +
                                      std::string(kind->column) + " = ANY($2)"),
                        db::Params::of(id, ids)});
      writes.push_back(link(*kind, id, ids));
    }
    rates_changed(context.call);
    answer(context, id, std::move(writes));
  });
}

void remove(Context& context) {
  const std::string& id = context.param("id");
  context.call.db().batch({query::erase_where(tax_rates(), "id", {id})});
  rates_changed(context.call);
  context.json(base::JsonObject{{"id", id}, {"object", "tax-rate"}, {"deleted", true}});
}

template<const Kind& kind> void add_to(Context& context) {
  const std::string& id = context.param("id");
  context.call.atomic([&] {
    refuse_strangers(context.call, {&kind}, context.body(), id, lock(context.call, id));
    rates_changed(context.call);
    answer(context, id, {link(kind, id, ids_of(kind, context.body()))});
  });
}

template<const Kind& kind> void remove_from(Context& context) {
  const std::string& id = context.param("id");
  answer(context, id, {query::unlink(kind.table, "rate_id", id, kind.column, ids_of(kind, context.body()))});
  rates_changed(context.call);
}

const http::Rules kProductIds{{{"products", Is::array}}}, kTypeIds{{{"product_types", Is::array}}},
    kOptionIds{{{"shipping_options", Is::array}}};

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{get, "/admin/tax-rates", list, admin, &list_rules()},
          {get, "/admin/tax-rates/:id", show, admin, &kFind},
          {post, "/admin/tax-rates", create, admin, &kFind, &kCreate},
          {post, "/admin/tax-rates/:id", update, admin, &kFind, &kUpdate},
          {del, "/admin/tax-rates/:id", remove, admin},
          {post, "/admin/tax-rates/:id/products/batch", add_to<kProducts>, admin, &kFind, &kProductIds},
          {del, "/admin/tax-rates/:id/products/batch", remove_from<kProducts>, admin, &kFind, &kProductIds},
          {post, "/admin/tax-rates/:id/product-types/batch", add_to<kTypes>, admin, &kFind, &kTypeIds},
          {del, "/admin/tax-rates/:id/product-types/batch", remove_from<kTypes>, admin, &kFind, &kTypeIds},
          {post, "/admin/tax-rates/:id/shipping-options/batch", add_to<kOptions>, admin, &kFind, &kOptionIds},
          {del, "/admin/tax-rates/:id/shipping-options/batch", remove_from<kOptions>, admin, &kFind, &kOptionIds}};
}

} // namespace commerce::tax
