#include "plugins/report.hpp"
#include <doctest/doctest.h>

using plugins::Report;

namespace {

const Report& report() {
  static const Report told(base::parse_json(R"({
    "routes": [{"method": "GET", "path": "/store/carts/:id", "why": "services/cart.js"},
               {"method": "GET", "path": "/admin/products", "why": "auth", "when": "api_token"}],
    "prefixes": [{"path": "/app", "why": "@medusajs/admin"}],
    "providers": [{"port": "payment", "id": "stripe", "knows_keys": true}, {"port": "tax", "id": "stripe"}, {}],
    "plugins": [{"name": "medusa-payment-stripe", "version": "6.0.11"}]})"));
  return told;
}

http::Request get(std::string path, std::vector<http::Header> headers = {}) {
  http::Request request;
  request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

} // namespace

TEST_CASE("who answers a request is known by its route, whatever its parts are called") {
  CHECK(Report::key_of("GET", "/store/carts/:id/line-items/:line_id") == "GET /store/carts/:/line-items/:");
  const http::Route cart{.path = "/store/carts/:cart_id"}, region{.path = "/store/regions"};
  CHECK(report().answers(get("/store/carts/cart_1"), &cart));
  CHECK_FALSE(report().answers(get("/store/regions"), &region));
  const http::Route change{.method = http::Method::post, .path = "/store/carts/:id"};
  CHECK_FALSE(report().answers(get("/store/carts/cart_1"), &change));
}

TEST_CASE("what has no native route is the child's, and so are the parts of the site that plugins take") {
  const http::Route native{.path = "/app"};
  CHECK(report().answers(get("/of-a-plugin"), nullptr));
  CHECK(report().answers(get("/app"), &native));
  CHECK(report().answers(get("/APP/orders"), &native));
  CHECK_FALSE(report().answers(get("/apparel"), &native));
}

TEST_CASE("a route that is the child's for API tokens only stays native for others") {
  const http::Route products{.path = "/admin/products"};
  CHECK_FALSE(report().answers(get("/admin/products"), &products));
  CHECK(report().answers(get("/admin/products", {{"X-Medusa-Access-Token", "t"}}), &products));
}

TEST_CASE("a report says which providers there are, and what is missing in it does no harm") {
  CHECK(report().offers_provider("payment", "stripe"));
  CHECK_FALSE(report().offers_provider("fulfillment", "stripe"));
  CHECK(report().offers.front().knows_keys);
  CHECK(report().plugins == std::vector<std::string>{"medusa-payment-stripe 6.0.11"});
  const http::Route cart{.path = "/store/carts/:id"};
  CHECK_FALSE(Report(base::Json()).answers(get("/store/carts/1"), &cart));
}
