#include "commerce/entities.hpp"

namespace commerce {

void add_entities() {
  static const bool done = [] {
    add_catalogue_entities();
    add_pricing_entities();
    add_region_entities();
    add_tax_entities();
    add_discount_entities();
    add_gift_card_entities();
    add_customer_entities();
    add_shipping_entities();
    add_cart_entities();
    add_payment_entities();
    add_order_entities();
    add_fulfillment_entities();
    add_returns_entities();
    add_swap_entities();
    add_claim_entities();
    add_order_edit_entities();
    add_draft_order_entities();
    add_sales_channel_entities();
    add_user_entities();
    add_store_entities();
    add_stock_entities();
    return true;
  }();
  (void)done;
}

} // namespace commerce
