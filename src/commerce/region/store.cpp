#include "commerce/region/store.hpp"
#include "http/resource.hpp"

namespace commerce::region {
namespace {

http::Resource regions() {
  using http::By;
  const std::vector<std::string> relations{"countries", "payment_providers", "fulfillment_providers", "currency"};
  return http::Resource{.path = "/store/regions",
                        .entity = "Region",
                        .one = "region",
                        .many = "regions",
                        .not_found = "Region with {id} was not found",
                        .read = {.fields = {"id", "name", "currency_code", "tax_rate", "tax_code", "gift_cards_taxable",
                                            "automatic_taxes", "tax_provider_id", "metadata", "created_at", "updated_at",
                                            "deleted_at"},
                                 .relations = relations,
                                 .allowed_relations = relations},
                        .filters = {{"created_at", By::date}, {"updated_at", By::date}},
                        // 1.20 checks the single region's query by the list's rules.
                        .retrieve_filters = {{"created_at", By::date}, {"updated_at", By::date}, {"offset", By::ignored},
                                             {"limit", By::ignored}, {"order", By::ignored}},
                        .limit = 100,
                        .paged = http::Paged::limit_first,
                        .kept = http::Kept::while_catalogue_unchanged}
      .list()
      .retrieve();
}

} // namespace

http::Routes store_routes() { return regions().routes(); }

} // namespace commerce::region
