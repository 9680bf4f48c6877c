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

bool answers(const Report& told, const http::Request& request, const http::Route* route,
             const plugins::Shown& shown = {}) {
  const auto routes = route ? std::span(route, 1) : std::span<const http::Route>();
  return plugins::Division(std::make_shared<const Report>(told), routes, shown).is_the_childs(request, route);
}

} // namespace

TEST_CASE("who answers a request is known by its route, whatever its parts are called") {
  CHECK(Report::key_of("GET", "/store/carts/:id/line-items/:line_id") == "GET /store/carts/:/line-items/:");
  const http::Route cart{.path = "/store/carts/:cart_id"}, region{.path = "/store/regions"};
  CHECK(answers(report(), get("/store/carts/cart_1"), &cart));
  CHECK_FALSE(answers(report(), get("/store/regions"), &region));
  const http::Route change{.method = http::Method::post, .path = "/store/carts/:id"};
  CHECK_FALSE(answers(report(), get("/store/carts/cart_1"), &change));
}

TEST_CASE("what has no native route is the child's, and so are the parts of the site that plugins take") {
  const http::Route native{.path = "/app"};
  CHECK(answers(report(), get("/of-a-plugin"), nullptr));
  CHECK(answers(report(), get("/app"), &native));
  CHECK(answers(report(), get("/APP/orders"), &native));
  CHECK_FALSE(answers(report(), get("/apparel"), &native));
}

TEST_CASE("a route that is the child's for API tokens only stays native for others") {
  const http::Route products{.path = "/admin/products"};
  CHECK_FALSE(answers(report(), get("/admin/products"), &products));
  CHECK(answers(report(), get("/admin/products", {{"X-Medusa-Access-Token", "t"}}), &products));
}

TEST_CASE("a report says which providers there are, and what is missing in it does no harm") {
  CHECK(report().offers_provider("payment", "stripe"));
  CHECK_FALSE(report().offers_provider("fulfillment", "stripe"));
  CHECK(report().offers.front().knows_keys);
  CHECK(report().plugins == std::vector<std::string>{"medusa-payment-stripe 6.0.11"});
  const http::Route cart{.path = "/store/carts/:id"};
  CHECK_FALSE(answers(Report(base::Json()), get("/store/carts/1"), &cart));
}

TEST_CASE("a path of a plugin's is its own, though a core route would take it for a name") {
  const http::Route cart{.path = "/store/carts/:id"}, change{.method = http::Method::post, .path = "/store/carts/:id"};
  http::Request request = get("/store/Carts/featured");
  request.method_text = "GET";
  CHECK(answers(report(), request, &cart));
  request.method_text = "POST";
  CHECK_FALSE(answers(report(), request, &change));
  const http::Route region{.path = "/store/regions/:id"};
  CHECK(answers(report(), get("/store/regions/reg_1/tax/rates"), &region));
  CHECK(answers(report(), get("/store/regions/reg_1/tax"), &region));
  CHECK_FALSE(answers(report(), get("/store/regions/reg_1"), &region));
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
  CHECK(answers(told, get("/store/products"), &products));
  CHECK_FALSE(answers(told, get("/store/products"), &products, {"Product"}));
  const http::Route cart{.path = "/store/carts/:id"};
  http::Request request = get("/store/carts/cart_1");
  CHECK_FALSE(answers(told, request, &cart));
  for (const char* query : {"expand=items.variant.product", "a=b&Fields[]=x", "%66ields=x"}) {
    request.raw_query = query;
    CHECK(answers(told, request, &cart));
    CHECK_FALSE(answers(told, request, &cart, {"Product"}));
  }
}
