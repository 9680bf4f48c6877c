#include "http/request_parser.hpp"
#include <doctest/doctest.h>

using http::RequestParser;
using State = http::RequestParser::State;

namespace {

const http::Limits kLimits{.head = 1024, .header_fields = 20, .body = 64, .dropped_body = 4096};

// The status that a request is refused with, 0 when it is taken, -1 when more is awaited. Fed whole and bytewise.
int outcome(std::string_view bytes) {
  int results[2];
  for (const std::size_t step : {bytes.size(), std::size_t{1}}) {
    RequestParser parser(kLimits);
    for (std::size_t at = 0; at < bytes.size(); at += step) parser.feed(bytes.substr(at, step));
    results[step == 1] = parser.state() == State::refused    ? parser.refusal()
                         : parser.state() == State::complete ? 0
                                                             : -1;
  }
  CHECK_MESSAGE(results[0] == results[1], "whole and in pieces differ: ", bytes);
  return results[0];
}

} // namespace

TEST_CASE("a body of files goes to a file, has a limit of its own, and is nobody else's") {
  http::Limits limits = kLimits;
  limits.files = 300;
  limits.takes_files = [](const http::Request& request) { return request.path == "/files"; };
  const auto post = [](std::string_view path, std::string_view type, std::string_view rest) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string(type) + "\r\n" +
           std::string(rest);
  };
  const std::string body(200, 'b'), form = "multipart/form-data; boundary=x";
  const std::string length = "Content-Length: 200\r\n\r\n" + body;
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\nc8\r\n" + body + "\r\n0\r\n\r\n";
  const std::string long_chunks =
      "Transfer-Encoding: chunked\r\n\r\nc8\r\n" + body + "\r\nc8\r\n" + body + "\r\n0\r\n\r\n";
  struct Case {
    std::string request;
    std::uint64_t in_file, in_memory;
    bool too_large;
  };
  for (const auto& [request, in_file, in_memory, too_large] :
       {Case{post("/files", form, length), 200, 0, false}, Case{post("/files", form, chunked), 200, 0, false},
        Case{post("/files", form, long_chunks), 0, 0, true},
        Case{post("/files", form, "Content-Length: 301\r\n\r\n" + std::string(301, 'b')), 0, 0, true},
        Case{post("/files", "application/json", length), 0, 0, true}, Case{post("/other", form, length), 0, 0, true},
        Case{post("/other", form, "Content-Length: 5\r\n\r\nabcde"), 0, 5, false}}) {
    CAPTURE(request);
    for (const std::size_t step : {request.size(), std::size_t{1}}) {
      RequestParser parser(limits);
      for (std::size_t at = 0; at < request.size();) {
        at += parser.feed(std::string_view(request).substr(at, step));
        if (parser.state() == State::asking) parser.go_on(RequestParser::Wanted::yes);
        if (parser.state() == State::complete) break;
      }
      REQUIRE(parser.state() == State::complete);
      const auto& seen = parser.request();
      CHECK(seen.body_file.size == in_file);
      CHECK(seen.raw_body.size() == in_memory);
      CHECK(seen.body_too_large == too_large);
      CHECK(parser.keep_alive());
      if (!in_file) continue;
      std::string text(in_file, ' ');
      CHECK(base::read_at(*seen.body_file.file, 0, text.data(), text.size()) == in_file);
      CHECK(text == body);
      parser.reset();
      CHECK_FALSE(parser.request().body_file.file);
    }
  }
}

TEST_CASE("a body of files that is not wanted is not read") {
  http::Limits limits;
  limits.takes_files = [](const http::Request&) { return true; };
  const std::string head = "POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                           "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  RequestParser parser(limits);
  CHECK(parser.feed(head + "abc") == head.size());
  CHECK(parser.state() == State::asking);
  CHECK_FALSE(parser.request().body_file.file);
  parser.go_on(RequestParser::Wanted::no);
  CHECK(parser.state() == State::complete);
  CHECK_FALSE(parser.keep_alive());
  CHECK_FALSE(parser.expects_continue());
  CHECK_FALSE(parser.request().body_file.file);
}

TEST_CASE("a request in one piece") {
  RequestParser parser(kLimits);
  const std::string_view text = "POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nX-Empty:\r\n\r\nabcGET";
  CHECK(parser.feed(text) == text.size() - 3);
  REQUIRE(parser.state() == State::complete);
  const auto& request = parser.request();
  CHECK(request.method == http::Method::post);
  CHECK(request.path == "/a/b");
  CHECK(request.raw_query == "c=d");
  CHECK(request.raw_body == "abc");
  CHECK(request.header("host") == "x");
  CHECK(request.header("x-empty") == "");
  CHECK(request.headers.size() == 3);
  CHECK(parser.keep_alive());
}

TEST_CASE("a request byte by byte, and the next one") {
  RequestParser parser(kLimits);
  const std::string text = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET http://proxy.example/2?q HTTP/1.0\r\n\r\n";
  std::vector<std::string> paths;
  for (const char c : text) {
    parser.feed({&c, 1});
    if (parser.state() != State::complete) continue;
    paths.push_back(parser.request().path + (parser.keep_alive() ? "" : " close"));
    parser.reset();
  }
  CHECK(paths == std::vector<std::string>{"/1", "/2 close"});
}

TEST_CASE("what lets requests be smuggled is refused") {
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        400);
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n") ==
        400);
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc") == 400);
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc") == 400);
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc") == 400);
  CHECK(outcome("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\nHost: x\n\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\nHost : x\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n") == 400);
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\n Host: x\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n") == 400);
  CHECK(outcome("GET / HTTP/1.1\r\n\r\n") == 400); // no Host
  CHECK(outcome("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(outcome("nonsense\r\n\r\n") == 400);
}

TEST_CASE("chunked bodies") {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(outcome(head + "3\r\nabc\r\n0\r\n\r\n") == 0);
  CHECK(outcome(head + "3;name=value\r\nabc\r\n0\r\nTrailer: x\r\n\r\n") == 0);
  CHECK(outcome(head + "3\r\nabc\r\n0\r\n") == -1);
  CHECK(outcome(head + "3\nabc\r\n0\r\n\r\n") == 400);
  CHECK(outcome(head + "3\r\nabcd\r\n0\r\n\r\n") == 400);
  CHECK(outcome(head + "x\r\nabc\r\n0\r\n\r\n") == 400);
  CHECK(outcome(head + "\r\nabc\r\n0\r\n\r\n") == 400);
  CHECK(outcome(head + "fffffffff\r\n") == -1);
  CHECK(outcome(head + "fffffffffffffffff\r\n") == 400); // does not fit into 64 bits
  CHECK(outcome(head + "0\r\nTrailer: x\n\r\n") == 400);
  CHECK(outcome(head + "0\r\n\rX\r\n") == 400);
  CHECK(outcome(head + "1;" + std::string(20'000, 'x')) == 413);
  CHECK(outcome(head + "0\r\nA: " + std::string(20'000, 'x')) == 431);
  for (const auto* size : {"03", "0000000000000000000003", "3;a", "3;a=b", "3;a=\"b; \\\" c\";d", "3;=b"}) {
    CAPTURE(size);
    CHECK(outcome(head + size + "\r\nabc\r\n0\r\n\r\n") == 0);
  }
  for (const auto* size : {"3 ", " 3", "3\t", "3 ;a", "3;", "3; a", "3;a b", "3;a=\"b", "3;a=\"b\"c", "3;;", "0x3",
                           "+3", "10000000000000003"}) {
    CAPTURE(size);
    CHECK(outcome(head + size + "\r\nabc\r\n0\r\n\r\n") == 400);
  }
  CHECK(outcome(head + "0 5\r\n\r\n") == 400);
  CHECK(outcome(head + "0 \r\n\r\n") == 400);
  for (const auto* trailer :
       {"Content-Length: 3", "transfer-encoding: chunked", "A", ": b", " A: b", "A : b", "A: b\x01", "A: b\r\n c"}) {
    CAPTURE(trailer);
    CHECK(outcome(head + "0\r\n" + trailer + "\r\n\r\n") == 400);
  }
  CHECK(outcome(head + "0\r\nA: b\r\nC:\r\n\r\n") == 0);
  RequestParser parser(kLimits);
  parser.feed(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(parser.request().raw_body == "abcde");
}

TEST_CASE("limits") {
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2000, 'a') + "\r\n\r\n") == 431);
  CHECK(outcome("GET /" + std::string(2000, 'a')) == 431);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 30; i++) many += "A" + std::to_string(i) + ": b\r\n";
  CHECK(outcome(many + "\r\n") == 431);
  CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n") == 417);

  // A body that is too large is read and dropped, so that the answer reaches the client and the connection goes on.
  RequestParser parser(kLimits);
  parser.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x'));
  REQUIRE(parser.state() == State::complete);
  CHECK(parser.request().body_too_large);
  CHECK(parser.request().raw_body.empty());
  CHECK(parser.keep_alive());
  // Far too large: answered at once, and the connection ends.
  RequestParser huge(kLimits);
  huge.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  REQUIRE(huge.state() == State::complete);
  CHECK(huge.request().body_too_large);
  CHECK_FALSE(huge.keep_alive());
}

TEST_CASE("everything that goes on is UTF-8") {
  CHECK(outcome("GET /?\xff HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(outcome("GET /?ä HTTP/1.1\r\nHost: x\r\n\r\n") == 0);
  RequestParser parser(kLimits);
  parser.feed("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: \xe4\r\n\r\n");
  CHECK(parser.request().header("user-agent") == "ä");
}

TEST_CASE("Expect: 100-continue") {
  RequestParser parser(kLimits);
  parser.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(parser.state() == State::body);
  CHECK(parser.expects_continue());
  for (const auto& [value, status] : {std::pair{"a, 100-Continue", 0},
                                      {"100-continue;b", 0},
                                      {"x100-continue", 417},
                                      {"100-continued", 417},
                                      {"", 417}}) {
    CAPTURE(value);
    CHECK(outcome("GET / HTTP/1.1\r\nHost: x\r\nExpect: " + std::string(value) + "\r\n\r\n") == status);
  }
}

TEST_CASE("values are without the blanks around them") {
  RequestParser parser(kLimits);
  parser.feed("GET / HTTP/1.1\r\nHost: x \r\nX-Medusa-Access-Token:\t test_token \t\r\nA: b  c \r\nD: \r\n\r\n");
  REQUIRE(parser.state() == State::complete);
  CHECK(parser.request().header("host") == "x");
  CHECK(parser.request().header("x-medusa-access-token") == "test_token");
  CHECK(parser.request().header("a") == "b  c");
  CHECK(parser.request().header("d") == "");
}

TEST_CASE("repeated headers are joined as Node joins them") {
  RequestParser parser(kLimits);
  parser.feed("GET / HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\ncookie: b=2\r\nX-Forwarded-For: 1\r\nX-Forwarded-For: 2\r\n"
              "User-Agent: u\r\nUser-Agent: v\r\n\r\n");
  REQUIRE(parser.state() == State::complete);
  CHECK(parser.request().header("cookie") == "a=1; b=2");
  CHECK(parser.request().header("x-forwarded-for") == "1, 2");
  CHECK(parser.request().header("user-agent") == "u");
}

TEST_CASE(
    "the body of a request that is passed on comes in parts, without this server's limits, and with its strictness") {
  http::Limits limits = kLimits;
  limits.passed_on = [](const http::Request& request) { return request.path == "/plugin"; };
  const std::string head = "POST /plugin HTTP/1.1\r\nHost: x\r\n", long_body(limits.dropped_body * 2, 'b');
  struct Case {
    std::string rest, body;
    bool good = true;
  };
  for (const auto& [rest, body, good] :
       {Case{"Content-Length: " + std::to_string(long_body.size()) + "\r\n\r\n" + long_body, long_body},
        Case{"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"}, Case{"\r\n", ""},
        Case{"Transfer-Encoding: chunked\r\n\r\n3\r\nabcX", "abc", false}}) {
    RequestParser parser(limits);
    std::string bytes = head + rest + (good ? "GET / HTTP/1.1\r\n" : "");
    bytes.erase(0, parser.feed(bytes));
    REQUIRE(parser.state() == State::passing);
    CHECK(parser.has_body() == !body.empty());
    parser.go_on_in_parts();
    std::string all;
    while (parser.state() == State::body && !bytes.empty()) {
      const std::size_t taken = parser.feed(std::string_view(bytes).substr(0, 7));
      bytes.erase(0, taken);
      all += std::exchange(parser.request().raw_body, {});
    }
    CHECK(all == body);
    CHECK(parser.state() == (good ? State::complete : State::refused));
    if (good) CHECK(bytes.starts_with("GET / "));
  }
  RequestParser other(limits);
  other.feed("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
  CHECK(other.state() == State::complete);
}
