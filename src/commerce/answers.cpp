#include "commerce/answers.hpp"
#include "http/described.hpp"

namespace commerce {
namespace {

using enum http::Described::Rows;

// "GET /store/orders" is that route, "POST /store/carts*" every one that begins so; the first row that fits counts.
struct Answered {
  std::string_view route;
  http::Described::Rows rows;
  std::string_view member, entity{};
  std::int64_t limit = 0;
  int status = 200;
  const http::Rules* shape = nullptr;
};
constexpr Answered answers(std::string_view route, const http::Rules& shape) {
  return {route, object, "", "", 0, 200, &shape};
}

// --- answers that are no rows --------------------------------------------------------------------------------------

using http::Is;
using enum http::Presence;

const http::Rules kToken{{{"access_token", Is::string}}};
const http::Rules kExists{{{"exists", Is::boolean}}};
const http::Rules kHits{{{"hits", Is::array}}};
const http::Rules kPaymentMethods{{{"payment_methods", Is::array}}};
const http::Rules kApps{{{"apps", Is::any}}};
const http::Rules kPricesRemoved{{{"ids", Is::string_array}, {"object", Is::string}, {"deleted", Is::boolean}}};
const http::Rules kOptionRemoved{
    {{"option_id", Is::string}, {"object", Is::string}, {"deleted", Is::boolean}, {"product", Is::object}}};
const http::Rules kVariantRemoved{
    {{"variant_id", Is::string}, {"object", Is::string}, {"deleted", Is::boolean}, {"product", Is::object}}};
const http::Rules kLevels{{{"id", Is::string}, {"location_levels", Is::array}}};
const http::Rules kItemLevels{{{"inventory_item", Is::nested, required, &kLevels}}};
const http::Rules kOptionsOfProvider{{{"provider_id", Is::string}, {"options", Is::array}}};
const http::Rules kFulfillmentOptions{{{"fulfillment_options", Is::array, required, &kOptionsOfProvider}}};
const http::Rules kStock{{{"id", Is::string}, {"inventory", Is::array}, {"sales_channel_availability", Is::array}}};
const http::Rules kVariantStock{{{"variant", Is::nested, required, &kStock}}};
const http::Rules kUpload{{{"url", Is::string}, {"key", Is::string}}};
const http::Rules kUploads{{{"uploads", Is::array, required, &kUpload}}};
const http::Rules kDownload{{{"download_url", Is::string}}};

const Answered kRows[] = {
    // Who asks.
    {"GET /admin/auth", one, "user", "User"},
    {"POST /admin/auth", one, "user", "User"},
    {"GET /store/auth", one, "customer", "Customer"},
    {"POST /store/auth", one, "customer", "Customer"},
    {"POST /admin/users", one, "user", "User"},
    {"POST /admin/users/reset-password", one, "user", "User"},
    {"DELETE /admin/analytics-configs", bare, "", "AnalyticsConfig"},
    {"GET /admin/analytics-configs", one, "analytics_config", "AnalyticsConfig"},
    {"POST /admin/analytics-configs*", one, "analytics_config", "AnalyticsConfig"},
    // The storefront.
    {"POST /store/customers", one, "customer", "Customer"},
    {"GET /store/customers/me/orders", page, "orders", "Order", 10},
    {"GET /store/customers/me", one, "customer", "Customer"},
    {"POST /store/customers/me*", one, "customer", "Customer"},
    {"DELETE /store/customers/me*", one, "customer", "Customer"},
    {"POST /store/customers/password-reset", one, "customer", "Customer"},
    {"POST /store/carts/:id/complete*", one, "data", "Order"},
    {"GET /store/carts*", one, "cart", "Cart"},
    {"POST /store/carts*", one, "cart", "Cart"},
    {"DELETE /store/carts*", one, "cart", "Cart"},
    {"GET /store/orders*", one, "order", "Order"},
    {"GET /store/gift-cards/:code", one, "gift_card", "GiftCard"},
    {"GET /store/shipping-options*", list, "shipping_options", "ShippingOption"},
    {"GET /store/swaps/:cart_id", one, "swap", "Swap"},
    {"POST /store/swaps", one, "swap", "Swap"},
    // Orders and what belongs to them.
    {"GET /admin/orders", page, "orders", "Order", 50},
    {"GET /admin/orders/:id/reservations", page, "reservations", "ReservationItem", 20},
    {"POST /admin/orders/:id/line-items/:line_item_id/reserve", one, "reservation", "ReservationItem"},
    {"GET /admin/orders/:id", one, "order", "Order"},
    {"POST /admin/orders*", one, "order", "Order"},
    {"POST /admin/returns/:id/receive", one, "return", "Return"},
    {"POST /admin/returns/:id/cancel", one, "order", "Order"},
    {"POST /store/returns", one, "return", "Return"},
    {"GET /admin/draft-orders/:id", one, "draft_order", "DraftOrder"},
    {"POST /admin/draft-orders/:id/pay", one, "order", "Order"},
    {"POST /admin/draft-orders*", one, "draft_order", "DraftOrder"},
    {"DELETE /admin/draft-orders/:id", removed, "draft-order"},
    {"DELETE /admin/draft-orders/:id/line-items/:line_id", one, "draft_order", "DraftOrder"},
    {"GET /admin/swaps/:id", one, "swap", "Swap"},
    {"DELETE /admin/order-edits/:id/changes/:change_id", removed, "item_change"},
    {"DELETE /admin/order-edits/:id/items/:item_id", one, "order_edit", "OrderEdit"},
    {"POST /admin/order-edits*", one, "order_edit", "OrderEdit"},
    {"POST /store/order-edits*", one, "order_edit", "OrderEdit"},
    {"DELETE /admin/payment-collections/:id", removed, "payment_collection"},
    {"POST /store/payment-collections/:id/sessions", one, "payment_collection", "PaymentCollection"},
    {"POST /store/payment-collections/:id/sessions/batch*", one, "payment_collection", "PaymentCollection"},
    {"POST /store/payment-collections/:id/sessions/:session_id*", one, "payment_session", "PaymentSession"},
    {"POST /admin/payments/:id/capture", one, "payment", "Payment"},
    {"POST /admin/payments/:id/refund", one, "refund", "Refund"},
    // The catalogue.
    {"GET /admin/products/tag-usage", list, "tags", "ProductTag"},
    {"DELETE /admin/products/:id", removed, "product"},
    {"DELETE /admin/product-categories/:id", removed, "product-category"},
    {"GET /admin/publishable-api-keys/:id/sales-channels", list, "sales_channels", "SalesChannel"},
    // Settings.
    {"POST /admin/customers*", one, "customer", "Customer"},
    {"GET /admin/customers/:id", one, "customer", "Customer"},
    {"POST /admin/currencies/:code", one, "currency", "Currency"},
    {"DELETE /admin/discounts/:discount_id", removed, "discount"},
    {"GET /admin/discounts/:discount_id/conditions/:condition_id", one, "discount_condition", "DiscountCondition"},
    {"GET /admin/discounts*", one, "discount", "Discount"},
    {"POST /admin/discounts*", one, "discount", "Discount"},
    {"DELETE /admin/discounts/:discount_id/*", one, "discount", "Discount"},
    {"GET /admin/store/payment-providers", list, "payment_providers", "PaymentProvider"},
    {"GET /admin/store/tax-providers", list, "tax_providers", "TaxProvider"},
    {"GET /admin/store", one, "store", "Store"},
    {"POST /admin/store*", one, "store", "Store"},
    {"DELETE /admin/store/currencies/:currency_code", one, "store", "Store"},
    {"GET /admin/tax-rates", page, "tax_rates", "TaxRate", 50},
    {"DELETE /admin/tax-rates/:id", removed, "tax-rate"},
    {"GET /admin/tax-rates/:id", one, "tax_rate", "TaxRate"},
    {"POST /admin/tax-rates*", one, "tax_rate", "TaxRate"},
    {"DELETE /admin/tax-rates*", one, "tax_rate", "TaxRate"},
    // What goes on beside.
    {"POST /admin/batch-jobs", one, "batch_job", "BatchJob", 0, 201},
    {"GET /admin/batch-jobs/:id", one, "batch_job", "BatchJob"},
    {"GET /admin/notifications", page, "notifications", "Notification", 50},
    {"POST /admin/notifications/:id/resend", one, "notification", "Notification"},
    {"DELETE /admin/uploads", removed, "file"},
    // What is no row.
    answers("POST /admin/auth/token", kToken),
    answers("POST /store/auth/token", kToken),
    answers("GET /store/auth/:email", kExists),
    answers("GET /store/customers/me/payment-methods", kPaymentMethods),
    answers("POST /store/products/search", kHits),
    answers("GET /admin/apps", kApps),
    answers("POST /admin/apps/authorizations", kApps),
    answers("DELETE /admin/price-lists*", kPricesRemoved),
    answers("DELETE /admin/products/:id/options*", kOptionRemoved),
    answers("DELETE /admin/products/:id/variants*", kVariantRemoved),
    answers("GET /admin/inventory-items/:id/location-levels", kItemLevels),
    answers("GET /admin/regions/:region_id/fulfillment-options", kFulfillmentOptions),
    answers("GET /admin/variants/:id/inventory", kVariantStock),
    answers("POST /admin/uploads/download-url", kDownload),
    answers("POST /admin/uploads*", kUploads),
    {"DELETE /admin/auth", text, ""},
    {"DELETE /store/auth", text, ""},
    {"POST /admin/invites*", text, ""},
    {"POST /store/orders/batch/customer/token", text, ""},
    {"POST /store/orders/customer/confirm", text, ""},
    {"POST /admin/users/password-token", nothing, "", "", 0, 204},
    {"POST /store/customers/password-token", nothing, "", "", 0, 204},
};

bool fits(std::string_view row, std::string_view route) {
  return row.ends_with('*') ? route.starts_with(row.substr(0, row.size() - 1)) : row == route;
}

} // namespace

void describe_answers(http::Routes& routes) {
  for (auto& route : routes) {
    if (route.described) continue;
    const std::string name = std::string(http::method_name(route.method)) + " " + std::string(route.path);
    for (const auto& row : kRows) {
      if (!fits(row.route, name)) continue;
      route.described = std::make_shared<const http::Described>(http::Described{.rows = row.rows,
                                                                                .member = row.member,
                                                                                .entity = row.entity,
                                                                                .limit = row.limit,
                                                                                .status = row.status,
                                                                                .shape = row.shape});
      break;
    }
  }
}

} // namespace commerce
