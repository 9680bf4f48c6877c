#include "base/error.hpp"
#include "base/passwords.hpp"
#include "base/tokens.hpp"
#include "db/made_result.hpp"
#include "http/cookie_signature.hpp"
#include "http/dispatcher.hpp"
#include "http/errors.hpp"
#include <arpa/inet.h>
#include <chrono>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

// A client's end of a connection.
class Peer {
 public:
  explicit Peer(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Peer() { ::close(socket_); }
  bool connected() const { return connected_; }
  Peer& send(std::string_view text) {
    while (!text.empty()) {
      const auto n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) break;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }
  // Reads until `end` has come, or the connection has ended.
  std::string until(std::string_view end) {
    while (text_.find(end) == std::string::npos) {
      char buffer[4096];
      const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      text_.append(buffer, static_cast<std::size_t>(n));
    }
    const auto at = text_.find(end);
    const auto n = at == std::string::npos ? text_.size() : at + end.size();
    const std::string out = text_.substr(0, n);
    text_.erase(0, n);
    return out;
  }
  std::string all() { return until(std::string_view("\0never\0", 7)); }

 private:
  int socket_;
  bool connected_;
  std::string text_;
};

void hello(http::Context& context) {
  auto out = base::Json::object();
  out.set("id", context.param("id"));
  context.json(out);
}
void echo(http::Context& context) { context.json(context.body()); }
void fail(http::Context&) { throw std::runtime_error("a secret"); }
void refuse(http::Context&) { throw base::Error::not_found("Thing was not found"); }
void duplicate(http::Context&) { throw base::Error::duplicate("Thing exists"); }
void errors(http::Context&) { throw http::RequestErrors({"one", "two"}); }
void who(http::Context& context) { context.json(base::Json(context.call.identity.customer_id)); }
void login(http::Context& context) {
  context.session.log_in(http::Person::customer, {"cus_1", base::password_mark("cus_1", "hash")});
  context.json(std::string("{}"));
}
void logout(http::Context& context) {
  context.session.log_out(http::Person::customer, context.call.identity.customer_id);
  context.json(std::string("{}"));
}
// Refuses with the status that is asked for.
void guess(http::Context& context) {
  http::answer_status(context.body()["right"].truthy() ? 200 : 401, context.response);
}

// Two customers and a user whose hash is "hash".
class People final : public db::Database, db::Session {
 public:
  db::Session& shared() override { return *this; }
  std::unique_ptr<db::Transaction> begin(db::Isolation) override { throw std::logic_error("no transaction"); }
  std::vector<db::Result> batch(std::vector<db::Command> queries) override {
    std::vector<db::Result> results;
    for (const auto& query : queries) {
      const auto& asked = query.params.values().front();
      std::vector<std::vector<std::optional<std::string>>> rows;
      for (const char* id : {"cus_1", "cus_2", "usr_2"})
        if (asked->find(id) != std::string::npos) rows.push_back({id, "hash"});
      results.push_back(db::made_result(rows));
    }
    return results;
  }
  bool in_transaction() const override { return false; }
};
http::Resources with_people(boost::asio::io_context&) {
  http::Resources resources;
  resources.database = std::make_unique<People>();
  return resources;
}
void large(http::Context& context) { context.json(std::string(1'000'000, 'x')); }

http::Routes routes() {
  using http::Auth;
  using http::Method;
  return {{.path = "/store/things/:id", .handler = hello},
          {.method = Method::post, .path = "/store/echo", .handler = echo},
          {.path = "/store/fail", .handler = fail},
          {.path = "/store/refuse", .handler = refuse},
          {.path = "/store/duplicate", .handler = duplicate},
          {.path = "/store/errors", .handler = errors},
          {.path = "/store/large", .handler = large},
          {.path = "/store/me", .handler = who, .auth = Auth::customer},
          {.path = "/store/who", .handler = who},
          {.method = Method::post, .path = "/store/login", .handler = login},
          {.method = Method::post, .path = "/store/logout", .handler = logout},
          {.method = Method::post, .path = "/store/guess", .handler = guess, .guess = http::Guess::password},
          {.path = "/store/flagged", .handler = hello, .flag = schema::Flag::product_categories},
          {.path = "/admin/things", .handler = echo, .auth = Auth::admin},
          {.path = "/admin/open", .handler = echo}};
}

config::Config test_config() {
  config::Config config;
  config.node_env = "test";
  config.store_cors = {{"http://localhost:8000", "", ""}, {"/vercel\\.app$/", "vercel\\.app$", ""}};
  config.session_options.save_uninitialized = false;
  return config;
}

struct Running {
  explicit Running(config::Config c = test_config(), http::Limits limits = {}, http::Timeouts timeouts = {})
      : config(std::move(c)), site(config, routes()), server(http::dispatchers(site, with_people), limits, timeouts) {
    server.start("127.0.0.1", 0, 2);
  }
  // One exchange on a connection of its own.
  std::string ask(const std::string& method, const std::string& target, const std::string& headers = "",
                  const std::string& body = "") const {
    Peer peer(server.port());
    peer.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
              (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body);
    return peer.all();
  }
  config::Config config;
  http::Site site;
  http::Server server;
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
std::string status_of(const std::string& answer) { return answer.substr(9, 3); }
// The answer without its Date line.
std::string undated(std::string answer) {
  const auto at = answer.find("Date: ");
  return at == std::string::npos ? answer : answer.erase(at, answer.find("\r\n", at) + 2 - at);
}

constexpr const char* kJson = "Content-Type: application/json\r\n";

} // namespace

TEST_CASE("answers look as Express' do, headers included") {
  const Running running;
  CHECK(undated(running.ask("GET", "/health")) ==
        "HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n"
        "ETag: W/\"2-nOO9QiTIwXgNtWtBJezz8kv3SLc\"\r\nConnection: close\r\n\r\nOK");
  CHECK(undated(running.ask("GET", "/nosuch?a=b")) ==
        "HTTP/1.1 404 Not Found\r\nX-Powered-By: Express\r\nContent-Security-Policy: default-src 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 145\r\n"
        "Connection: close\r\n\r\n<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<title>Error</title>\n</head>\n<body>\n<pre>Cannot GET /nosuch</pre>\n</body>\n</html>\n");
  CHECK(
      undated(running.ask("GET", "/admin/things")) ==
      "HTTP/1.1 401 Unauthorized\r\nX-Powered-By: Express\r\nVary: Origin\r\nAccess-Control-Allow-Credentials: true\r\n"
      "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nUnauthorized\r\n0\r\n\r\n");
  CHECK(
      undated(running.ask("OPTIONS", "/store/things",
                          "Origin: http://localhost:8000\r\nAccess-Control-Request-Method: POST\r\n"
                          "Access-Control-Request-Headers: content-type,x-publishable-api-key\r\n")) ==
      "HTTP/1.1 204 No Content\r\nX-Powered-By: Express\r\nAccess-Control-Allow-Origin: http://localhost:8000\r\n"
      "Vary: Origin, Access-Control-Request-Headers\r\nAccess-Control-Allow-Credentials: true\r\n"
      "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"
      "Access-Control-Allow-Headers: content-type,x-publishable-api-key\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(
      undated(running.ask("GET", "/store/duplicate")) ==
      "HTTP/1.1 422 Unprocessable Entity\r\nX-Powered-By: Express\r\nVary: Origin\r\n"
      "Access-Control-Allow-Credentials: true\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 82\r\n"
      "ETag: W/\"52-EMQ78BwyEwSO3RQETottEUZ2Z1Y\"\r\nConnection: close\r\n\r\n"
      R"({"code":"invalid_request_error","type":"duplicate_error","message":"Thing exists"})");
}

TEST_CASE("statuses of the way of a request") {
  const Running running;
  CHECK(has(running.ask("GET", "/store/things/a%20b"), R"({"id":"a b"})"));
  CHECK(has(running.ask("GET", "/STORE/Things/a/"), R"({"id":"a"})"));
  CHECK(has(running.ask("GET", "/store/things/%zz"),
            R"({"type":"invalid_data","message":"Failed to decode param '%zz'"})"));
  CHECK(status_of(running.ask("POST", "/store/things/1")) == "404");
  CHECK(has(running.ask("GET", "/store/fail"), R"("An unknown error occurred.")"));
  CHECK_FALSE(has(running.ask("GET", "/store/fail"), "secret"));
  CHECK(has(running.ask("GET", "/store/refuse"), R"({"type":"not_found","message":"Thing was not found"})"));
  CHECK(has(running.ask("GET", "/store/errors"), R"({"errors":["one","two"],"message":"Provided request body)"));
  CHECK(status_of(running.ask("GET", "/store/me")) == "401");
  CHECK(status_of(running.ask("GET", "/admin/nosuch")) == "401");
  CHECK(status_of(running.ask("GET", "/admin/open")) == "200");
  CHECK(has(running.ask("GET", "/store/flagged"), "text/plain; charset=utf-8"));
  CHECK(status_of(running.ask("POST", "/health")) == "404");
  CHECK(has(running.ask("OPTIONS", "/health"), "Allow: GET,HEAD\r\n"));
  CHECK(has(running.ask("PROPFIND", "/health"), "Cannot PROPFIND /health"));
  CHECK(has(running.ask("GET", "/<script>"), "Cannot GET /%3Cscript%3E"));
  CHECK(has(running.ask("GET", "/store/who", "Origin: https://a.vercel.app\r\n"),
            "Access-Control-Allow-Origin: https://a.vercel.app\r\n"));
  CHECK_FALSE(has(running.ask("GET", "/store/who", "Origin: https://evil.example\r\n"), "Allow-Origin"));
}

TEST_CASE("bodies") {
  const Running running;
  CHECK(has(running.ask("POST", "/store/echo", kJson, R"({"a": [1]})"), R"({"a":[1]})"));
  CHECK(has(running.ask("POST", "/store/echo", "Content-Type: text/plain\r\n", R"({"a": 1})"), "\r\n\r\n{}"));
  CHECK(status_of(running.ask("POST", "/store/echo", kJson, "{bad")) == "400");
  CHECK(status_of(running.ask("POST", "/nosuch", kJson, "\"text\"")) == "400");
  CHECK(status_of(running.ask("POST", "/store/echo", "Content-Type: application/json; charset=latin1\r\n", "{}")) ==
        "415");
  CHECK(status_of(running.ask("POST", "/store/echo", kJson, R"({"a":")" + std::string(110'000, 'x') + "\"}")) == "413");
  auto production = test_config();
  production.node_env = "production";
  const Running hidden(production);
  CHECK(has(hidden.ask("POST", "/store/echo", kJson, "{bad"), "<pre>Bad Request</pre>"));
}

TEST_CASE("ETag and 304") {
  const Running running;
  const auto answer = running.ask("GET", "/store/things/1");
  const auto at = answer.find("ETag: ") + 6;
  const auto tag = answer.substr(at, answer.find("\r\n", at) - at);
  CHECK(tag == "W/\"a-g8XH0Dum5CMsI43ax61J3a/Qg5Q\"");
  for (const std::string& known : {tag, tag.substr(2), "\"x\", " + tag, std::string("*")}) {
    const auto fresh = running.ask("GET", "/store/things/1", "If-None-Match: " + known + "\r\n");
    CHECK(status_of(fresh) == "304");
    CHECK_FALSE(has(fresh, "Content-"));
    CHECK(fresh.ends_with("\r\n\r\n"));
  }
  CHECK(status_of(running.ask("GET", "/store/things/1", "If-None-Match: \"x\"\r\n")) == "200");
  CHECK(status_of(running.ask("GET", "/store/things/1", "Cache-Control: no-cache\r\nIf-None-Match: " + tag + "\r\n")) ==
        "200");
}

TEST_CASE("connections") {
  const Running running;
  const auto port = running.server.port();
  SUBCASE("pipelined requests are answered in order") {
    Peer peer(port);
    std::string text;
    for (int i = 0; i < 50; i++) text += "GET /store/things/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    peer.send(text);
    for (int i = 0; i < 50; i++) CHECK(has(peer.until("\"}"), "{\"id\":\"" + std::to_string(i) + "\"}"));
  }
  SUBCASE("HEAD is GET without a body") {
    Peer peer(port);
    peer.send("HEAD /store/things/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = peer.until("\r\n\r\n");
    CHECK(has(head, "Content-Length: 10\r\n"));
    CHECK(has(head, "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n"));
    CHECK(has(peer.until("\r\n\r\nOK"), "HTTP/1.1 200"));
  }
  SUBCASE("HTTP/1.0") {
    Peer peer(port);
    peer.send("GET /admin/things HTTP/1.0\r\n\r\n");
    const auto answer = peer.all();
    CHECK(has(answer, "Connection: close\r\n\r\nUnauthorized"));
    CHECK_FALSE(has(answer, "chunked"));
  }
  SUBCASE("a refusal reaches the client although it sends on") {
    Peer peer(port);
    peer.send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n" +
              std::string(100'000, 'x'));
    CHECK(peer.all() == "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  }
  SUBCASE("a client that waits for 100 Continue is told to go on") {
    Peer peer(port);
    peer.send("POST /store/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n"
              "Expect: 100-continue\r\n\r\n");
    CHECK(peer.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("{\"a\":1}");
    CHECK(has(peer.until("{\"a\":1}"), "200 OK"));
  }
  SUBCASE("but not when the body is too large") {
    Peer peer(port);
    peer.send("POST /store/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 700000\r\n"
              "Expect: 100-continue\r\n\r\n");
    CHECK(status_of(peer.all()) == "413");
  }
  SUBCASE("a large answer arrives whole") {
    Peer peer(port);
    peer.send("GET /store/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(peer.all().size() > 1'000'000);
  }
}

TEST_CASE("slow and silent clients are let go") {
  const http::Timeouts timeouts{
      .head = 150ms, .whole = 400ms, .pause = 150ms, .idle = 100ms, .linger = 100ms, .tick = 20ms};
  const Running running(test_config(), {}, timeouts);
  Peer silent(running.server.port()), slow_head(running.server.port()), slow_body(running.server.port()),
      idle(running.server.port());
  slow_head.send("GET / HTT");
  slow_body.send("POST /store/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12");
  idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(silent.all() == "");
  CHECK(slow_head.all() == "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  CHECK(slow_body.all() == "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  CHECK(idle.all().ends_with("OK"));
}

TEST_CASE("a request that was on its way when its connection had been idle for long is answered") {
  const Running running(test_config(), {}, {.head = 150ms, .idle = 1ms, .late = 60'000ms, .tick = 20ms});
  Peer idle(running.server.port()), silent(running.server.port());
  idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(has(idle.until("\r\n\r\nOK"), "200"));
  CHECK(silent.all() == ""); // so that time and looks have passed
  idle.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(idle.all().ends_with("OK"));
}

TEST_CASE("a graceful stop serves what has begun") {
  Running running;
  const auto port = running.server.port();
  Peer idle(port), half(port);
  idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(has(idle.until("\r\n\r\nOK"), "200"));
  half.send("POST /store/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n"
            "Expect: 100-continue\r\n\r\n");
  CHECK(has(half.until("\r\n\r\n"), "100 Continue")); // so the server has the head
  std::thread stopping([&] { running.server.stop(); });
  CHECK(idle.all() == "");
  half.send("{\"a\"");
  half.send(":1}");
  const auto answer = half.all();
  CHECK(has(answer, "Connection: close\r\n"));
  CHECK(answer.ends_with("{\"a\":1}"));
  stopping.join();
  CHECK_FALSE(Peer(port).connected());
}

TEST_CASE("a server that stops answers what arrives in the last moment") {
  http::Timeouts timeouts;
  timeouts.farewell = 3s;
  timeouts.quiet = 500ms;
  Running running(test_config(), {}, timeouts);
  const auto port = running.server.port();
  Peer kept(port), silent(port), pipelined(port);
  const std::string health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
  CHECK(has(kept.send(health).until("\r\n\r\nOK"), "Connection: keep-alive\r\n"));
  std::thread stopping([&] { running.server.stop(); });
  // Until the server has heard of it; then its answer is the connection's last.
  std::string answer;
  for (int i = 0; i < 1000 && !has(answer, "Connection: close\r\n"); i++) {
    answer = kept.send(health).until("\r\n\r\nOK");
    REQUIRE(has(answer, "200 OK"));
  }
  CHECK(has(answer, "Connection: close\r\n"));
  CHECK(kept.all() == "");
  CHECK(has(silent.send(health).all(), "Connection: close\r\n"));
  // What came together is answered whole, and only the last answer ends the connection.
  const auto three = pipelined.send(health + health + health).all();
  CHECK(has(three, "Connection: keep-alive\r\n"));
  CHECK(three.find("Connection: close\r\n") > three.rfind("HTTP/1.1 200 OK"));
  Peer fresh(port);
  CHECK(fresh.connected());
  CHECK(has(fresh.send(health).all(), "Connection: close\r\n"));
  stopping.join();
  CHECK_FALSE(Peer(port).connected());
}

TEST_CASE("a port that is taken is an error") {
  const Running running;
  http::Server second(
      http::dispatchers(const_cast<http::Site&>(running.site), [](auto&) { return http::Resources{}; }));
  CHECK_THROWS_AS(second.start("127.0.0.1", running.server.port(), 1), std::runtime_error);
}

TEST_CASE("login sessions") {
  const auto cookie_of = [](const std::string& answer) {
    const auto at = answer.find("Set-Cookie: ");
    if (at == std::string::npos) return std::string();
    return "Cookie: " + answer.substr(at + 12, answer.find(';', at) - at - 12) + "\r\n";
  };
  SUBCASE("a cookie comes with the login and ends with the logout") {
    const Running running;
    CHECK(cookie_of(running.ask("GET", "/store/who")) == "");
    const auto login = running.ask("POST", "/store/login");
    const auto cookie = cookie_of(login);
    CHECK(has(login, "; Path=/; Expires="));
    CHECK(has(login, " GMT; HttpOnly\r\n"));
    CHECK(cookie.starts_with("Cookie: connect.sid=s%3A"));
    const auto me = running.ask("GET", "/store/me", cookie);
    CHECK(me.ends_with("\"cus_1\""));
    CHECK(cookie_of(me) == "");
    std::string forged = cookie;
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'a' ? 'b' : 'a';
    CHECK(status_of(running.ask("GET", "/store/me", forged)) == "401");
    CHECK(cookie_of(running.ask("POST", "/store/logout", cookie)) == "");
    CHECK(status_of(running.ask("GET", "/store/me", cookie)) == "401");
  }
  SUBCASE("saveUninitialized gives every visitor a session, rolling renews it each time") {
    auto config = test_config();
    config.session_options.save_uninitialized = true;
    const Running running(config);
    const auto cookie = cookie_of(running.ask("GET", "/health"));
    CHECK(cookie != "");
    CHECK(cookie_of(running.ask("GET", "/store/who", cookie)) == "");
    const auto logged_in = cookie_of(running.ask("POST", "/store/login", cookie));
    CHECK(logged_in != cookie); // who knew the cookie of before doesn't come along
    CHECK(running.ask("GET", "/store/me", logged_in).ends_with("\"cus_1\""));
    CHECK(status_of(running.ask("GET", "/store/me", cookie)) == "401");
    const auto again = cookie_of(running.ask("POST", "/store/login", logged_in));
    CHECK(status_of(running.ask("GET", "/store/me", logged_in)) == "401");
    const auto other = cookie_of(running.ask("POST", "/store/login"));
    CHECK(status_of(running.ask("POST", "/store/logout", again)) == "200");
    for (const auto& ended : {again, other}) CHECK(status_of(running.ask("GET", "/store/me", ended)) == "401");
    config.session_options.rolling = true;
    const Running rolling(config);
    const auto first = cookie_of(rolling.ask("GET", "/health"));
    CHECK(cookie_of(rolling.ask("GET", "/health", first)) == first);
  }
  SUBCASE("in production cookies go over TLS only") {
    auto config = test_config();
    config.node_env = "production";
    config.session_options.save_uninitialized = true;
    const Running running(config);
    CHECK(cookie_of(running.ask("POST", "/store/login")) == "");
    CHECK(cookie_of(running.ask("POST", "/store/login", "X-Forwarded-Proto: http,https\r\n")) == "");
    const auto login = running.ask("POST", "/store/login", "X-Forwarded-Proto: https\r\n");
    CHECK(has(login, "; HttpOnly; Secure; SameSite=None\r\n"));
    CHECK(running.ask("GET", "/store/me", cookie_of(login)).ends_with("\"cus_1\""));
  }
  SUBCASE("a bearer token stands for a session") {
    const Running running;
    const auto token = [](const char* domain, const char* id = "cus_2", const char* mark = "") {
      auto claims = base::Json::object();
      claims.set("customer_id", id);
      claims.set("user_id", "usr_2");
      claims.set("domain", domain);
      if (*mark) claims.set("mark", base::password_mark(id, mark));
      return "Authorization: Bearer " + base::sign_jwt("supersecret", claims, 60s) + "\r\n";
    };
    CHECK(running.ask("GET", "/store/me", token("store")).ends_with("\"cus_2\""));
    CHECK(status_of(running.ask("GET", "/store/me", token("admin"))) == "401");
    CHECK(status_of(running.ask("GET", "/admin/things", token("admin"))) == "200");
    CHECK(status_of(running.ask("GET", "/admin/things", token("store"))) == "401");
    CHECK(status_of(running.ask("GET", "/admin/things", "Authorization: Bearer x.y.z\r\n")) == "401");
    CHECK(running.ask("GET", "/store/me", token("store", "cus_2", "hash")).ends_with("\"cus_2\""));
    CHECK(status_of(running.ask("GET", "/store/me", token("store", "cus_2", "another hash"))) == "401");
    CHECK(status_of(running.ask("GET", "/store/me", token("store", "cus_3"))) == "401");
  }
}

TEST_CASE("who guesses wrong too often waits") {
  const auto try_it = [](const Running& running, const std::string& from, bool right) {
    const std::string body = std::string(R"({"email":"a@example.com","right":)") + (right ? "true}" : "false}");
    return running.ask("POST", "/store/guess", "Content-Type: application/json\r\nX-Forwarded-For: " + from + "\r\n",
                       body);
  };
  SUBCASE("by the account and the address") {
    const Running running;
    for (int i = 0; i < 10; i++) CHECK(status_of(try_it(running, "10.0.0.1", false)) == "401");
    const auto refused = try_it(running, "10.0.0.1", true);
    CHECK(status_of(refused) == "429");
    CHECK(has(refused, "Retry-After: 60\r\n"));
    CHECK(refused.ends_with(
        R"({"type":"too_many_requests","message":"Too many failed attempts. Try again in 60 seconds."})"));
    CHECK(status_of(try_it(running, "10.0.0.2", true)) == "200");
  }
  SUBCASE("off by one setting") {
    auto config = test_config();
    config.failure_limits = false;
    const Running running(config);
    for (int i = 0; i < 20; i++) CHECK(status_of(try_it(running, "10.0.0.1", false)) == "401");
  }
}

TEST_CASE("the memory store keeps those who logged in") {
  http::MemorySessionStore store({.visitors = 3, .customers = 2, .admins = 2, .of_one_person = 2});
  const auto of = [](const char* member, const std::string& id) {
    auto data = base::Json::object();
    data.set(member, id);
    return http::StoredSession{data, 1h};
  };
  const auto admin = of("user_id", "usr_1");
  const auto there = [&](const std::string& id) { return store.load(id).has_value(); };
  store.save("a", admin);
  for (int i = 0; i < 10; i++) store.save("visitor" + std::to_string(i), {base::Json::object(), 1h});
  for (int i = 0; i < 10; i++)
    store.save("customer" + std::to_string(i), of("customer_id", "cus_" + std::to_string(i)));
  CHECK(there("a"));
  CHECK_FALSE(there("visitor0"));
  CHECK(there("visitor9"));
  CHECK_FALSE(there("customer0"));
  CHECK(there("customer9"));
  SUBCASE("of one shelf those who were here least recently go") {
    store.save("b", of("user_id", "usr_2"));
    store.renew("a", admin);
    store.save("c", of("user_id", "usr_3"));
    CHECK(there("a"));
    CHECK_FALSE(there("b"));
  }
  SUBCASE("and of one person's") {
    store.save("b", admin);
    store.renew("a", admin);
    store.save("c", admin);
    CHECK(there("a"));
    CHECK_FALSE(there("b"));
    CHECK(there("c"));
    store.end_all("usr_1");
    CHECK_FALSE(there("a"));
    CHECK_FALSE(there("c"));
    CHECK(there("customer9"));
    store.end_all("usr_1");
  }
  SUBCASE("one log-in over and over keeps its number") {
    for (int i = 0; i < 10; i++) store.save("own" + std::to_string(i), admin);
    CHECK(there("own9"));
    CHECK(there("own8"));
    CHECK_FALSE(there("own7"));
    CHECK_FALSE(there("a"));
  }
  store.save("d", {admin.data, 0ms});
  CHECK_FALSE(there("d"));
  store.save("e", admin);
  store.destroy("e");
  store.renew("e", admin);
  store.replace("e", admin);
  CHECK_FALSE(there("e"));
}

TEST_CASE("without the store visitors are served, logins fail") {
  struct Away final : http::SessionStore {
    [[noreturn]] static void fail() { throw base::Error(base::ErrorType::unavailable, "away"); }
    std::optional<http::StoredSession> load(const std::string&) override { fail(); }
    void save(const std::string&, const http::StoredSession&) override { fail(); }
    void replace(const std::string&, const http::StoredSession&) override { fail(); }
    void renew(const std::string&, const http::StoredSession&) override {}
    void destroy(const std::string&) override { fail(); }
    void end_all(const std::string&) override { fail(); }
  } away;
  const config::Config config;
  const http::Sessions sessions(config);
  for (const bool with_cookie : {false, true}) {
    http::Request request;
    if (with_cookie)
      request.headers = {{"Cookie", "connect.sid=" + ("s:" + http::sign_cookie("id", base::Mac("supersecret")))}};
    http::Response response;
    http::OpenSession visitor, login;
    sessions.open(request, away, visitor);
    CHECK(visitor.session.available != with_cookie);
    sessions.close(request, away, visitor, response);
    CHECK(response.cookies.empty());
    sessions.open(request, away, login);
    login.session.data.set("user_id", "usr_1");
    CHECK_THROWS_AS(sessions.close(request, away, login, response), base::Error);
  }
}
