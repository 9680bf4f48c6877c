// A payment collection comes to be: an amount that somebody is to pay besides an order's own payment. Owns nothing. Called by the
// domains that ask for money after an order was placed, on the fiber of the request, inside a transaction.
#pragma once
#include "base/money.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>

namespace commerce::payment {

struct CollectionWish {
  base::Amount amount = 0;
  std::string currency_code, region_id;
  std::optional<std::string> description{}, created_by{};
};
// Medusa 1.20: PaymentCollectionService.create, of the only type that there is (order_edit). Returns its id.
std::string create_collection(ports::Call& call, const CollectionWish& wish);

} // namespace commerce::payment
