#include "commerce/order/filters.hpp"

namespace commerce::order {

const std::vector<query::Filter>& admin_filters() {
  using query::By;
  static const std::vector<query::Filter> filters{{"id"},
                                                  {"status", By::list},
                                                  {"fulfillment_status", By::list},
                                                  {"payment_status", By::list},
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
