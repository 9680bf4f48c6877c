#include "http/server.hpp"
#include "base/aside.hpp"
#include "base/log.hpp"
#include "http/connection_impl.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>

namespace http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

enum class Sharing { alone, among_threads };

tcp::acceptor listen_on(asio::io_context& io, const tcp::endpoint& endpoint, Sharing sharing) {
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  if (endpoint.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only(false));
  if (sharing == Sharing::among_threads) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
      throw std::runtime_error("SO_REUSEPORT is not supported here");
  }
  acceptor.bind(endpoint);
  acceptor.listen(1024);
  acceptor.non_blocking(true);
  return acceptor;
}

tcp::endpoint endpoint_for(const std::string& host, unsigned short port) {
  if (!host.empty()) {
    Error error;
    if (const auto address = asio::ip::make_address(host, error); !error) return {address, port};
    asio::io_context io;
    const auto found = tcp::resolver(io).resolve(host, "", error);
    if (!error && !found.empty()) return {found.begin()->endpoint().address(), port};
    throw std::runtime_error("HOST is " + host + ", which can't be resolved: " + error.message());
  }
  // As Node: both families through one socket, or IPv4 where the machine has no IPv6.
  asio::io_context io;
  tcp::acceptor probe(io);
  Error error;
  probe.open(tcp::v6(), error);
  if (!error) probe.bind({asio::ip::address_v6::any(), 0}, error);
  return error ? tcp::endpoint(tcp::v4(), port) : tcp::endpoint(tcp::v6(), port);
}

} // namespace

class Server::Thread {
 public:
  Thread(const Limits& limits, const Timeouts& timeouts) : acceptor_(io_), timer_(io_), loop_(io_, limits, timeouts) {}

  void listen(const tcp::endpoint& endpoint) { acceptor_ = listen_on(io_, endpoint, Sharing::among_threads); }
  unsigned short port() const { return acceptor_.local_endpoint().port(); }

  // Starts the thread; the future tells when it serves, or why it can't.
  std::future<void> start(const MakeResponder& make_responder) {
    std::promise<void> ready;
    auto future = ready.get_future();
    thread_ = std::thread([this, &make_responder, ready = std::move(ready)]() mutable { run(make_responder, ready); });
    return future;
  }

  void stop() {
    asio::post(io_, [this] { wind_down(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run(const MakeResponder& make_responder, std::promise<void>& ready) {
    try {
      loop_.responder = make_responder(io_);
    } catch (...) {
      ready.set_exception(std::current_exception());
      return;
    }
    base::set_event_loop([this](std::function<void()> work) { asio::post(io_, std::move(work)); });
    loop_.on_empty = [this] { io_.stop(); };
    accept();
    tick();
    ready.set_value();
    for (;;) {
      try {
        io_.run();
        break;
      } catch (const std::exception& failure) {
        // A callback's failure must not take the server down.
        base::log_error("The event loop caught an exception", {{"error", failure.what()}});
      }
    }
    loop_.connections.clear();
    loop_.responder.reset();
  }

  void accept() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](Error error) {
      if (error || !acceptor_.is_open()) return;
      switch (accept_some(64)) {
      case Accepted::all: accept(); break;
      case Accepted::some:
        asio::post(io_, [this] {
          if (acceptor_.is_open()) accept();
        });
        break;
      // No descriptor is free: the next tick tries again.
      case Accepted::failed: accept_on_tick_ = true; break;
      }
    });
  }

  enum class Accepted { all, some, failed };
  Accepted accept_some(int most) {
    for (int i = 0; i < most; i++) {
      Error error;
      tcp::socket socket = acceptor_.accept(error);
      if (error == asio::error::would_block || error == asio::error::try_again) return Accepted::all;
      if (error == asio::error::connection_aborted || error == asio::error::interrupted) continue;
      if (error) {
        base::log_error("A connection can't be accepted", {{"error", error.message()}});
        return Accepted::failed;
      }
      auto& list = loop_.connections;
      list.push_back(std::make_unique<Connection>(loop_, std::move(socket)));
      list.back()->begin(std::prev(list.end()));
    }
    return Accepted::some;
  }

  void tick() {
    timer_.expires_after(loop_.timeouts.tick);
    timer_.async_wait([this](Error error) {
      if (error) return;
      const auto now = Loop::Clock::now();
      for (auto& connection : loop_.connections) connection->reap(now);
      loop_.responder->tick();
      if (std::exchange(accept_on_tick_, false) && acceptor_.is_open()) accept();
      tick();
    });
  }

  void wind_down() {
    // What has connected already is served: closing the listener would reset it.
    if (acceptor_.is_open()) accept_some(1024);
    loop_.stopping = true;
    Error ignored;
    acceptor_.close(ignored);
    for (auto& connection : loop_.connections) connection->wind_down();
    if (loop_.connections.empty()) io_.stop();
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  Loop loop_;
  std::thread thread_;
  bool accept_on_tick_ = false;
};

Server::Server(MakeResponder make_responder, Limits limits, Timeouts timeouts)
    : make_responder_(std::move(make_responder)), limits_(std::move(limits)), timeouts_(timeouts) {}

Server::~Server() { stop(); }

void Server::start(const std::string& host, unsigned short port, unsigned threads) {
  auto endpoint = endpoint_for(host, port);
  try {
    // SO_REUSEPORT would let a second server share the port without a word.
    asio::io_context io;
    if (port != 0) listen_on(io, endpoint, Sharing::alone);
    for (unsigned i = 0; i < threads; i++) {
      threads_.push_back(std::make_unique<Thread>(limits_, timeouts_));
      threads_.back()->listen(endpoint);
      endpoint.port(threads_.front()->port());
    }
  } catch (const boost::system::system_error& failure) {
    threads_.clear();
    throw std::runtime_error("listen " + (host.empty() ? ":::" : host + ":") + std::to_string(port) + ": " +
                             failure.code().message());
  }
  port_ = endpoint.port();
  std::vector<std::future<void>> ready;
  for (auto& thread : threads_) ready.push_back(thread->start(make_responder_));
  std::exception_ptr failure;
  for (auto& future : ready) {
    try {
      future.get();
    } catch (...) {
      failure = std::current_exception();
    }
  }
  if (!failure) return;
  stop();
  std::rethrow_exception(failure);
}

void Server::stop() {
  for (auto& thread : threads_) thread->stop();
  for (auto& thread : threads_) thread->join();
  threads_.clear();
}

} // namespace http
