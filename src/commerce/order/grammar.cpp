// What the order routes show by default and on request.
// Medusa 1.20: api/routes/store/orders, types/orders.
#include "commerce/order/view.hpp"

namespace commerce::order {

const Grammar& store_grammar() {
  static const Grammar grammar = [] {
    const Names fields{"id",          "status", "fulfillment_status", "payment_status", "display_id", "cart_id",
                       "customer_id", "email",  "region_id",          "currency_code",  "tax_rate",   "created_at"};
    const Names relations{"shipping_address",
                          "fulfillments",
                          "fulfillments.tracking_links",
                          "items",
                          "items.variant",
                          "shipping_methods",
                          "shipping_methods.shipping_option",
                          "discounts",
                          "discounts.rule",
                          "customer",
                          "payments",
                          "region"};
    Names allowed = fields;
    for (const char* name :
         {"object", "shipping_total", "discount_total", "tax_total", "refunded_total", "total", "subtotal",
          "paid_total", "refundable_amount", "gift_card_total", "gift_card_tax_total", "items.refundable"})
      allowed.emplace_back(name);
    Names allowed_relations = relations;
    allowed_relations.emplace_back("billing_address");
    return Grammar{.read = {fields, relations, allowed, allowed_relations}};
  }();
  return grammar;
}

const Grammar& my_grammar() {
  static const Grammar grammar{.read = {store_grammar().read.fields, store_grammar().read.relations}};
  return grammar;
}

Grammar admin_grammar(const schema::Flags& flags) {
  Grammar grammar{
      .read = {.fields = {"id", "status", "fulfillment_status", "payment_status", "display_id", "cart_id",
                          "draft_order_id", "customer_id", "email", "region_id", "currency_code", "tax_rate",
                          "canceled_at", "created_at", "updated_at", "metadata", "no_notification"},
               .relations = {"billing_address",
                             "claims",
                             "claims.additional_items",
                             "claims.additional_items.variant",
                             "claims.claim_items",
                             "claims.claim_items.images",
                             "claims.claim_items.item",
                             "claims.fulfillments",
                             "claims.fulfillments.tracking_links",
                             "claims.return_order",
                             "claims.return_order.shipping_method",
                             "claims.return_order.shipping_method.tax_lines",
                             "claims.shipping_address",
                             "claims.shipping_methods",
                             "customer",
                             "discounts",
                             "discounts.rule",
                             "fulfillments",
                             "fulfillments.items",
                             "fulfillments.tracking_links",
                             "gift_card_transactions",
                             "gift_cards",
                             "items",
                             "payments",
                             "refunds",
                             "region",
                             "returns",
                             "returns.items",
                             "returns.items.reason",
                             "returns.shipping_method",
                             "returns.shipping_method.shipping_option",
                             "returns.shipping_method.tax_lines",
                             "shipping_address",
                             "shipping_methods",
                             "shipping_methods.shipping_option",
                             "shipping_methods.tax_lines",
                             "swaps",
                             "swaps.additional_items",
                             "swaps.additional_items.variant",
                             "swaps.fulfillments",
                             "swaps.fulfillments.tracking_links",
                             "swaps.payment",
                             "swaps.return_order",
                             "swaps.return_order.shipping_method",
                             "swaps.return_order.shipping_method.shipping_option",
                             "swaps.return_order.shipping_method.tax_lines",
                             "swaps.shipping_address",
                             "swaps.shipping_methods",
                             "swaps.shipping_methods.shipping_option",
                             "swaps.shipping_methods.tax_lines"}},
      .totals = {"items.refundable", "swaps.additional_items.refundable", "claims.additional_items.refundable"}};
  if (flags.on(schema::Flag::sales_channels)) {
    grammar.read.relations.emplace_back("sales_channel");
    grammar.read.fields.emplace_back("sales_channel_id");
  }
  return grammar;
}

} // namespace commerce::order
