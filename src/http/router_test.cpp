#include "http/router.hpp"
#include <doctest/doctest.h>

using http::Method;
using http::Router;

namespace {

void handler(http::Context&) {}

http::Route route(Method method, std::string_view path) { return {.method = method, .path = path, .handler = handler}; }

std::string found(const Router& router, Method method, std::string_view path) {
  const auto match = router.match(method, path);
  if (!match.route) return "none";
  std::string out(match.route->path);
  for (const auto& [name, value] : match.params) out += " " + std::string(name) + "=" + std::string(value);
  return out;
}

} // namespace

TEST_CASE("routes are found as Express finds them") {
  const Router router({route(Method::get, "/"), route(Method::get, "/store/carts/:id"),
                       route(Method::post, "/store/carts/:id"), route(Method::post, "/store/carts"),
                       route(Method::get, "/store/orders/customer/confirm"), route(Method::get, "/store/orders/:id"),
                       route(Method::get, "/store/orders/cart/:cart_id"),
                       route(Method::post, "/store/carts/:cart/line-items/:line")});
  CHECK(found(router, Method::get, "/") == "/");
  CHECK(found(router, Method::get, "/store/carts/cart_1") == "/store/carts/:id id=cart_1");
  CHECK(found(router, Method::head, "/store/carts/cart_1/") == "/store/carts/:id id=cart_1");
  CHECK(found(router, Method::get, "/STORE/Carts/Cart_1") == "/store/carts/:id id=Cart_1");
  CHECK(found(router, Method::put, "/store/carts/cart_1") == "none");
  CHECK(found(router, Method::get, "/store/carts") == "none");
  CHECK(found(router, Method::get, "/store/carts//") == "none");
  CHECK(found(router, Method::get, "//store/carts/1") == "none");
  CHECK(found(router, Method::get, "/store/orders/customer") == "/store/orders/:id id=customer");
  CHECK(found(router, Method::get, "/store/orders/cart/c%20d") == "/store/orders/cart/:cart_id cart_id=c%20d");
  CHECK(found(router, Method::post, "/store/carts/a/line-items/b") ==
        "/store/carts/:cart/line-items/:line cart=a line=b");
}

TEST_CASE("routes that contradict each other are refused together") {
  const http::Routes routes{route(Method::get, "/a/:id"),
                            route(Method::get, "/a/:name"),
                            route(Method::get, "b"),
                            {.method = Method::get, .path = "/c"}};
  try {
    const Router router(routes);
    FAIL("taken");
  } catch (const std::logic_error& fault) {
    const std::string text = fault.what();
    CHECK(text.find("GET /a/:name is given twice (as /a/:id)") != std::string::npos);
    CHECK(text.find("GET b ") != std::string::npos);
    CHECK(text.find("GET /c ") != std::string::npos);
  }
}
