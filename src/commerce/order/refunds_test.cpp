#include "commerce/order/refunds.hpp"
#include <doctest/doctest.h>

TEST_CASE("what an order's payment status becomes by a refund") {
  using commerce::order::status_after_refund;
  CHECK(status_after_refund(1000, 1) == "partially_refunded");
  CHECK(status_after_refund(1000, 999) == "partially_refunded");
  CHECK(status_after_refund(1000, 1000) == "refunded");
  // Nothing was paid, nothing has gone back, or more than was paid, as an order of 1.20's may say.
  CHECK(!status_after_refund(0, 0));
  CHECK(!status_after_refund(1000, 0));
  CHECK(!status_after_refund(1000, 1001));
}
