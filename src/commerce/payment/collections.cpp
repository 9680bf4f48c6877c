#include "commerce/payment/collections.hpp"
#include "base/error.hpp"
#include "commerce/payment/collection_service.hpp"
#include "commerce/payment/states.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/storefront.hpp"
#include "db/batch.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::payment {
namespace {

using base::Error;
using base::Json;
using http::Change;
using http::Context;
using http::Is;
using enum http::Presence;

http::Resource collections(std::string_view path, http::Auth auth, query::Grammar grammar) {
  return http::Resource{.path = path,
                        .entity = "PaymentCollection",
                        .one = "payment_collection",
                        .many = "payment_collections",
                        .not_found = "Payment collection with id {id} was not found",
                        .read = std::move(grammar),
                        .auth = auth};
}

void prepare_public(http::Context&, const query::Wanted&, query::Read& read) {
  show_only_public(*read.entity, read.selection);
}

// Quirk: null takes the metadata away.
void take_null_metadata(Change& change) {
  if (change.body()["metadata"].is_null()) change.values.set("metadata", nullptr);
}

void tell_updated(Change& change, const query::Row& row) {
  change.call.emit("payment-collection.updated", query::row_value(row));
}

// Medusa 1.20: PaymentCollectionService.markAsAuthorized
void mark_authorized(Change& change) {
  change.values.set("status", act::mark_authorized.becomes);
  change.values.set("authorized_amount", query::RowOf<table::PaymentCollection>(*change.before).integer("amount"));
}
void tell_authorized(Change& change, const query::Row& row) {
  change.call.emit("payment-collection.payment_authorized", query::row_value(row));
}

// Medusa 1.20: PaymentCollectionService.delete
void remove(Context& context) {
  const auto& id = context.param("id");
  const auto& entity = schema::get("PaymentCollection");
  context.call.atomic([&] {
    static const db::Statement edits("SELECT 1 FROM order_edit WHERE payment_collection_id = $1");
    db::Batch before;
    const auto edit = before.add({edits, db::Params::of(id)});
    const auto tree =
        query::read_one(context.call.db(), context.call.flags, {.entity = &entity, .for_update = true}, id, before);
    if (!tree.first()) return;
    check(act::remove, tree.first<table::PaymentCollection>()->text("status"));
    // 1.20 answers that null was not found.
    if (!edit->empty()) throw Error::not_allowed("Cannot delete payment collection of an order edit");
    context.call.write_last(query::erase_where(entity, "id", {id}));
    context.call.emit("payment-collection.deleted", query::row_value(*tree.first()));
  });
  context.json(base::JsonObject{{"id", id}, {"deleted", true}, {"object", "payment_collection"}});
}

// --- the storefront's sessions --------------------------------------------------------------------------------------

const http::Rules kProviderRules{{{"provider_id", Is::string}}};

const http::Rules kSessionRules{
    .rows = {{"provider_id", Is::string}, {"amount", Is::integer, not_empty}, {"session_id", Is::string, optional}},
    .of = "PaymentSession"};

// Medusa 1.20: IsType([[StorePostPaymentCollectionsSessionsReq]]), which fails by mistake on a list with a fault.
void check_sessions(const Json& body, std::vector<std::string>& problems) {
  const Json& sessions = body["sessions"];
  if (!sessions.is_array())
    throw Error::invalid_data(
        R"=({"message":"sessions must be one of: StorePostPaymentCollectionsSessionsReq","details":{"undefined":)="
        R"=(["Cannot read properties of undefined (reading 'constructor')"]}})=");
  if (!sessions.size()) problems.emplace_back("sessions should not be empty");
}
const http::Rules kBatchRules{.rows = {{"sessions", Is::array, required, &kSessionRules}}, .extra = check_sessions};
const http::Rules kAuthorizeRules{{{"session_ids", Is::string_array}}};

// A session or a payment that was just made shows what was given first.
Json shown(const query::Row& row, const std::vector<std::string>& made) {
  static const Json session = base::JsonObject{{"cart_id", true},      {"provider_id", true}, {"data", true},
                                               {"is_initiated", true}, {"status", true},      {"amount", true}};
  static const Json payment =
      base::JsonObject{{"amount", true}, {"currency_code", true}, {"provider_id", true}, {"data", true}};
  const bool is_new = std::find(made.begin(), made.end(), row.id()) != made.end();
  if (!is_new) return query::row_value(row);
  return http::as_saved(row, row.node().entity().name == "Payment" ? payment : session);
}

const query::RowOf<table::PaymentSession>* find(const std::vector<query::RowOf<table::PaymentSession>>& rows,
                                                std::string_view id) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id() == id; });
  return at == rows.end() ? nullptr : &*at;
}

void answer(Context& context, const Changed& changed) {
  const auto collection = *changed.tree.first<table::PaymentCollection>();
  const auto rows = collection.many<table::PaymentSession>("payment_sessions");
  base::JsonArray sessions;
  for (const auto& id : changed.sessions)
    if (const auto* row = find(rows, id)) sessions.push_back(shown(*row, changed.made));
  collection.compute("payment_sessions", Json(std::move(sessions)));
  if (collection.has("payments")) {
    base::JsonArray payments;
    for (const auto& row : collection.many<table::Payment>("payments")) payments.push_back(shown(row, changed.made));
    collection.compute("payments", Json(std::move(payments)));
  }
  context.json(http::one_json("payment_collection", collection));
}

// POST /store/payment-collections/:id/sessions
void set_one_session(Context& context) {
  answer(context, set_session(context.call, context.param("id"), context.body()["provider_id"].as_string()));
}

// POST /store/payment-collections/:id/sessions/batch
void set_several_sessions(Context& context) {
  std::vector<SessionWish> wishes;
  for (const Json& session : context.body()["sessions"].as_array()) {
    SessionWish wish{.provider_id = session["provider_id"].as_string(), .amount = session["amount"].as_int()};
    if (session["session_id"].is_string()) wish.session_id = session["session_id"].as_string();
    wishes.push_back(std::move(wish));
  }
  answer(context, set_sessions(context.call, context.param("id"), wishes));
}

// POST /store/payment-collections/:id/sessions/:session_id
void begin_session_anew(Context& context) {
  const auto tree = refresh_session(context.call, context.param("id"), context.param("session_id"));
  const auto session = *tree.first<table::PaymentSession>();
  context.json(base::JsonObject{{"payment_session", shown(session, {session.str("id")})}});
}

Changed authorize(Context& context, const std::vector<std::string>& session_ids) {
  const Json told = base::JsonObject{{"ip_address", context.call.identity.ip}};
  return authorize_sessions(context.call, context.param("id"), session_ids, told);
}

// POST /store/payment-collections/:id/sessions/batch/authorize
void authorize_several_sessions(Context& context) {
  std::vector<std::string> ids;
  for (const Json& id : context.body()["session_ids"].as_array()) ids.push_back(id.as_string());
  answer(context, authorize(context, ids));
}

// POST /store/payment-collections/:id/sessions/:session_id/authorize
void authorize_one_session(Context& context) {
  const auto& id = context.param("session_id");
  const auto changed = authorize(context, {id});
  const auto sessions = changed.tree.first<table::PaymentCollection>()->many<table::PaymentSession>("payment_sessions");
  const auto* session = find(sessions, id);
  // Quirk: the sentence names the collection.
  if (!session || session->text("status") != "authorized")
    throw Error(base::ErrorType::payment_authorization_error,
                "Failed to authorize Payment Session id \"" + context.param("id") + '"');
  context.json(http::one_json("payment_session", *session));
}

http::Routes session_routes() {
  const auto route = [](std::string_view path, http::Handler handler, const http::Rules* body = nullptr) {
    return http::Route{.method = http::Method::post,
                       .path = path,
                       .handler = std::move(handler),
                       .auth = http::Auth::customer_optional,
                       .body_rules = body};
  };
  return {
      route("/store/payment-collections/:id/sessions", set_one_session, &kProviderRules),
      route("/store/payment-collections/:id/sessions/batch", set_several_sessions, &kBatchRules),
      route("/store/payment-collections/:id/sessions/batch/authorize", authorize_several_sessions, &kAuthorizeRules),
      route("/store/payment-collections/:id/sessions/:session_id", begin_session_anew),
      route("/store/payment-collections/:id/sessions/:session_id/authorize", authorize_one_session)};
}

} // namespace

http::Routes collection_routes() {
  query::Grammar admin{
      .fields = {"id", "type", "status", "description", "amount", "authorized_amount", "currency_code", "metadata"},
      .relations = {"region", "payment_sessions", "payments"}};
  query::Grammar store{.fields = {"id", "type", "status", "description", "amount", "currency_code", "metadata"},
                       .relations = {"region", "payment_sessions"}};
  auto routes =
      collections("/admin/payment-collections", http::Auth::admin, std::move(admin))
          .retrieve()
          .update({.body = {{{"description", Is::string, optional}, {"metadata", Is::object, optional}}},
                   .hook = take_null_metadata,
                   .metadata = http::Metadata::merged,
                   .answer = http::Answer::saved,
                   .after = tell_updated})
          .act("/authorize", {.hook = mark_authorized, .answer = http::Answer::saved, .after = tell_authorized})
          .routes();
  auto public_ones = collections("/store/payment-collections", http::Auth::none, std::move(store));
  public_ones.prepare_one = prepare_public;
  const auto more = public_ones.retrieve().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  const auto sessions = session_routes();
  routes.insert(routes.end(), sessions.begin(), sessions.end());
  routes.push_back({.method = http::Method::del,
                    .path = "/admin/payment-collections/:id",
                    .handler = remove,
                    .auth = http::Auth::admin});
  return routes;
}

} // namespace commerce::payment
