#include "commerce/region/admin.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/pricing/service.hpp"
#include "commerce/region/grammar.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/watched.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::region {
namespace {

using base::Error;
using base::Json;
using http::By;
using http::Change;
using http::Is;
using http::Metadata;
using enum http::Presence;
using Ids = std::vector<std::string>;

constexpr std::string_view kNotFound = "Region with {id} was not found";

const http::Rules kCreate{
    {{"name", Is::string},
     {"currency_code", Is::string},
     {"tax_code", Is::string, optional},
     {"tax_rate", Is::number},
     {"payment_providers", Is::string_array},
     {"fulfillment_providers", Is::string_array},
     {"countries", Is::string_array},
     {"metadata", Is::object, optional},
     {.name = "includes_tax", .is = Is::boolean, .presence = optional, .flag = schema::Flag::tax_inclusive_pricing}}};
const http::Rules kUpdate{
    {{"name", Is::string, optional},
     {"currency_code", Is::string, optional},
     {"tax_code", Is::string, optional},
     {"tax_rate", Is::number, optional},
     {"gift_cards_taxable", Is::boolean, optional},
     {"automatic_taxes", Is::boolean, optional},
     {"tax_provider_id", Is::string, optional},
     {"payment_providers", Is::string_array, optional},
     {"fulfillment_providers", Is::string_array, optional},
     {"countries", Is::string_array, optional},
     {"metadata", Is::object, optional},
     {.name = "includes_tax", .is = Is::boolean, .presence = optional, .flag = schema::Flag::tax_inclusive_pricing}}};
const http::Rules kCountry{{{"country_code", Is::string}}};
const http::Rules kProvider{{{"provider_id", Is::string}}};

// --- what a region is made of --------------------------------------------------------------------------------------

// Providers of payment and of fulfilment are linked alike.
struct Providers {
  std::string_view member; // of the body, and of an event's `fields`
  std::string_view links;  // the join table
  std::string_view table;
  std::string_view kind; // in sentences
};
constexpr Providers kPayment{"payment_providers", "region_payment_providers", "payment_provider", "Payment"};
constexpr Providers kFulfillment{"fulfillment_providers", "region_fulfillment_providers", "fulfillment_provider",
                                 "Fulfillment"};

// The texts of a body's list, each once, in lower case where `lower`.
enum class Letters { as_given, lower };
Ids texts_of(const Json& list, Letters letters = Letters::as_given) {
  Ids texts;
  if (list.is_array())
    for (const auto& text : list.as_array()) {
      auto one = letters == Letters::lower ? base::lower(text.as_string()) : text.as_string();
      if (std::find(texts.begin(), texts.end(), one) == texts.end()) texts.push_back(std::move(one));
    }
  return texts;
}

// Locked, so that of two regions that want one country the second sees the first's.
db::Command countries_by_code(const Ids& codes) {
  static const db::Statement statement(
      "SELECT iso_2, display_name, region_id FROM country WHERE iso_2 = ANY($1) ORDER BY iso_2 FOR UPDATE");
  return {statement, db::Params::of(codes)};
}

// Medusa 1.20: RegionService.validateCountry
void refuse_countries(const Ids& codes, const db::Result& found, std::string_view region_id) {
  for (const auto& code : codes) {
    int row = 0;
    while (row < found.rows() && found.text(row, 0) != code) row++;
    if (row == found.rows()) throw Error::invalid_data("Invalid country code");
    if (!found.is_null(row, 2) && found.text(row, 2) != region_id)
      throw Error::duplicate(std::string(found.text(row, 1)) + " already exists in region " +
                             std::string(found.text(row, 2)));
  }
}

db::Command providers_among(const Providers& providers, const Ids& ids) {
  return {db::Statement("SELECT id FROM " + std::string(providers.table) + " WHERE id = ANY($1)"), db::Params::of(ids)};
}

db::Command take_countries(std::string_view region_id, const Ids& codes) {
  static const db::Statement statement(
      "UPDATE country SET region_id = $1 WHERE iso_2 = ANY($2) AND region_id IS DISTINCT FROM $1");
  return {statement, db::Params::of(region_id, codes)};
}

db::Command keep_countries(std::string_view region_id, const Ids& codes) {
  static const db::Statement statement(
      "UPDATE country SET region_id = NULL WHERE region_id = $1 AND NOT iso_2 = ANY($2)");
  return {statement, db::Params::of(region_id, codes)};
}

db::Command link_providers(const Providers& providers, const std::string& region_id, const Ids& ids) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& id : ids) pairs.emplace_back(region_id, id);
  return query::link(providers.links, "region_id", "provider_id", pairs);
}

// --- create and update ---------------------------------------------------------------------------------------------

// Medusa 1.20: RegionService.validateFields, validateCurrency. All that the body names is looked up in one trip, and put
// behind the region's own row.
void take_parts(Change& change) {
  const Json& body = change.body();
  if (!change.values["currency_code"].truthy())
    change.values.erase("currency_code");
  else
    change.values.set("currency_code", base::lower(change.values["currency_code"].as_string()));
  // 1. The rate. The sentence is 1.20's, the bounds are 0 and 100.
  if (const Json& rate = body["tax_rate"]; rate.is_number() && (rate.as_number() < 0 || rate.as_number() > 100))
    throw Error::invalid_data("The tax_rate must be between 0 and 1");
  const auto codes = texts_of(body["countries"], Letters::lower);
  const auto currency = change.values["currency_code"], tax_provider = body["tax_provider_id"];
  static const db::Statement tax_providers("SELECT 1 FROM tax_provider WHERE id = $1"),
      currencies("SELECT 1 FROM store_currencies WHERE currency_code = $1");
  db::Batch batch;
  const auto countries = batch.add(countries_by_code(codes));
  const auto known_tax =
      batch.add({tax_providers, db::Params::of(tax_provider.truthy() ? tax_provider.as_string() : "")});
  const auto known_currency = batch.add({currencies, db::Params::of(currency.truthy() ? currency.as_string() : "")});
  std::vector<std::pair<const Providers*, db::Batch::Slot>> known_providers;
  for (const auto* providers : {&kPayment, &kFulfillment})
    known_providers.emplace_back(providers, batch.add(providers_among(*providers, texts_of(body[providers->member]))));
  batch.run(change.call.db());
  // 2. The countries, which may be no other region's; then the providers and the currency.
  refuse_countries(codes, *countries, change.id);
  if (tax_provider.truthy() && known_tax->empty()) throw Error::invalid_data("Tax provider not found");
  for (const auto& [providers, known] : known_providers)
    if (texts_of(body[providers->member]).size() > static_cast<std::size_t>(known->rows()))
      throw Error::invalid_data(std::string(providers->kind) + " provider not found");
  if (currency.truthy() && known_currency->empty()) throw Error::invalid_data("Invalid currency code");
  // 3. What is given replaces what there was.
  if (body["countries"].is_array()) {
    if (change.before) change.behind.push_back(keep_countries(change.id, codes));
    if (!codes.empty()) change.behind.push_back(take_countries(change.id, codes));
  }
  for (const auto* providers : {&kPayment, &kFulfillment}) {
    if (!body[providers->member].is_array()) continue;
    const auto ids = texts_of(body[providers->member]);
    if (change.before)
      change.behind.push_back({db::Statement("DELETE FROM " + std::string(providers->links) +
                                             " WHERE region_id = $1 AND NOT provider_id = ANY($2)"),
                               db::Params::of(change.id, ids)});
    if (!ids.empty()) change.behind.push_back(link_providers(*providers, change.id, ids));
  }
}

void tell_updated(Change& change, base::JsonArray fields) {
  change.call.emit("region.updated", base::JsonObject{{"id", change.id}, {"fields", std::move(fields)}});
}

void take_update(Change& change) {
  take_parts(change);
  base::JsonArray fields;
  for (const auto& member : change.body().as_object()) fields.emplace_back(member.name);
  tell_updated(change, std::move(fields));
  const Json& body = change.body();
  if (body.has("tax_rate")) tax::rates_changed(change.call);
  if (body.has("includes_tax") || body.has("currency_code")) pricing::prices_changed(change.call);
}

void free_countries(Change& change) {
  static const db::Statement statement("UPDATE country SET region_id = NULL WHERE region_id = $1");
  change.behind.push_back({statement, db::Params::of(change.id)});
}

// --- one by one ----------------------------------------------------------------------------------------------------

void add_country(Change& change, const Ids& ids) {
  const Ids codes{base::lower(ids.at(0))};
  const auto found = change.call.db().run(countries_by_code(codes));
  refuse_countries(codes, found, change.id);
  if (!found.is_null(0, 2)) return;
  change.ahead.push_back(take_countries(change.id, codes));
  tell_updated(change, {"countries"});
}

void remove_country(Change& change, const Ids& ids) {
  static const db::Statement statement("UPDATE country SET region_id = NULL WHERE iso_2 = $1 AND region_id = $2");
  const auto freed = change.call.db().run(statement, db::Params::of(ids.at(0), change.id));
  if (freed.affected()) tell_updated(change, {"countries"});
}

template<const Providers& providers> void add_provider(Change& change, const Ids& ids) {
  if (change.call.db().run(providers_among(providers, ids)).empty())
    throw Error::not_found(std::string(providers.kind) + " provider " + ids.at(0) + " was not found");
  const auto linked = change.call.db().run(link_providers(providers, change.id, ids));
  if (linked.affected()) tell_updated(change, {providers.member});
}

template<const Providers& providers> void remove_provider(Change& change, const Ids& ids) {
  const auto unlinked =
      change.call.db().run(query::unlink(providers.links, "region_id", change.id, "provider_id", ids));
  if (unlinked.affected()) tell_updated(change, {providers.member});
}

// Medusa 1.20: GET /admin/regions/:region_id/fulfillment-options
void list_fulfillment_options(http::Context& context) {
  const auto& id = context.param("region_id");
  const auto tree = query::read_one(
      context.call.db(), context.call.flags,
      {.entity = &schema::get("Region"), .selection = query::select({"id"}, {"fulfillment_providers"})}, id);
  if (!tree.first()) throw Error::not_found("Region with " + id + " was not found");
  base::JsonArray options;
  for (const auto& provider : tree.first<table::Region>()->many<table::FulfillmentProvider>("fulfillment_providers"))
    options.push_back(base::JsonObject{{"provider_id", provider.id()},
                                       {"options", ports::fulfillment_provider(provider.id()).options(context.call)}});
  context.json(base::JsonObject{{"fulfillment_options", std::move(options)}});
}

http::Resource regions() {
  return http::Resource{.path = "/admin/regions",
                        .entity = "Region",
                        .one = "region",
                        .many = "regions",
                        .not_found = kNotFound,
                        .id_name = "region_id",
                        .read = grammar(),
                        .filters = {{"created_at", By::date}, {"updated_at", By::date}, {"deleted_at", By::date}},
                        .search = "t.name ILIKE $?",
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .kept = http::Kept::while_catalogue_unchanged,
                        .keepable = shows_watched,
                        .shown_products = shown_products}
      .list()
      .retrieve()
      .create({.body = kCreate, .hook = take_parts, .event = "region.created", .metadata = Metadata::merged})
      .update({.body = kUpdate, .hook = take_update, .metadata = Metadata::merged})
      .remove({.object = "region", .hook = free_countries, .event = "region.deleted"})
      .link({.path = "/countries", .ids = "country_code", .body = kCountry, .hook = add_country})
      .unlink({.path = "/countries/:country_code", .ids = "country_code", .hook = remove_country})
      .link({.path = "/payment-providers", .ids = "provider_id", .body = kProvider, .hook = add_provider<kPayment>})
      .unlink({.path = "/payment-providers/:provider_id", .ids = "provider_id", .hook = remove_provider<kPayment>})
      .link({.path = "/fulfillment-providers",
             .ids = "provider_id",
             .body = kProvider,
             .hook = add_provider<kFulfillment>})
      .unlink(
          {.path = "/fulfillment-providers/:provider_id", .ids = "provider_id", .hook = remove_provider<kFulfillment>});
}

} // namespace

http::Routes admin_routes() {
  auto routes = regions().routes();
  routes.push_back({.path = "/admin/regions/:region_id/fulfillment-options",
                    .handler = list_fulfillment_options,
                    .auth = http::Auth::admin});
  return routes;
}

} // namespace commerce::region
