#include "commerce/draft_order/admin.hpp"
#include "base/error.hpp"
#include "commerce/address_rules.hpp"
#include "commerce/cart/view.hpp"
#include "commerce/draft_order/items.hpp"
#include "commerce/draft_order/service.hpp"
#include "commerce/draft_order/states.hpp"
#include "commerce/draft_order/tables.hpp"
#include "commerce/values.hpp"
#include "http/resource.hpp"
#include "query/known.hpp"
#include "query/row_of.hpp"

namespace commerce::draft_order {
namespace {

using base::Json;
using http::By;
using http::Context;
using http::Is;
using enum http::Presence;

const std::vector<std::string> kFields{"id",          "status",     "display_id", "cart_id",  "order_id",
                                       "canceled_at", "created_at", "updated_at", "metadata", "no_notification_order"};

// A draft's cart as an admin sees it.
const query::Selection& cart_selection() {
  static const query::Selection selection =
      cart::shown({"region", "items", "items.adjustments", "payment", "shipping_address", "shipping_address.country",
                   "billing_address", "billing_address.country", "region.payment_providers", "shipping_methods",
                   "payment_sessions", "shipping_methods.shipping_option", "discounts", "customer", "discounts.rule"});
  return selection;
}

// A search looks at carts, and shows them.
void prepare(Context& context, const query::Wanted&, query::Read& read) {
  if (context.query()["q"].truthy()) read.selection.with("cart");
  if (auto* cart = read.selection.child("cart"))
    if (auto* items = cart->selection.child("items")) items->order_by = "t.created_at ASC, t.id ASC";
}

http::Resource drafts() {
  return http::Resource{
      .path = "/admin/draft-orders",
      .entity = "DraftOrder",
      .one = "draft_order",
      .many = "draft_orders",
      .read = {.fields = kFields, .relations = {"order", "cart", "cart.items", "cart.items.adjustments"}},
      .filters = {{"status", By::list}, {"created_at", By::date}, {"updated_at", By::date}},
      .search = "EXISTS (SELECT 1 FROM cart c WHERE c.id = t.cart_id AND c.deleted_at IS NULL AND "
                "(c.email ILIKE $? OR t.display_id::varchar ILIKE $?))",
      // Quirk: `fields` must be a number, so that it can't be used.
      .unfiltered = {{"status", Is::each_enumeration, http::Presence::optional, nullptr, values_of(kStatuses)},
                     {"fields", Is::number, http::Presence::optional}},
      .refused = {"status", "fields"},
      .limit = 50,
      .auth = http::Auth::admin,
      .prepare = prepare}
      .list();
}

// What can't have come to a draft that has just been made.
query::Selection fresh_cart(const Wish& wish) {
  auto selection = cart_selection();
  for (const char* relation :
       {"gift_cards", "items.tax_lines", "payment", "payment_sessions", "shipping_methods.tax_lines"})
    query::know_empty(selection, relation);
  if (wish.discounts.empty())
    for (const char* relation : {"discounts", "items.adjustments"}) query::know_empty(selection, relation);
  return selection;
}

// The draft with its cart. Which of its own columns and relations are shown differs by route, as in 1.20.
std::string shown(Context& context, const std::string& id, const query::Selection& selection,
                  const query::Selection& of_cart = cart_selection()) {
  const auto tree = query::read_one(context.call.db(), context.call.flags,
                                    {.entity = &schema::get("DraftOrder"), .selection = selection}, id);
  const auto draft = tree.first<table::DraftOrder>();
  if (!draft) throw base::Error::not_found("Draft order with " + id + " was not found");
  const auto cart = cart::View::read(context.call, draft->text("cart_id"), of_cart);
  draft->compute("cart", cart.json(totals::ForceTaxes::no, cart::View::Raw::shown, cart::View::Style::by_name));
  return http::one_json("draft_order", *draft);
}
const query::Selection& with_order() {
  static const query::Selection selection = query::select(kFields, {"order"});
  return selection;
}
const query::Selection& without_order_yet() {
  static const query::Selection selection = [] {
    auto made = with_order();
    query::know_empty(made, "order");
    return made;
  }();
  return selection;
}
const query::Selection& alone() {
  static const query::Selection selection = query::select(kFields, {});
  return selection;
}

// Medusa 1.20: GET /admin/draft-orders/:id
void show(Context& context) { context.json(shown(context, context.param("id"), with_order())); }

// --- what the bodies hold --------------------------------------------------------------------------------------------

const http::Rules kDiscountRules{{{"code", Is::string}}};
const http::Rules kItemRules{.rows = {{"title", Is::string, optional},
                                      {"unit_price", Is::number, optional},
                                      {"variant_id", Is::string, optional},
                                      {"quantity", Is::number},
                                      {"metadata", Is::object, optional}},
                             .of = "LineItem"};
const http::Rules kMethodRules{
    .rows = {{"option_id", Is::string}, {"data", Is::object, optional}, {"price", Is::number, optional}},
    .of = "CustomShippingOption"};
const http::Rule kBillingAddress{"billing_address", Is::nested_or_text, optional, &kAddressRules, {}, "AddressPayload"};
const http::Rule kShippingAddress{"shipping_address", Is::nested_or_text, optional, &kAddressRules, {},
                                  "AddressPayload"};

const http::Rules kCreateRules{.rows = {{"status", Is::enumeration, optional, nullptr, values_of(kStatuses)},
                                        {"email", Is::email},
                                        kBillingAddress,
                                        kShippingAddress,
                                        {"items", Is::array, optional, &kItemRules},
                                        {"region_id", Is::string},
                                        {"discounts", Is::array, optional, &kDiscountRules},
                                        {"customer_id", Is::string, optional},
                                        {"no_notification_order", Is::boolean, optional},
                                        {"shipping_methods", Is::array, not_empty_first, &kMethodRules},
                                        {"metadata", Is::object, optional}}};
const http::Rules kUpdateRules{.rows = {{"region_id", Is::string, optional},
                                        {"country_code", Is::string, optional},
                                        {"email", Is::email, optional},
                                        kBillingAddress,
                                        kShippingAddress,
                                        {"discounts", Is::array, optional, &kDiscountRules},
                                        {"customer_id", Is::string, optional},
                                        {"no_notification_order", Is::boolean, optional}}};
const http::Rules kNewItemRules{.rows = {{"title", Is::string, optional},
                                         {"unit_price", Is::integer, optional},
                                         {"variant_id", Is::string, optional},
                                         {"quantity", Is::integer},
                                         {"metadata", Is::object, optional}},
                                .of = "LineItem"};
const http::Rules kItemChangeRules{.rows = {{"title", Is::string, optional},
                                            {"unit_price", Is::integer, optional},
                                            {"quantity", Is::integer, optional},
                                            {"metadata", Is::object, optional}},
                                   .of = "LineItem"};

ItemWish item_of(const Json& body) {
  ItemWish item{.variant_id = optional_text(body["variant_id"]),
                .unit_price = optional_integer(body["unit_price"]),
                .quantity = body["quantity"].as_int(),
                .metadata = body.has("metadata") ? body["metadata"] : Json::object()};
  if (item.variant_id && item.variant_id->empty()) item.variant_id.reset();
  if (body["title"].is_string()) item.title = body["title"].as_string();
  return item;
}

// --- what is done ----------------------------------------------------------------------------------------------------

// Medusa 1.20: POST /admin/draft-orders
void create_draft(Context& context) {
  const Json& body = context.body();
  Wish wish{.cart = {.region_id = body["region_id"].as_string(),
                     .customer_id = optional_text(body["customer_id"]),
                     .email = body["email"],
                     .shipping_address = body["shipping_address"],
                     .billing_address = body["billing_address"],
                     .metadata = body["metadata"]}};
  if (body["no_notification_order"].is_bool()) wish.no_notification_order = body["no_notification_order"].as_bool();
  for (const Json& item : elements_of(body["items"])) {
    wish.items.push_back(item_of(item));
    if (wish.items.back().title.empty()) wish.items.back().title = ItemWish{}.title;
  }
  for (const Json& method : elements_of(body["shipping_methods"])) {
    MethodWish one{.option_id = method["option_id"].as_string(), .price = optional_integer(method["price"])};
    if (method["data"].is_object()) one.data = method["data"];
    wish.shipping_methods.push_back(std::move(one));
  }
  for (const Json& discount : elements_of(body["discounts"])) wish.discounts.push_back(discount["code"].as_string());
  context.json(context.call.atomic(
      [&] { return shown(context, create(context.call, wish), without_order_yet(), fresh_cart(wish)); }));
}

// Medusa 1.20: POST /admin/draft-orders/:id. 1.20 shows no_notification_order as it was before.
void update_draft(Context& context) {
  static const query::Selection whole = query::select({}, {});
  const auto& id = context.param("id");
  context.json(context.call.atomic([&] {
    update(context.call, id, context.body());
    return shown(context, id, whole);
  }));
}

// Medusa 1.20: DELETE /admin/draft-orders/:id
void delete_draft(Context& context) {
  const auto& id = context.param("id");
  remove(context.call, id);
  context.json(base::JsonObject{{"id", id}, {"object", "draft-order"}, {"deleted", true}});
}

// A change of the lines, and the draft behind it.
template<class Change> void changed(Context& context, Change&& change) {
  const auto& id = context.param("id");
  context.json(context.call.atomic([&] {
    change(id);
    return shown(context, id, alone());
  }));
}

// Medusa 1.20: POST /admin/draft-orders/:id/line-items
void create_item(Context& context) {
  changed(context, [&](const std::string& id) { add_item(context.call, id, item_of(context.body())); });
}

// Medusa 1.20: POST /admin/draft-orders/:id/line-items/:line_id
void change_item(Context& context) {
  const Json& body = context.body();
  const ItemChange change{.title = optional_text(body["title"]),
                          .unit_price = optional_integer(body["unit_price"]),
                          .quantity = optional_integer(body["quantity"]),
                          .metadata = body["metadata"]};
  changed(context, [&](const std::string& id) { update_item(context.call, id, context.param("line_id"), change); });
}

// Medusa 1.20: DELETE /admin/draft-orders/:id/line-items/:line_id
void delete_item(Context& context) {
  changed(context, [&](const std::string& id) { remove_item(context.call, id, context.param("line_id")); });
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  auto routes = drafts().routes();
  const auto add = [&](http::Method method, std::string_view path, http::Handler handler,
                       const http::Rules* body = nullptr) {
    routes.push_back(
        {.method = method, .path = path, .handler = std::move(handler), .auth = http::Auth::admin, .body_rules = body});
  };
  add(get, "/admin/draft-orders/:id", show);
  add(post, "/admin/draft-orders", create_draft, &kCreateRules);
  add(post, "/admin/draft-orders/:id", update_draft, &kUpdateRules);
  add(del, "/admin/draft-orders/:id", delete_draft);
  add(post, "/admin/draft-orders/:id/line-items", create_item, &kNewItemRules);
  add(post, "/admin/draft-orders/:id/line-items/:line_id", change_item, &kItemChangeRules);
  add(del, "/admin/draft-orders/:id/line-items/:line_id", delete_item);
  return routes;
}

} // namespace commerce::draft_order
