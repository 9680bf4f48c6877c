#include "commerce/order/filters.hpp"
#include "commerce/order/states.hpp"

namespace commerce::order {
namespace {

// Compared as what they are and not as texts, so that the index serves their counts; and planned for the values that are asked
// for, as few orders have some states and most have others.
query::Filter state_filter(std::string_view column, std::string_view sql, std::span<const std::string_view> values) {
  return {column, query::By::list, sql, {values.begin(), values.end()}};
}

} // namespace

const std::vector<query::Filter>& admin_filters() {
  using query::By;
  static const std::vector<query::Filter> filters{
      {"id"},
      state_filter("status", "/* planned each time */ t.status = ANY($?)", kStatuses),
      state_filter("fulfillment_status", "/* planned each time */ t.fulfillment_status = ANY($?)",
                   kFulfillmentStatuses),
      state_filter("payment_status", "/* planned each time */ t.payment_status = ANY($?)", kPaymentStatuses),
      {"display_id"},
      {"cart_id"},
      {"customer_id"},
      {"email"},
      {"region_id", By::text_or_list},
      {"currency_code"},
      {"tax_rate"},
      {"sales_channel_id", By::list},
      {"canceled_at", By::date},
      {"created_at", By::date},
      {"updated_at", By::date}};
  return filters;
}

} // namespace commerce::order
