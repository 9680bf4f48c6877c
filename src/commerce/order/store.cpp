#include "commerce/order/store.hpp"
#include "commerce/order/view.hpp"

namespace commerce::order {
namespace {

using http::Context;
using http::Is;
using http::Presence;

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};
const http::Rules kShippingAddressRules{{{"postal_code", Is::string, Presence::optional}}};
const http::Rules kLookupRules{{{"display_id", Is::number_text},
                                {"email", Is::email},
                                {"shipping_address", Is::nested, Presence::optional, &kShippingAddressRules},
                                {"expand", Is::string, Presence::optional},
                                {"fields", Is::string, Presence::optional}}};

std::string enveloped(const std::string& order) { return R"({"order":)" + order + "}"; }

View view_of(const Context& context, query::Many many = query::Many::no) {
  return resolve(context.call.flags, store_grammar(), context.query(), many);
}

// Medusa 1.20: GET /store/orders/:id
void get_order(Context& context) {
  context.json(enveloped(retrieve(context.call, view_of(context), context.param("id"))));
}

// Medusa 1.20: GET /store/orders/cart/:cart_id
void get_order_by_cart(Context& context) {
  context.json(enveloped(retrieve_by_cart(context.call, whole(view_of(context)), context.param("cart_id"))));
}

// Medusa 1.20: GET /store/orders
// Quirk: the shipping address is checked but not looked at.
void look_up_order(Context& context) {
  const View view = view_of(context, query::Many::yes);
  const query::Read read{.entity = &schema::get("Order"),
                         .selection = view.selection,
                         .where = {{"display_id", query::Operator::equal, {base::number_text(context.query()["display_id"].as_number())}},
                                   {"email", query::Operator::equal, {context.query()["email"].as_string()}}},
                         .order = view.order,
                         .limit = 2};
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  if (tree.root->size() != 1) {
    context.response.status = 404;
    context.response.content_type = "text/plain; charset=utf-8";
    context.response.body = "Not Found";
    return;
  }
  context.json(enveloped(to_json(context.call, view, tree.root->row(0), Level::list)));
}

} // namespace

http::Routes store_routes() {
  return {{.path = "/store/orders", .handler = look_up_order, .query_rules = &kLookupRules},
          {.path = "/store/orders/:id", .handler = get_order, .query_rules = &kFindRules},
          {.path = "/store/orders/cart/:cart_id", .handler = get_order_by_cart, .query_rules = &kFindRules}};
}

} // namespace commerce::order
