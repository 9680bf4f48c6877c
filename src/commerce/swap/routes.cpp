#include "commerce/swap/routes.hpp"
#include "base/error.hpp"
#include "commerce/cart/view.hpp"
#include "commerce/eager.hpp"
#include "commerce/swap/admin.hpp"
#include "commerce/swap/storefront.hpp"
#include "commerce/swap/tables.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::swap {
namespace {

using base::Error;
using http::Context;
using http::Is;

const schema::Entity& swaps() { return schema::get("Swap"); }

http::Resource list() {
  return http::Resource{.path = "/admin/swaps",
                        .entity = "Swap",
                        .one = "swap",
                        .many = "swaps",
                        .unfiltered = {{"offset", Is::integer_text, http::Presence::optional},
                                       {"limit", Is::integer_text, http::Presence::optional}},
                        .refused = {"fields", "expand", "order", "offset", "limit"},
                        .limit = 50,
                        .auth = http::Auth::admin}
      .list();
}

// Medusa 1.20: GET /admin/swaps/:id. The cart is read for itself, and totalled. Where there is none yet, 1.20 says that the
// cart null is missing.
void show(Context& context) {
  auto selection = query::select({"id", "fulfillment_status", "payment_status", "order_id", "difference_due", "cart_id",
                                  "created_at", "updated_at", "metadata"},
                                 {"additional_items.adjustments", "fulfillments", "order", "payment", "return_order",
                                  "shipping_address", "shipping_methods.shipping_option"});
  add_eager_items(selection, swaps());
  const auto tree = query::read_one(context.call.db(), context.call.flags,
                                    {.entity = &swaps(), .selection = std::move(selection)}, context.param("id"));
  const auto swap = tree.first<table::Swap>();
  if (!swap) throw Error::not_found("Swap was not found");
  std::string cart = "null";
  if (!swap->is_null("cart_id"))
    cart = cart::View::read(context.call, swap->text("cart_id"),
                            cart::with_named_totals({"items.adjustments", "items.variant"}))
               .named_totals_json();
  swap->compute_behind("cart", "cart", std::move(cart));
  context.json(http::one_json("swap", *swap));
}

// Medusa 1.20: GET /store/swaps/:cart_id, SwapService.retrieveByCartId
void show_by_cart(Context& context) {
  auto selection =
      query::select({}, {"order", "additional_items.variant", "return_order.shipping_method.shipping_option",
                         "fulfillments", "payment", "shipping_address", "shipping_methods.shipping_option", "cart"});
  add_eager_items(selection, swaps());
  // Shown in this order, not in that of their names.
  for (auto& child : selection.children) child.place = query::Place::last;
  const auto tree = query::read(context.call.db(), context.call.flags,
                                {.entity = &swaps(),
                                 .selection = std::move(selection),
                                 .where = {{"cart_id", query::Operator::equal, {context.param("cart_id")}}}});
  if (!tree.first()) throw Error::not_found("Swap was not found");
  context.json(http::one_json("swap", *tree.first()));
}

} // namespace

http::Routes admin_routes() {
  auto routes = list().routes();
  routes.push_back({.path = "/admin/swaps/:id", .handler = show, .auth = http::Auth::admin});
  const auto changes = order_routes();
  routes.insert(routes.end(), changes.begin(), changes.end());
  return routes;
}

http::Routes store_routes() {
  auto routes = storefront_routes();
  routes.push_back({.path = "/store/swaps/:cart_id", .handler = show_by_cart});
  return routes;
}

} // namespace commerce::swap
