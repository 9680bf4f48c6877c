// The registry of what every domain's tables look like. Called once, before anything reads the schema: by app at start
// and by tests.
#pragma once

namespace commerce {

// Adds the entities of all domains to the schema. Further calls do nothing.
void add_entities();

void add_catalogue_entities();
void add_pricing_entities();
void add_region_entities();
void add_tax_entities();
void add_discount_entities();
void add_gift_card_entities();
void add_customer_entities();
void add_shipping_entities();
void add_cart_entities();
void add_payment_entities();
void add_order_entities();
void add_fulfillment_entities();
void add_returns_entities();
void add_swap_entities();
void add_claim_entities();
void add_order_edit_entities();
void add_draft_order_entities();
void add_sales_channel_entities();
void add_user_entities();
void add_store_entities();
void add_stock_entities();

} // namespace commerce
