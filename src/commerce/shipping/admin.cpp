#include "commerce/shipping/admin.hpp"
#include "base/error.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/shipping/tables.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::shipping {
namespace {

using base::Error;
using base::Json;
using http::By;
using http::Change;
using http::Is;
using http::QueryUse;
using enum http::Presence;

const query::Grammar kOption{.fields = {"id", "name", "region_id", "profile_id", "provider_id", "price_type", "amount",
                                        "is_return", "admin_only", "data", "created_at", "updated_at", "deleted_at",
                                        "metadata", "includes_tax"},
                             .relations = {"region", "profile", "requirements"}};

constexpr std::string_view kWrongPriceType = "Invalid price type, must be one of \"flat_rate\" or \"calculated\"";
constexpr std::string_view kWrongRequirement =
    "Invalid option type, must be one of \"min_subtotal\" or \"max_subtotal\"";
const http::Rules kNewRequirement{
    .rows = {{"type", Is::enumeration, required, nullptr, {"min_subtotal", "max_subtotal"}, kWrongRequirement},
             {"amount", Is::number}},
    .of = "ShippingOptionRequirement"};
const http::Rules kRequirement{.rows = {{"id", Is::string, optional}, {"type", Is::string}, {"amount", Is::number}},
                               .of = "ShippingOptionRequirement"};
const http::Rules kCreate{
    {{"name", Is::string},
     {"region_id", Is::string},
     {"provider_id", Is::string},
     {"profile_id", Is::string, optional},
     {"data", Is::object},
     {"price_type", Is::enumeration, required, nullptr, {"flat_rate", "calculated"}, kWrongPriceType},
     {"amount", Is::number, optional},
     {"requirements", Is::array, optional, &kNewRequirement},
     {"is_return", Is::any, optional},
     {"admin_only", Is::any, optional},
     {"metadata", Is::object, optional},
     {.name = "includes_tax", .is = Is::boolean, .presence = optional, .flag = schema::Flag::tax_inclusive_pricing}}};
const http::Rules kUpdate{
    {{"name", Is::string, optional},
     {"amount", Is::number, optional},
     {"price_type", Is::enumeration, optional, nullptr, {"flat_rate", "calculated"}, kWrongPriceType},
     {"requirements", Is::array, required, &kRequirement},
     {"admin_only", Is::boolean, optional},
     {"metadata", Is::object, optional},
     {.name = "includes_tax", .is = Is::boolean, .presence = optional, .flag = schema::Flag::tax_inclusive_pricing}}};

// --- the list ------------------------------------------------------------------------------------------------------

// Quirk: a search looks at all names, whatever name is asked for besides.
void search_alone(http::Context& context, const query::Wanted&, query::Read& read) {
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const auto& condition) { return condition.column == "name"; });
}

void show_prices(http::Context& context, const query::Wanted& wanted, const query::Tree& tree) {
  const auto& fields = wanted.selection.fields;
  const auto shown = [&](std::string_view name) {
    return fields.empty() || std::find(fields.begin(), fields.end(), name) != fields.end();
  };
  add_prices(context.call, tree.rows<table::ShippingOption>(), {},
             {.amount = shown("amount"), .region = shown("region_id"), .includes_tax = shown("includes_tax")});
}

http::Resource list() {
  return http::Resource{.path = "/admin/shipping-options",
                        .entity = "ShippingOption",
                        .one = "shipping_option",
                        .many = "shipping_options",
                        .read = kOption,
                        .filters = {{"id", By::text_or_list},
                                    {"name", By::text},
                                    {"region_id", By::text},
                                    {"is_return", By::boolean},
                                    {"admin_only", By::boolean},
                                    {"created_at", By::date},
                                    {"updated_at", By::date},
                                    {"deleted_at", By::date}},
                        .search = "t.name ILIKE $?",
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .prepare = search_alone,
                        .decorate = show_prices}
      .list();
}

// --- writes --------------------------------------------------------------------------------------------------------

// A column as it will be.
Json future(const Change& change, std::string_view column) {
  if (change.values.has(column) || !change.before) return change.values[column];
  return query::row_value(*change.before)[column];
}

// Medusa 1.20: ShippingOptionService.validateAndMutatePrice
void check_price(Change& change) {
  if (change.body().has("price_type")) {
    const Json& type = change.body()["price_type"];
    if (!type.truthy()) throw Error::invalid_data("The price must be of type flat_rate or calculated");
    if (type.as_string() == "calculated") {
      const auto& provider = ports::fulfillment_provider(future(change, "provider_id").as_string());
      if (!provider.can_calculate(change.call, future(change, "data")))
        throw Error::invalid_data("The fulfillment provider cannot calculate prices for this option");
      change.values.set("amount", nullptr);
    }
  }
  const Json amount = future(change, "amount");
  if (future(change, "price_type").as_string() == "flat_rate" && (!amount.is_number() || amount.as_number() < 0))
    throw Error::invalid_data("Shipping options of type `flat_rate` must have an `amount`");
}

const schema::Entity& requirement_entity() { return schema::get("ShippingOptionRequirement"); }

// Medusa 1.20: ShippingOptionService.validateRequirement_ and what create and update check of all. `known` are ids of the
// option's requirements.
// 1.20 takes a requirement away from another option where its id is given.
void check_requirements(const base::JsonArray& wanted, const std::vector<std::string>& known) {
  for (auto one = wanted.begin(); one != wanted.end(); ++one) {
    const std::string& type = (*one)["type"].as_string();
    if (type.empty()) throw Error::invalid_data("A Shipping Requirement must have a type field");
    if (type != "min_subtotal" && type != "max_subtotal")
      throw Error::invalid_data("Requirement type must be one of min_subtotal, max_subtotal");
    if (const Json& id = (*one)["id"];
        id.truthy() && std::find(known.begin(), known.end(), id.as_string()) == known.end())
      throw Error::invalid_data("Shipping option requirement with id " + id.as_string() + " does not exist");
    for (auto other = wanted.begin(); other != one; ++other) {
      if ((*other)["type"] == (*one)["type"]) throw Error::invalid_data("Only one requirement of each type is allowed");
      const auto& [low, high] = type == "max_subtotal" ? std::pair(*other, *one) : std::pair(*one, *other);
      if (low["amount"].as_number() > high["amount"].as_number())
        throw Error::invalid_data("Max. subtotal must be greater than Min. subtotal");
    }
  }
}

// What is named by id is changed, what has none is made, and the others of `known` go.
void write_requirements(Change& change, const base::JsonArray& wanted, std::vector<std::string> known) {
  base::JsonArray created, changed;
  for (const Json& one : wanted) {
    Json row = base::JsonObject{{"type", one["type"]}, {"amount", one["amount"]}};
    if (const Json& id = one["id"]; id.truthy()) {
      row.set("id", id);
      std::erase(known, id.as_string());
      changed.push_back(std::move(row));
    } else {
      row.set("shipping_option_id", change.id);
      created.push_back(std::move(row));
    }
  }
  if (!known.empty()) change.behind.push_back(query::remove(requirement_entity(), known));
  if (!changed.empty()) change.behind.push_back(query::update_each(requirement_entity(), changed));
  if (!created.empty()) change.behind.push_back(query::insert(requirement_entity(), created));
}

// Medusa 1.20: POST /admin/shipping-options, ShippingOptionService.create
void complete_new(Change& change) {
  // 1. Quirk: whatever is given as is_return and admin_only is true or false.
  for (const std::string_view name : {"is_return", "admin_only"}) {
    const Json& given = change.body()[name];
    if (!given.is_null()) change.values.set(name, given.truthy());
  }
  // 2. The price, and then the region, which must know the provider.
  check_price(change);
  static const db::Statement region(
      "SELECT EXISTS (SELECT 1 FROM region_fulfillment_providers p WHERE p.region_id = r.id AND p.provider_id = $2) "
      "FROM region r WHERE r.id = $1 AND r.deleted_at IS NULL FOR SHARE OF r"),
      default_profile(
          "SELECT id FROM shipping_profile WHERE type = 'default' AND deleted_at IS NULL ORDER BY created_at LIMIT 1");
  const std::string region_id = change.values["region_id"].as_string(),
                    provider_id = change.values["provider_id"].as_string();
  db::Batch batch;
  const auto offered = batch.add({region, db::Params::of(region_id, provider_id)});
  const auto profile = batch.add(default_profile);
  batch.run(change.call.db());
  if (offered->empty()) throw Error::not_found("Region with " + region_id + " was not found");
  if (!offered->boolean(0, 0))
    throw Error::invalid_data("The fulfillment provider is not available in the provided region");
  // 3. The provider.
  if (!ports::fulfillment_provider(provider_id).validate_option(change.call, change.values["data"]))
    throw Error::invalid_data("The fulfillment provider cannot validate the shipping option");
  // 4. The requirements, and the profile: the default one where none is named.
  const base::JsonArray requirements =
      change.body()["requirements"].is_array() ? change.body()["requirements"].as_array() : base::JsonArray{};
  check_requirements(requirements, {});
  write_requirements(change, requirements, {});
  if (change.values["profile_id"].truthy()) return;
  // 1.20 answers 500.
  if (profile->empty()) throw Error::not_found("There is no default shipping profile");
  change.values.set("profile_id", profile->text(0, 0));
}

// Medusa 1.20: ShippingOptionService.update
void check_update(Change& change) {
  static const db::Statement statement(
      "SELECT id FROM shipping_option_requirement WHERE shipping_option_id = $1 AND deleted_at IS NULL");
  const auto rows = change.call.db().run(statement, db::Params::of(change.id));
  std::vector<std::string> known;
  for (int row = 0; row < rows.rows(); row++) known.emplace_back(rows.text(row, 0));
  const auto& requirements = change.body()["requirements"].as_array();
  check_requirements(requirements, known);
  check_price(change);
  write_requirements(change, requirements, std::move(known));
}

http::Resource options() {
  return http::Resource{.path = "/admin/shipping-options",
                        .entity = "ShippingOption",
                        .one = "shipping_option",
                        .many = "shipping_options",
                        .not_found = "Shipping Option with {id} was not found",
                        .id_name = "option_id",
                        .read = kOption,
                        .auth = http::Auth::admin}
      .retrieve(QueryUse::ignored)
      .create({.body = kCreate, .hook = complete_new})
      .update({.body = kUpdate, .hook = check_update, .metadata = http::Metadata::merged})
      .remove({.object = "shipping-option", .missing = http::Missing::overlooked});
}

} // namespace

http::Routes admin_routes() {
  auto routes = list().routes();
  const auto more = options().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

} // namespace commerce::shipping
