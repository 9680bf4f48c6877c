#include "commerce/region/storefront.hpp"
#include "commerce/region/grammar.hpp"
#include "commerce/storefront.hpp"
#include "commerce/watched.hpp"
#include "http/resource.hpp"

namespace commerce::region {
namespace {

void prepare(http::Context&, const query::Wanted&, query::Read& read) {
  show_only_public(*read.entity, read.selection);
}

http::Resource regions() {
  using http::By;
  return http::Resource{.path = "/store/regions",
                        .entity = "Region",
                        .one = "region",
                        .many = "regions",
                        .not_found = "Region with {id} was not found",
                        .id_name = "region_id",
                        .read = grammar(),
                        .filters = {{"created_at", By::date}, {"updated_at", By::date}},
                        // 1.20 checks the single region's query by the list's rules.
                        .retrieve_filters = {{"created_at", By::date},
                                             {"updated_at", By::date},
                                             {"offset", By::ignored},
                                             {"limit", By::ignored},
                                             {"order", By::ignored}},
                        .limit = 100,
                        .paged = http::Paged::limit_first,
                        .kept = http::Kept::while_catalogue_unchanged,
                        .keepable = shows_watched,
                        .shown_products = shown_products,
                        .prepare = prepare,
                        .prepare_one = prepare}
      .list()
      .retrieve();
}

} // namespace

http::Routes store_routes() { return regions().routes(); }

} // namespace commerce::region
