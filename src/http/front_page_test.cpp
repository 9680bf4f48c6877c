#include "http/front_page.hpp"
#include <doctest/doctest.h>

namespace {
http::Response shown(const http::FrontPage& page, http::Method method, std::string_view path, std::string accept) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.headers.push_back({"accept", std::move(accept)});
  http::Response response;
  response.status = page.answer(request, response) ? 200 : 404;
  return response;
}
} // namespace

TEST_CASE("the small page is HTML for a browser and JSON for programs, at the root alone") {
  const http::FrontPage page("1.2.3", "/app"), bare("1.2.3", "");
  const auto html = shown(page, http::Method::get, "/", "text/html,application/xhtml+xml,*/*;q=0.8");
  CHECK(html.content_type == "text/html; charset=utf-8");
  CHECK(html.body.find("<a href=\"/app\">") != std::string::npos);
  const auto json = shown(page, http::Method::get, "/", "*/*");
  CHECK(json.content_type == "application/json; charset=utf-8");
  CHECK(base::parse_json(json.body)["app"] == base::Json("/app"));
  CHECK(base::parse_json(shown(bare, http::Method::get, "/", "*/*").body)["app"].is_undefined());
  CHECK(shown(page, http::Method::head, "/", "").status == 200);
  CHECK(shown(page, http::Method::post, "/", "").status == 404);
  CHECK(shown(page, http::Method::get, "/index.html", "").status == 404);
  CHECK_FALSE(page.covers("/"));
  CHECK(http::FrontPage(base::Folder("/nowhere")).covers("/main.js"));
}
