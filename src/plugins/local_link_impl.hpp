// One connection to a Unix socket of the child, as the fibers of one thread use it: they wait for each step, and a timer ends
// what takes too long. Used by Channel and Proxy.
#pragma once
#include "base/fiber.hpp"
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace plugins {

class LocalLink : public std::enable_shared_from_this<LocalLink> {
 public:
  using Failure = boost::system::error_code;
  using Protocol = boost::asio::local::stream_protocol;
  explicit LocalLink(boost::asio::io_context& loop) : socket_(loop), timer_(loop) {}

  // Each returns whether it succeeded before the time was over.
  bool connect(const std::string& path) {
    return wait([&](auto done) { socket_.async_connect(Protocol::endpoint(path), done); });
  }
  bool write(std::string_view bytes) {
    return wait([&](auto done) {
      boost::asio::async_write(socket_, boost::asio::buffer(bytes),
                               [done](Failure failure, std::size_t) { done(failure); });
    });
  }
  bool read(char* into, std::size_t bytes) {
    return wait([&](auto done) {
      boost::asio::async_read(socket_, boost::asio::buffer(into, bytes),
                              [done](Failure failure, std::size_t) { done(failure); });
    });
  }
  // How many bytes have come; 0 at the end.
  std::size_t read_some(char* into, std::size_t most) {
    std::size_t got = 0;
    wait([&](auto done) {
      socket_.async_read_some(boost::asio::buffer(into, most), [done, &got](Failure failure, std::size_t n) {
        got = n;
        done(failure);
      });
    });
    return got;
  }

  void end_at(std::chrono::steady_clock::time_point end) {
    timer_.expires_at(end);
    timer_.async_wait([self = shared_from_this()](Failure failure) {
      if (!failure) self->close();
    });
  }
  void rest() { timer_.cancel(); }
  void close() {
    Failure ignored;
    socket_.close(ignored);
  }
  bool is_open() const { return socket_.is_open(); }
  // Whether the other side has ended it while nobody used it, or has said what nobody asked for.
  bool stale() {
    Failure failure;
    char byte = 0;
    socket_.non_blocking(true, failure);
    socket_.receive(boost::asio::buffer(&byte, 1), Protocol::socket::message_peek, failure);
    return failure != boost::asio::error::would_block;
  }

 private:
  template<class Start> bool wait(Start start) {
    Failure result;
    start([self = shared_from_this(), &result, fiber = base::current_fiber()](Failure failure) {
      result = failure;
      base::resume_fiber(fiber);
    });
    base::suspend_fiber();
    return !result;
  }
  Protocol::socket socket_;
  boost::asio::steady_timer timer_;
};

} // namespace plugins
