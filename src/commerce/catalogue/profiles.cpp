#include "commerce/catalogue/profiles.hpp"

namespace commerce::catalogue {

void add_profiles(const std::vector<query::Row>& products) {
  for (const auto& product : products) {
    if (!product.has("profiles")) return;
    const auto profiles = product.many("profiles");
    if (profiles.empty()) continue;
    product.compute_behind("profiles", "profile", query::row_json(profiles.back()));
    product.compute_behind("profiles", "profile_id", base::Json(profiles.back().id()).dump());
  }
}

} // namespace commerce::catalogue
