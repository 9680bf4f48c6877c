#include "commerce/payment/collection_service.hpp"
#include <doctest/doctest.h>

TEST_CASE("what a payment collection's status becomes by an authorization") {
  using commerce::payment::status_after_authorization;
  CHECK(status_after_authorization(1500, 0) == "awaiting");
  CHECK(status_after_authorization(1500, 1) == "partially_authorized");
  CHECK(status_after_authorization(1500, 1499) == "partially_authorized");
  CHECK(status_after_authorization(1500, 1500) == "authorized");
  // More than the collection's amount, as one of 1.20's may say, leaves the status.
  CHECK(!status_after_authorization(1500, 1501));
}
