// A server that answers each request with what it has seen of it. Nothing of the shop is in it: the loop, the connections
// and the parser alone. Serves on a free port of 127.0.0.1, which is its first line, until its input ends.
#include "http/server.hpp"
#include <cstdio>

namespace {

class Echo final : public http::Responder {
  void respond(http::Request& request, http::Response& response) override {
    base::JsonWriter w(response.body);
    w.open_object().key("method").string(request.method_text).key("target").string(request.target);
    w.key("minor").integer(request.minor_version).key("headers").open_object();
    for (const auto& header : request.headers) w.key(header.name).string(header.value);
    if (request.body_too_large) response.status = 413;
    // HEAD has no body behind its length.
    response.set_header("x-method", request.method_text);
    // As the hexadecimal text of its bytes, which need not be UTF-8.
    std::string body;
    for (const char c : request.raw_body) {
      constexpr char kDigits[] = "0123456789abcdef";
      body += kDigits[static_cast<unsigned char>(c) >> 4];
      body += kDigits[c & 15];
    }
    w.close_object().key("body").string(body).close_object();
  }
};

} // namespace

int main() {
  using namespace std::chrono_literals;
  const http::Timeouts timeouts{.head = 2s, .whole = 2s, .pause = 2s, .idle = 2s, .linger = 2s, .tick = 50ms};
  http::Server server([](auto&) { return std::make_unique<Echo>(); }, {}, timeouts);
  server.start("127.0.0.1", 0, 1);
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server.stop();
}
