#include "commerce/store/admin.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/pricing/service.hpp"
#include "commerce/pricing/tables.hpp"
#include "commerce/store/modules.hpp"
#include "commerce/store/tables.hpp"
#include "db/batch.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::store {
namespace {

using base::Error;
using base::Json;
using http::Context;
using http::Is;
using http::Presence;

// --- the shop ------------------------------------------------------------------------------------------------------

enum class Locked { no, yes };

// Medusa 1.20: StoreService.retrieve. There is one store.
query::Tree the_store(ports::Call& call, const std::vector<std::string>& relations, Locked locked = Locked::no) {
  auto tree = query::read(call.db(), call.flags,
                          {.entity = &schema::get("Store"),
                           .selection = query::select({}, relations),
                           .limit = 1,
                           .for_update = locked == Locked::yes});
  if (!tree.first()) throw Error::not_found("Store does not exist");
  return tree;
}

// All rows of a table of providers.
std::string providers_json(const db::Result& rows) {
  std::string out;
  base::JsonWriter w(out);
  w.open_array();
  for (int i = 0; i < rows.rows(); i++)
    w.open_object().key("id").string(rows.text(i, 0)).key("is_installed").boolean(rows.boolean(i, 1)).close_object();
  w.close_array();
  return out;
}
const db::Statement& payment_providers() {
  static const db::Statement statement("SELECT id, is_installed FROM payment_provider ORDER BY id");
  return statement;
}

// Medusa 1.20: admin/store/get-store
void show_store(Context& context) {
  static const db::Statement fulfillment_providers("SELECT id, is_installed FROM fulfillment_provider ORDER BY id");
  auto& call = context.call;
  std::vector<std::string> relations{"currencies", "default_currency"};
  if (call.on(schema::Flag::sales_channels)) relations.push_back("default_sales_channel");
  const auto tree = the_store(call, relations);
  db::Batch batch;
  const auto payment = batch.add(payment_providers());
  const auto fulfillment = batch.add(fulfillment_providers);
  batch.run(call.db());
  const auto row = *tree.first();
  row.compute("feature_flags", feature_flags_json(call.flags));
  row.compute("modules", modules_json(call.config));
  row.compute("payment_providers", providers_json(*payment));
  row.compute("fulfillment_providers", providers_json(*fulfillment));
  context.json(http::one_json("store", row));
}

void list_payment_providers(Context& context) {
  context.json("{\"payment_providers\":" + providers_json(context.call.db().run(payment_providers())) + "}");
}

void list_tax_providers(Context& context) {
  static const db::Statement statement("SELECT id, is_installed FROM tax_provider ORDER BY id");
  context.json("{\"tax_providers\":" + providers_json(context.call.db().run(statement)) + "}");
}

// Answers with the store behind the writes, in one batch with them.
void answer_store(Context& context, std::string_view id, std::vector<db::Command> writes,
                  const std::vector<std::string>& relations) {
  const auto tree = query::read_one(context.call.db(), context.call.flags,
                                    {.entity = &schema::get("Store"), .selection = query::select({}, relations)}, id,
                                    std::move(writes));
  context.json(http::one_json("store", *tree.first()));
}

std::vector<std::string> codes_of(const query::RowOf<table::Store>& store) {
  std::vector<std::string> codes;
  for (const auto& currency : store.many<table::Currency>("currencies")) codes.push_back(currency.str("code"));
  return codes;
}
bool contains(const std::vector<std::string>& codes, const std::string& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

db::Command link_currencies(std::string_view store, const std::vector<std::string>& codes) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& code : codes) pairs.emplace_back(store, code);
  return query::link("store_currencies", "store_id", "currency_code", pairs);
}

// Medusa 1.20: StoreService.update, the part of the currencies. Returns the writes; `codes` becomes what the shop will have.
std::vector<db::Command> currency_writes(ports::Call& call, const query::RowOf<table::Store>& store, const Json& body,
                                         std::vector<std::string>& codes) {
  const auto& given = body["currencies"];
  if (!given.is_array()) return {};
  const auto& other_default = body["default_currency_code"];
  const std::string main = other_default.is_string() ? other_default.as_string() : store.str("default_currency_code");
  std::vector<std::string> wanted;
  for (const auto& code : given.as_array())
    if (auto lower = base::lower(code.as_string()); !contains(wanted, lower)) wanted.push_back(std::move(lower));
  if (!contains(wanted, base::lower(main)))
    throw Error::invalid_data(
        "You are not allowed to remove default currency from store currencies without replacing it as well");
  static const db::Statement known("SELECT code FROM currency WHERE code = ANY($1)");
  const auto found = call.db().run(known, db::Params::of(wanted));
  std::vector<std::string> existing;
  for (int i = 0; i < found.rows(); i++) existing.emplace_back(found.text(i, 0));
  for (const auto& code : given.as_array())
    if (!contains(existing, base::lower(code.as_string())))
      throw Error::invalid_data("Currency with code " + code.as_string() + " does not exist");
  static const db::Statement remove("DELETE FROM store_currencies WHERE store_id = $1 AND currency_code <> ALL($2)");
  codes = wanted;
  return {{remove, db::Params::of(store.id(), wanted)}, link_currencies(store.id(), wanted)};
}

const http::Rules kUpdate{{{"name", Is::string, Presence::optional},
                           {"swap_link_template", Is::string, Presence::optional},
                           {"payment_link_template", Is::string, Presence::optional},
                           {"invite_link_template", Is::string, Presence::optional},
                           {"default_currency_code", Is::string, Presence::optional},
                           {"currencies", Is::string_array, Presence::optional},
                           {"metadata", Is::object, Presence::optional}}};

// Medusa 1.20: StoreService.update
void update_store(Context& context) {
  auto& call = context.call;
  const auto& body = context.body();
  call.atomic([&] {
    const auto tree = the_store(call, {"currencies"}, Locked::yes);
    const auto store = *tree.first<table::Store>();
    Json changes = Json::object();
    // 1. Merge the metadata.
    if (body["metadata"].truthy())
      changes.set("metadata", base::merge_metadata(store.json("metadata"), body["metadata"]));
    // 2. The currencies, which must hold the default one.
    auto codes = codes_of(store);
    auto writes = currency_writes(call, store, body, codes);
    // 3. The default one, which must be among them.
    std::vector<std::string> relations{"currencies"};
    if (const auto& code = body["default_currency_code"]; code.truthy()) {
      const auto lower = base::lower(code.as_string());
      if (!contains(codes, lower)) throw Error::invalid_data("Store does not have currency: " + code.as_string());
      changes.set("default_currency_code", lower);
      relations.push_back("default_currency");
    }
    // 4. The rest as it is.
    for (const std::string_view name : {"name", "swap_link_template", "payment_link_template", "invite_link_template"})
      if (!body[name].is_undefined()) changes.set(name, body[name]);
    const auto before = query::row_value(store);
    for (const auto& [name, value] : base::JsonObject(changes.as_object()))
      if (base::same_value(value, before[name])) changes.erase(name);
    if (changes.size()) writes.push_back(query::update(schema::get("Store"), store.id(), changes));
    answer_store(context, store.id(), std::move(writes), relations);
  });
}

// Medusa 1.20: StoreService.addCurrency
void add_currency(Context& context) {
  const auto& code = context.param("currency_code");
  const auto lower = base::lower(code);
  context.call.atomic([&] {
    static const db::Statement known("SELECT 1 FROM currency WHERE code = $1");
    if (context.call.db().run(known, db::Params::of(lower)).empty())
      throw Error::invalid_data("Currency " + code + " not found");
    const auto tree = the_store(context.call, {"currencies"}, Locked::yes);
    const auto store = *tree.first<table::Store>();
    if (contains(codes_of(store), lower)) throw Error::duplicate("Currency already added");
    answer_store(context, store.id(), {link_currencies(store.id(), {lower})}, {"currencies"});
  });
}

// Medusa 1.20: StoreService.removeCurrency
// Quirk: the default currency may go; a code in capitals removes nothing.
void remove_currency(Context& context) {
  context.call.atomic([&] {
    const auto tree = the_store(context.call, {}, Locked::yes);
    const auto id = tree.first<table::Store>()->str("id");
    answer_store(context, id,
                 {query::unlink("store_currencies", "store_id", id, "currency_code", {context.param("currency_code")})},
                 {"currencies"});
  });
}

// --- currencies ----------------------------------------------------------------------------------------------------

http::Resource currencies() {
  using http::By;
  return http::Resource{.path = "/admin/currencies",
                        .entity = "Currency",
                        .one = "currency",
                        .many = "currencies",
                        .not_found = "Currency with code: {id} was not found",
                        .id_name = "code",
                        .filters = {{"code", By::text}},
                        .search = "t.code ILIKE $? OR t.name ILIKE $?",
                        .unfiltered = {{"includes_tax",
                                        Is::boolean,
                                        Presence::optional,
                                        nullptr,
                                        {},
                                        {},
                                        {},
                                        {},
                                        schema::Flag::tax_inclusive_pricing}},
                        .refused = {"fields", "expand"},
                        .limit = 20,
                        .auth = http::Auth::admin,
                        .prepare =
                            [](Context& context, const query::Wanted&, query::Read& read) {
                              // Quirk: a search makes the code count no more.
                              if (context.query()["q"].truthy())
                                std::erase_if(read.where,
                                              [](const auto& condition) { return condition.column == "code"; });
                            }}
      .list();
}

const http::Rules kCurrency{
    {{"includes_tax", Is::boolean, Presence::optional, nullptr, {}, {}, {}, {}, schema::Flag::tax_inclusive_pricing}}};

// Medusa 1.20: CurrencyService.update. Quirk: the body is looked at before the feature.
void update_currency(Context& context) {
  auto& call = context.call;
  if (!call.on(schema::Flag::tax_inclusive_pricing)) return http::answer_status(404, context.response);
  const auto code = base::lower(context.param("code"));
  const auto& entity = schema::get("Currency");
  call.atomic([&] {
    std::vector<db::Command> writes;
    if (const auto& includes = context.body()["includes_tax"]; !includes.is_undefined()) {
      writes.push_back(query::update(entity, code, base::JsonObject{{"includes_tax", includes}}));
      pricing::prices_changed(call);
    }
    const auto tree = query::read_one(call.db(), call.flags, {.entity = &entity}, code, std::move(writes));
    if (!tree.first()) throw Error::not_found("Currency with code: " + code + " was not found");
    call.emit("currency.updated", base::JsonObject{{"code", context.param("code")}});
    context.json(http::one_json("currency", *tree.first()));
  });
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  http::Routes routes{
      {.method = get, .path = "/admin/store", .handler = show_store, .auth = admin},
      {.method = post, .path = "/admin/store", .handler = update_store, .auth = admin, .body_rules = &kUpdate},
      {.method = get, .path = "/admin/store/payment-providers", .handler = list_payment_providers, .auth = admin},
      {.method = get, .path = "/admin/store/tax-providers", .handler = list_tax_providers, .auth = admin},
      {.method = post, .path = "/admin/store/currencies/:currency_code", .handler = add_currency, .auth = admin},
      {.method = del, .path = "/admin/store/currencies/:currency_code", .handler = remove_currency, .auth = admin},
      {.method = post,
       .path = "/admin/currencies/:code",
       .handler = update_currency,
       .auth = admin,
       .body_rules = &kCurrency},
  };
  const auto more = currencies().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

} // namespace commerce::store
