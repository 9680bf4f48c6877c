#include "plugins/report.hpp"
#include <doctest/doctest.h>

using plugins::Report;

namespace {

const Report& report() {
  static const Report told(base::parse_json(R"({
    "routes": [{"method": "GET", "path": "/store/carts/:id", "why": "services/cart.js"},
               {"method": "GET", "path": "/admin/products", "why": "auth", "when": "api_token"}],
    "own": [{"method": "GET", "path": "/store/carts/featured", "why": "api"}, {"method": "*", "path": "/store/regions/:any/tax/*", "why": "api"}],
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

TEST_CASE("a path of a plugin's is its own, though a core route would take it for a name") {
  const http::Route cart{.path = "/store/carts/:id"}, change{.method = http::Method::post, .path = "/store/carts/:id"};
  http::Request request = get("/store/Carts/featured");
  request.method_text = "GET";
  CHECK(report().answers(request, &cart));
  request.method_text = "POST";
  CHECK_FALSE(report().answers(request, &change));
  const http::Route region{.path = "/store/regions/:id"};
  CHECK(report().answers(get("/store/regions/reg_1/tax/rates"), &region));
  CHECK(report().answers(get("/store/regions/reg_1/tax"), &region));
  CHECK_FALSE(report().answers(get("/store/regions/reg_1"), &region));
}

TEST_CASE("an extended entity is read here where its columns are plain, and shown here") {
  const Report told(base::parse_json(R"({
    "routes": [{"method": "GET", "path": "/store/products", "why": "models", "entities": ["Product"]},
               {"method": "GET", "path": "/store/carts/:id", "why": "models", "entities": ["Product"], "when": "expand"}],
    "entities": {"extended": [
      {"name": "Product", "relations": [], "listeners": [], "columns": [
        {"property": "colour", "column": "colour", "type": "varchar", "nullable": true, "select": true},
        {"property": "hidden", "column": "hidden", "type": "number", "nullable": true, "select": false}]},
      {"name": "Cart", "columns": [{"property": "x", "column": "x", "type": "bigint", "nullable": true}]},
      {"name": "User", "columns": [{"property": "x", "column": "x", "type": "varchar", "nullable": false}]},
      {"name": "Order", "listeners": ["after-load"], "columns": []}]}})"));
  REQUIRE(told.extensions.size() == 4);
  CHECK(told.extensions[0].plain);
  REQUIRE(told.extensions[0].columns.size() == 2);
  CHECK(told.extensions[0].columns[1].shown == schema::Shown::never);
  CHECK(told.extensions[0].columns[1].type == schema::Type::integer);
  for (int at = 1; at < 4; ++at) CHECK_FALSE(told.extensions[at].plain);
  const http::Route products{.path = "/store/products"};
  CHECK(told.answers(get("/store/products"), &products));
  CHECK_FALSE(told.answers(get("/store/products"), &products, {"Product"}));
  const http::Route cart{.path = "/store/carts/:id"};
  http::Request request = get("/store/carts/cart_1");
  CHECK_FALSE(told.answers(request, &cart));
  for (const char* query : {"expand=items.variant.product", "a=b&Fields[]=x", "%66ields=x"}) {
    request.raw_query = query;
    CHECK(told.answers(request, &cart));
    CHECK_FALSE(told.answers(request, &cart, {"Product"}));
  }
}
