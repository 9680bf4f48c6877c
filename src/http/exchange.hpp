// A request that is passed on to somebody beside this server, streamed in both directions: what whoever carries it sees of the
// client. Owns nothing; made by the connection, used on the request's fiber.
#pragma once
#include "http/http.hpp"
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// The client has gone, or has sent what is no HTTP: nothing more can be told to it.
struct ClientGone : std::runtime_error {
  ClientGone() : std::runtime_error("the client has gone") {}
};

// The head of an answer, as it was told: without the headers that concern one connection only.
struct PassedHead {
  int status = 200;
  std::string reason;
  std::vector<Header> headers; // of one name several times, as with Set-Cookie
  // Whether the headers tell the length of the body. Otherwise it goes out in chunks.
  bool length_told = false;
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  // Whether the request has a body.
  virtual bool has_body() const = 0;
  // The next part of it; empty at its end. Waits. Throws ClientGone.
  virtual std::string next_part() = 0;
  // Begins the answer. Throws ClientGone, as the two below.
  virtual void begin(const PassedHead& head) = 0;
  // A part of the answer's body; waits until the client takes it.
  virtual void send(std::string_view part) = 0;
  // The answer is whole.
  virtual void end() = 0;
  // Calls `gone` on the event loop when the client goes away while its answer is waited for. Behind the request's body.
  virtual void watch(std::function<void()> gone) = 0;
  virtual void stop_watching() = 0;
};

// Whoever answers beside this server, as one thread reaches him.
class Beside {
 public:
  virtual ~Beside() = default;
  // On the request's fiber. Where the exchange has not been begun, `response` is the answer. Throws ClientGone.
  virtual void pass(Request& request, Response& response, Exchange& exchange) = 0;
};

} // namespace http
