#include "commerce/draft_order/admin.hpp"
#include "base/error.hpp"
#include "commerce/cart/view.hpp"
#include "http/resource.hpp"

namespace commerce::draft_order {
namespace {

using http::By;
using http::Context;
using http::Is;

const std::vector<std::string> kFields{"id",          "status",     "display_id", "cart_id",  "order_id",
                                       "canceled_at", "created_at", "updated_at", "metadata", "no_notification_order"};

// A draft's cart as the admin sees it.
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
      .unfiltered = {{"status", Is::each_enumeration, http::Presence::optional, nullptr, {"open", "completed"}},
                     {"fields", Is::number, http::Presence::optional}},
      .refused = {"status", "fields"},
      .limit = 50,
      .auth = http::Auth::admin,
      .prepare = prepare}
      .list();
}

// Medusa 1.20: GET /admin/draft-orders/:id
void show(Context& context) {
  const auto& id = context.param("id");
  const auto tree =
      query::read_one(context.call.db(), context.call.flags,
                      {.entity = &schema::get("DraftOrder"), .selection = query::select(kFields, {"order"})}, id);
  const auto draft = tree.first();
  if (!draft) throw base::Error::not_found("Draft order with " + id + " was not found");
  const auto cart = cart::View::read(context.call, draft->text("cart_id"), cart_selection());
  draft->compute("cart", cart.json(totals::ForceTaxes::no, cart::View::Raw::shown, cart::View::Style::by_name));
  context.json(http::one_json("draft_order", *draft));
}

} // namespace

http::Routes admin_routes() {
  auto routes = drafts().routes();
  routes.push_back({.path = "/admin/draft-orders/:id", .handler = show, .auth = http::Auth::admin});
  return routes;
}

} // namespace commerce::draft_order
