#include "commerce/answers.hpp"
#include "http/described.hpp"

namespace commerce {
namespace {

using enum http::Described::Rows;

// "GET /store/orders" is that route, "POST /store/carts*" every one that begins so; the first row that fits counts.
struct Row {
  std::string_view route;
  http::Described::Rows rows;
  std::string_view member, entity{};
  std::int64_t limit = 0;
  int status = 200;
};
constexpr Row kRows[] = {
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
    // Orders and what belongs to them.
    {"GET /admin/orders", page, "orders", "Order", 50},
    {"GET /admin/orders/:id/reservations", page, "reservations", "ReservationItem", 20},
    {"POST /admin/orders/:id/line-items/:line_item_id/reserve", one, "reservation", "ReservationItem"},
    {"GET /admin/orders/:id", one, "order", "Order"},
    {"POST /admin/orders*", one, "order", "Order"},
    {"GET /admin/draft-orders/:id", one, "draft_order", "DraftOrder"},
    {"GET /admin/swaps/:id", one, "swap", "Swap"},
    {"DELETE /admin/payment-collections/:id", removed, "payment_collection"},
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
      route.described = std::make_shared<const http::Described>(http::Described{
          .rows = row.rows, .member = row.member, .entity = row.entity, .limit = row.limit, .status = row.status});
      break;
    }
  }
}

} // namespace commerce
