#include "commerce/idempotency/idempotency.hpp"
#include <doctest/doctest.h>

namespace idempotency = commerce::idempotency;

TEST_CASE("idempotency: the path inside its router") {
  CHECK(idempotency::path_in_router("/store/carts") == "/");
  CHECK(idempotency::path_in_router("/store/carts/") == "/");
  CHECK(idempotency::path_in_router("/store/carts/cart_1/complete") == "/cart_1/complete");
  CHECK(idempotency::path_in_router("/admin/orders/order_1/refund") == "/order_1/refund");
}

TEST_CASE("idempotency: only long texts are keys") {
  CHECK_FALSE(idempotency::acceptable_key(""));
  CHECK_FALSE(idempotency::acceptable_key("1"));
  CHECK(idempotency::acceptable_key("9f9d635e-6268-488a-bb5d-bb6c1df19011"));
  CHECK_FALSE(idempotency::acceptable_key(std::string(256, 'a')));
  CHECK_FALSE(idempotency::acceptable_key("\xff\xfe 0123456789abcdef"));
}
