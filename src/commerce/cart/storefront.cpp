#include "commerce/cart/storefront.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/cart/create.hpp"
#include "commerce/cart/customers.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/cart/rules.hpp"
#include "commerce/cart/shipping_methods.hpp"
#include "commerce/cart/update.hpp"
#include "commerce/cart/view.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/storefront.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "query/grammar.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::cart {
namespace {

using base::Error;
using base::Json;
using http::Context;
using totals::ForceTaxes;

Needs items_to_show(const query::Selection& shown = default_view()) {
  return {.items = true, .methods = true, .discounts = true, .shown = &shown};
}

// Several members of one object.
std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string body;
  base::JsonWriter writer(body);
  writer.open_object();
  for (const auto& [name, json] : members) writer.key(name).raw(json);
  writer.close_object();
  return body;
}

std::string cart_object(const std::string& cart) { return object({{"cart", cart}}); }

// An answer says once which discounts have left the cart because they have ended, and why.
void tell_ended(const View& view, const base::JsonArray& ended) {
  if (!ended.empty()) view.row().compute("ended_discounts", Json(ended));
}

// What most routes do: change the cart in a transaction, bring its payment sessions up to date, and show it. `change` decides
// on the state.
template<class Change> std::string changed(Context& context, Change&& change) {
  return context.call.atomic([&] {
    State state = State::lock(context.call, context.param("id"), items_to_show());
    change(state);
    View view = View::of(state, default_view());
    tell_ended(view, state.ended);
    view.sync_sessions(ForceTaxes::yes);
    return cart_object(view.json());
  });
}

// The locked cart as it is shown, without discounts that have ended.
View locked_view(Context& context, const query::Selection& shown) {
  const auto& id = context.param("id");
  View view = View::lock(context.call, id, shown);
  const auto discounts = view.row().many<table::Discount>("discounts");
  const auto now = base::now();
  if (!view.row().is_null("completed_at") || std::none_of(discounts.begin(), discounts.end(), [&](const auto& row) {
        return discount::ended(discount_of(row), now).has_value();
      }))
    return view;
  State state = State::lock(context.call, id, items_to_show(shown));
  View fresh = View::of(state, shown);
  tell_ended(fresh, state.ended);
  return fresh;
}

// Changes of payment sessions alone: the locked view is all they need.
template<class Change>
std::string sessions_changed(Context& context, Change&& change, const query::Selection& shown = default_view()) {
  return context.call.atomic([&] {
    View view = locked_view(context, shown);
    auto sessions = view.sessions();
    change(view, sessions);
    view.put(sessions);
    context.call.emit("cart.updated", base::JsonObject{{"id", view.row().str("id")}});
    return cart_object(view.json());
  });
}

// A publishable API key opens its own sales channels only, and decides where just one is its.
std::optional<std::string> sales_channel_of(const Context& context) {
  const auto& scope = context.call.identity.sales_channel_ids;
  auto wanted = optional_text(context.body()["sales_channel_id"]);
  if (wanted && wanted->empty()) wanted.reset();
  if (wanted && !scope.empty() && std::find(scope.begin(), scope.end(), *wanted) == scope.end())
    throw Error::invalid_data("Provided sales channel id param: " + *wanted +
                              " is not associated with the Publishable API Key passed in the header of the request.");
  if (wanted || scope.empty()) return wanted;
  if (scope.size() > 1)
    throw Error::unexpected_state(
        "The PublishableApiKey provided in the request header has multiple associated sales channels.");
  return scope.front();
}

// POST /store/carts
void create_cart(Context& context) {
  const Json& body = context.body();
  const auto& identity = context.call.identity;
  NewCart wanted;
  wanted.region_id = optional_text(body["region_id"]);
  wanted.country_code = optional_text(body["country_code"]);
  if (wanted.country_code && wanted.country_code->empty()) wanted.country_code.reset();
  wanted.sales_channel_id = sales_channel_of(context);
  wanted.customer_id = identity.customer_id;
  wanted.context = base::JsonObject{{"ip", identity.ip}};
  if (!identity.user_agent.empty()) wanted.context.set("user_agent", identity.user_agent);
  wanted.context = base::spread_kept("context", std::move(wanted.context), body["context"]);
  if (body["items"].is_array())
    for (const auto& item : body["items"].as_array())
      wanted.items.push_back({item["variant_id"].as_string(), item["quantity"].as_int(), {}});
  context.json(context.call.atomic([&] {
    auto made = create(context.call, wanted);
    return cart_object(View::read(context.call, made.id, default_view(), made.writes, made.rows).json());
  }));
}

// Whether the cart is the customer's from now on. `ended`: see State.
bool take_over(ports::Call& call, const std::string& cart_id, const std::string& customer_id, base::JsonArray& ended) {
  Json changes = base::JsonObject{{"customer_id", customer_id}};
  return call.atomic([&] {
    auto cart = lock_to_update(call, cart_id, changes);
    if (next_buyer(cart.state, customer_id, {}).is_undefined()) return false;
    update(cart, changes);
    for (auto& write : cart.state.writes()) call.write_last(std::move(write));
    ended = cart.state.ended;
    return true;
  });
}

// GET /store/carts/:id
void get_cart(Context& context) {
  ports::Call& call = context.call;
  const std::string& id = context.param("id");
  // 1. What is to be shown: `expand` replaces the default relations, but never those that totals need.
  static const query::Grammar grammar{.relations = shown_relations()};
  Json asked = context.query();
  if (const auto fields = optional_text(asked["fields"])) {
    // Totals are always shown, and are no columns.
    std::vector<std::string> columns;
    for (auto& field : base::split(*fields, ','))
      if (!field.ends_with("total")) columns.push_back(std::move(field));
    asked.set("fields", columns.empty() ? "id" : base::join(columns, ","));
  }
  const auto wanted = query::resolve(schema::get("Cart"), call.flags, grammar, asked, query::Many::no);
  query::Selection selection = shown(wanted.relations);
  selection.fields = wanted.selection.fields;
  base::JsonArray ended;
  // 2. A customer who is logged in takes the cart over, unless it is another customer's.
  Whose whose = Whose::somebodys;
  if (const auto& me = call.identity.customer_id) {
    static const db::Statement owner(
        "SELECT t.customer_id, t.email, c.has_account FROM cart t LEFT JOIN customer c ON c.id = t.customer_id AND "
        "c.deleted_at IS NULL WHERE t.id = $1 AND t.deleted_at IS NULL");
    const auto found = call.db().run(owner, db::Params::of(id));
    const bool mine = !found.empty() && found.text(0, 0) == *me;
    if (mine) whose = Whose::the_callers;
    if (!found.empty() && (mine ? found.text(0, 1).empty() : found.is_null(0, 2) || !found.boolean(0, 2)))
      if (take_over(call, id, *me, ended)) whose = Whose::the_callers;
  }
  show_only_public(schema::get("Cart"), selection, whose);
  // 3. Show it.
  const View view = View::read(call, id, selection);
  tell_ended(view, ended);
  context.json(cart_object(view.json()));
}

// POST /store/carts/:id
void update_cart(Context& context) {
  ports::Call& call = context.call;
  const auto& me = call.identity.customer_id;
  const Json& body = context.body();
  Json wanted = body;
  if (me) wanted.set("customer_id", *me);
  context.json(call.atomic([&] {
    auto cart = lock_to_update(call, context.param("id"), wanted, &default_view());
    Json changes = body;
    if (Json buyer = next_buyer(cart.state, me, body["customer_id"]); buyer.is_undefined())
      changes.erase("customer_id");
    else
      changes.set("customer_id", std::move(buyer));
    update(cart, changes);
    View view = View::of(cart.state, default_view());
    tell_ended(view, cart.state.ended);
    if (!changes["region_id"].truthy()) view.sync_sessions(ForceTaxes::yes);
    return cart_object(view.json());
  }));
}

// POST /store/carts/:id/line-items
void add_line_item(Context& context) {
  const Json& body = context.body();
  const std::vector<WantedItem> wanted{{body["variant_id"].as_string(), body["quantity"].as_int(), body["metadata"]}};
  idempotency::run(context, [&] {
    return idempotency::Reply{
        200, context.call.atomic([&] {
          db::Batch before;
          const auto variants = before.add(variants_query(context.call, wanted, context.param("id"), std::nullopt));
          State state =
              State::lock(context.call, context.param("id"), items_to_show(view_with_customer()), std::move(before));
          if (!wanted[0].quantity || wanted[0].variant_id.empty())
            throw Error::invalid_data("Unable to generate the line item because one or more required argument(s) are "
                                      "missing. Ensure quantity, regionId, and variantId are passed");
          auto buyer_id = context.call.identity.customer_id;
          if (!buyer_id && !state.text("customer_id").empty()) buyer_id = state.text("customer_id");
          add_items(state, wanted, variants_of(*variants, wanted), {state.text("region_id"), buyer_id});
          context.call.emit("cart.updated", base::JsonObject{{"id", state.id()}});
          View view = View::of(state, view_with_customer());
          tell_ended(view, state.ended);
          view.sync_sessions(ForceTaxes::no);
          return cart_object(view.json());
        })};
  });
}

void remove_line_item_of(State& state, const std::string& item_id) {
  if (remove_items(state, {item_id})) state.call->emit("cart.updated", base::JsonObject{{"id", state.id()}});
}

// POST /store/carts/:id/line-items/:line_id
void update_line_item(Context& context) {
  const Json& body = context.body();
  const std::string& item_id = context.param("line_id");
  const auto quantity = body["quantity"].as_int();
  context.json(changed(context, [&](State& state) {
    if (quantity == 0) return remove_line_item_of(state, item_id);
    update_item(state, item_id, quantity, body["metadata"]);
    state.call->emit("cart.updated", state.cart);
  }));
}

// DELETE /store/carts/:id/line-items/:line_id
void delete_line_item(Context& context) {
  context.json(changed(context, [&](State& state) { remove_line_item_of(state, context.param("line_id")); }));
}

// DELETE /store/carts/:id/discounts/:code
void delete_discount(Context& context) {
  context.json(changed(context, [&](State& state) {
    remove_discount(state, context.param("code"));
    state.call->emit("cart.updated", state.cart);
  }));
}

// POST /store/carts/:id/shipping-methods
void post_shipping_method(Context& context) {
  const Json& body = context.body();
  const Json data = body["data"].is_nullish() ? Json::object() : body["data"];
  context.json(
      changed(context, [&](State& state) { add_shipping_method(state, body["option_id"].as_string(), data); }));
}

// GET /store/shipping-options/:cart_id
void get_shipping_options(Context& context) {
  context.json(shipping_options_json(context.call, context.param("cart_id")));
}

// POST /store/carts/:id/payment-sessions
void create_payment_sessions(Context& context) {
  idempotency::run(context, [&] {
    return idempotency::Reply{
        200, context.call.atomic([&] {
          View view = locked_view(context, view_with_customer());
          auto sessions = view.sessions();
          sessions.set_all(context.call, view.payment_context(view.totals(ForceTaxes::yes).total),
                           view.payment_providers());
          view.put(sessions);
          // Quirk: the cart is shown twice, and only the second time as everywhere else.
          const auto shown = view.json(ForceTaxes::yes);
          return object({{"cart", view.json(ForceTaxes::yes, View::Raw::shown)}, {"data", shown}});
        })};
  });
}

// POST /store/carts/:id/payment-session
void select_payment_session(Context& context) {
  context.json(sessions_changed(context, [&](View& view, payment::Sessions& sessions) {
    sessions.select(context.call, context.body()["provider_id"].as_string(),
                    view.payment_context(view.totals(ForceTaxes::no).total), view.payment_providers());
  }));
}

// POST /store/carts/:id/payment-sessions/:provider_id
void update_payment_session(Context& context) {
  context.json(sessions_changed(context, [&](View& view, payment::Sessions& sessions) {
    sessions.select(context.call, context.param("provider_id"), view.payment_context(view.totals(ForceTaxes::no).total),
                    view.payment_providers());
    sessions.update_selected(context.call, context.body()["data"]);
    context.call.emit("cart.updated", base::JsonObject{{"id", view.row().str("id")}});
  }));
}

// DELETE /store/carts/:id/payment-sessions/:provider_id
void delete_payment_session(Context& context) {
  context.json(sessions_changed(context, [&](View&, payment::Sessions& sessions) {
    sessions.remove(context.call, context.param("provider_id"));
  }));
}

// POST /store/carts/:id/payment-sessions/:provider_id/refresh
void refresh_payment_session(Context& context) {
  static const query::Selection selection =
      shown({"region.countries", "region.payment_providers", "payment_sessions", "shipping_methods.shipping_option"});
  context.json(sessions_changed(
      context,
      [&](View& view, payment::Sessions& sessions) {
        sessions.refresh(context.call, context.param("provider_id"),
                         view.payment_context(view.totals(ForceTaxes::no).total));
      },
      selection));
}

// POST /store/carts/:id/taxes
void calculate_taxes(Context& context) {
  static const query::Selection selection = shown({});
  idempotency::run(context, [&] {
    const View view = View::read(context.call, context.param("id"), selection);
    return idempotency::Reply{200, cart_object(view.json(ForceTaxes::yes))};
  });
}

} // namespace

http::Routes store_routes() {
  using http::Method;
  const auto route = [](Method method, std::string_view path, http::Handler handler,
                        const http::Rules* body = nullptr) {
    return http::Route{.method = method,
                       .path = path,
                       .handler = std::move(handler),
                       .auth = http::Auth::customer_optional,
                       .query_rules = &find_params,
                       .body_rules = body};
  };
  http::Routes routes{
      route(Method::get, "/store/carts/:id", get_cart),
      route(Method::post, "/store/carts", create_cart, &create_body),
      route(Method::post, "/store/carts/:id", update_cart, &update_body),
      route(Method::post, "/store/carts/:id/line-items", add_line_item, &item_body),
      route(Method::post, "/store/carts/:id/line-items/:line_id", update_line_item, &item_update_body),
      route(Method::del, "/store/carts/:id/line-items/:line_id", delete_line_item),
      route(Method::del, "/store/carts/:id/discounts/:code", delete_discount),
      route(Method::post, "/store/carts/:id/payment-sessions", create_payment_sessions),
      route(Method::post, "/store/carts/:id/payment-sessions/:provider_id", update_payment_session,
            &payment_session_update_body),
      route(Method::del, "/store/carts/:id/payment-sessions/:provider_id", delete_payment_session),
      route(Method::post, "/store/carts/:id/payment-sessions/:provider_id/refresh", refresh_payment_session),
      route(Method::post, "/store/carts/:id/payment-session", select_payment_session, &payment_session_body),
      route(Method::post, "/store/carts/:id/shipping-methods", post_shipping_method, &shipping_method_body),
      route(Method::post, "/store/carts/:id/taxes", calculate_taxes),
      route(Method::get, "/store/shipping-options/:cart_id", get_shipping_options)};
  routes.back().query_rules = nullptr;
  for (auto& one : routes) {
    // With codes of discounts and gift cards in the body.
    if (one.body_rules == &update_body) one.guess = http::Guess::code;
    // 1.20 looks at a key where a cart is made, its region or channel may change, and its items are put in.
    for (const auto* body : {&create_body, &update_body, &item_body, &item_update_body})
      if (one.body_rules == body) one.publishable_key = http::PublishableKey::opens_channels;
  }
  return routes;
}

} // namespace commerce::cart
