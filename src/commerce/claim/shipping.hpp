// The shipping methods that a claim's additional items go out with. Owns nothing. Called by claim/service, on the fiber of the
// request, inside a transaction that holds the order's row. The number of statements is the same for any number of methods.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "commerce/shipping/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::claim {

// A method that exists, by its id, or else a new one of an option.
struct WishedMethod {
  std::string id{}, option_id{};
  std::optional<base::Amount> price{}; // else the option's
  base::Json data = base::Json::object();
};
// Existing methods must be of the same order or of one of its claims; others are passed over, as 1.20 passes over ids that are
// not there (it takes strangers' away). Medusa 1.20: ShippingOptionService.updateShippingMethod, createShippingMethod
void add_methods(ports::Call& call, std::string_view claim_id, std::string_view order_id,
                 const std::vector<WishedMethod>& wished);
// The claim's methods make room for others: what belongs to an order too stays there, the rest goes (1.20 leaves it without an
// owner, which the table refuses). `kept`: those that are wanted again.
void detach_methods(ports::Call& call, const std::vector<query::RowOf<table::ShippingMethod>>& methods,
                    const std::vector<WishedMethod>& kept);

} // namespace commerce::claim
