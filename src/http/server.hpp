// The server loop: listens, reads requests, hands each to a Responder on a fiber of its own, writes the responses.
// Owns: the threads, their event loops and their connections. Every thread has a listener of its own on the one port
// (SO_REUSEPORT), so nothing is shared between them. Made, started and stopped by app, on one thread.
#pragma once
#include "http/exchange.hpp"
#include "http/http.hpp"
#include "http/request_parser.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace http {

// Answers the requests of one thread. Made on that thread before its listener opens, destroyed there after its last
// request.
class Responder {
 public:
  virtual ~Responder() = default;
  // On the request's fiber; may suspend. Must not throw.
  virtual void respond(Request& request, Response& response) = 0;
  // The same, when the head of a request that may bring files is complete: whether its body is to be read. Where it isn't,
  // respond() follows at once, which is to refuse the request.
  virtual bool wants_body(Request&) { return true; }
  // Of a request that Limits::passed_on named: carries it to whoever answers it. On its fiber. Where the exchange was not
  // begun, `response` is the answer. Throws ClientGone.
  virtual void pass(Request&, Response&, Exchange&) {}
  // Once a second, on the event loop: flushing, expiring.
  virtual void tick() {}
};
using MakeResponder = std::function<std::unique_ptr<Responder>(boost::asio::io_context&)>;

struct Timeouts {
  std::chrono::milliseconds head{60'000};   // Node's headersTimeout
  std::chrono::milliseconds whole{300'000}; // Node's requestTimeout: head and body
  std::chrono::milliseconds pause{30'000};  // between two parts of a body or of a response
  std::chrono::milliseconds idle{5'000};    // Node's keepAliveTimeout, told in Keep-Alive
  std::chrono::milliseconds late{1'000};    // on top of idle: what was on its way then is still answered
  std::chrono::milliseconds linger{2'000};  // for the client to read a refusal or the last answer, and to end
  std::chrono::milliseconds tick{1'000};    // how often they are looked at
  // When the server stops:
  std::chrono::milliseconds farewell{100}; // goes on accepting, since clients don't know yet
  std::chrono::milliseconds deaf{50};      // takes no new handshake, accepts those that have begun
  std::chrono::milliseconds quiet{1'000};  // a connection without a request for so long is not about to send one
};

class Server {
 public:
  Server(MakeResponder make_responder, Limits limits = {}, Timeouts timeouts = {});
  ~Server(); // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and serves on that many threads; returns when all of them do. An empty host is every address (IPv6 and
  // IPv4); port 0 is a free one. Throws std::runtime_error with the reason when the port can't be had or a responder
  // can't be made.
  void start(const std::string& host, unsigned short port, unsigned threads);
  unsigned short port() const { return port_; }
  // Whether each thread's loop has turned within that time, which must be some seconds.
  bool turns(std::chrono::milliseconds within) const;
  // Answers what has arrived and what arrives in a last moment, each connection's last answer with `Connection: close`;
  // then stops accepting, lets requests in progress end, closes the other connections, and returns when all is closed.
  void stop();

 private:
  class Thread;
  MakeResponder make_responder_;
  Limits limits_;
  Timeouts timeouts_;
  unsigned short port_ = 0;
  std::vector<std::unique_ptr<Thread>> threads_;
};

} // namespace http
