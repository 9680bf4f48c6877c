#include "http/compression.hpp"
#include <doctest/doctest.h>

namespace {
using http::Encoding;

http::Request asking(std::string accept_encoding, std::vector<http::Header> more = {}) {
  http::Request request;
  request.headers = std::move(more);
  request.headers.push_back({"accept-encoding", std::move(accept_encoding)});
  return request;
}

Encoding chosen(const config::Compression& options, const http::Request& request, http::Response& response,
                std::size_t length) {
  return http::Compression(options).choose(request, response, length);
}
} // namespace

TEST_CASE("the encoding that a client likes best") {
  const std::pair<const char*, Encoding> cases[] = {
      {"", Encoding::identity},
      {"gzip", Encoding::gzip},
      {"GZIP", Encoding::gzip},
      {"deflate", Encoding::deflate},
      {"gzip, deflate, br", Encoding::brotli},
      {"deflate, gzip", Encoding::gzip},
      {"gzip;q=0.5, deflate;q=0.9", Encoding::deflate},
      {"br;q=0, gzip;q=0, *", Encoding::deflate},
      {"*", Encoding::brotli},
      {"*;q=0", Encoding::identity},
      {"gzip;q=0", Encoding::identity},
      {"gzip;q=x", Encoding::identity},
      {"gzip;q=0.5", Encoding::gzip},
      {"gzip;q=0.5, identity", Encoding::identity},
      {"gzip;level=9;q=0.3, br;q=0.2", Encoding::gzip},
      {"zstd, x-gzip, compress", Encoding::identity},
      {" , gzip", Encoding::gzip},
      {"gzip gzip", Encoding::identity},
  };
  for (const auto& [header, encoding] : cases) CHECK_MESSAGE(http::preferred_encoding(header) == encoding, header);
}

TEST_CASE("only what shrinks is compressed") {
  for (const char* type :
       {"application/json; charset=utf-8", "text/html", "TEXT/PLAIN", "image/svg+xml", "application/ld+json"})
    CHECK_MESSAGE(http::is_compressible(type), type);
  for (const char* type : {"", "image/png", "application/zip", "application/octet-stream", "video/mp4"})
    CHECK_MESSAGE(!http::is_compressible(type), type);
}

TEST_CASE("which responses are compressed, and what Vary says") {
  config::Compression on;
  on.enabled = true;
  struct Case {
    const char* what;
    config::Compression options;
    http::Request request;
    http::Response response;
    std::size_t length;
    Encoding encoding;
    bool varies;
  };
  const auto response = [](auto change) {
    http::Response r;
    change(r);
    return r;
  };
  http::Request head = asking("gzip");
  head.method = http::Method::head;
  const http::Response plain;
  const Case cases[] = {
      {"as long as the threshold", on, asking("gzip"), plain, 1024, Encoding::gzip, true},
      {"shorter", on, asking("gzip"), plain, 1023, Encoding::identity, true},
      {"off", {}, asking("gzip"), plain, 5000, Encoding::identity, false},
      {"x-no-compression", on, asking("gzip", {{"x-no-compression", "false"}}), plain, 5000, Encoding::identity, false},
      {"HEAD", on, head, plain, 5000, Encoding::identity, true},
      {"304", on, asking("gzip"), response([](auto& r) { r.status = 304; }), 0, Encoding::identity, false},
      {"no type", on, asking("gzip"), response([](auto& r) { r.content_type.clear(); }), 5000, Encoding::identity,
       false},
      {"no-transform", on, asking("gzip"), response([](auto& r) {
         r.headers.push_back({"Cache-Control", "private, NO-TRANSFORM"});
       }),
       5000, Encoding::identity, false},
      {"decided already", on, asking("gzip"), response([](auto& r) { r.transformable = false; }), 5000,
       Encoding::identity, false},
  };
  for (Case one : cases) {
    CAPTURE(one.what);
    CHECK(chosen(one.options, one.request, one.response, one.length) == one.encoding);
    CHECK(one.response.late_headers.size() == (one.varies ? 1u : 0u));
    // Only once.
    CHECK(chosen(one.options, one.request, one.response, one.length) == Encoding::identity);
  }
  http::Response varied;
  varied.headers.push_back({"Vary", "Origin"});
  chosen(on, asking(""), varied, 5000);
  CHECK(varied.headers[0].value == "Origin, Accept-Encoding");
  CHECK(varied.late_headers.empty());
}

TEST_CASE("long bodies are compressed with pauses, short ones at once") {
  std::string body;
  for (int i = 0; body.size() < 2 * http::kWholeBody; ++i) body += std::to_string(i * 7919);
  for (const Encoding encoding : {Encoding::brotli, Encoding::gzip, Encoding::deflate}) {
    int pauses = 0;
    const std::string coded = http::encode(encoding, body, {}, [&] { ++pauses; });
    CHECK(!coded.empty());
    CHECK(coded.size() < body.size());
    CHECK(pauses > 5);
  }
  for (const Encoding encoding : {Encoding::gzip, Encoding::deflate}) {
    int pauses = 0;
    CHECK(!http::encode(encoding, std::string_view(body).substr(0, http::kWholeBody), {}, [&] { ++pauses; }).empty());
    CHECK(!http::encode(encoding, "", {}, [&] { ++pauses; }).empty());
    CHECK(pauses == 0);
  }
}
