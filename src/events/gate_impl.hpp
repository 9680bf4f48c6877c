// Where one fiber waits until another one, or the event loop, lets it go on. Internal to events; on its loop's thread.
#pragma once
#include "base/fiber.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

namespace events {

class Gate {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Gate(boost::asio::io_context& loop) : timer_(loop) {}

  // Whether it was opened, before or in time. Closes it.
  bool wait_until(Clock::time_point end) {
    if (!open_ && Clock::now() < end) {
      waiting_ = base::current_fiber();
      timer_.expires_at(end);
      // Opening cancels the timer: either way the fiber goes on from the event loop.
      timer_.async_wait([this](boost::system::error_code) { base::resume_fiber(std::exchange(waiting_, nullptr)); });
      while (waiting_) base::suspend_fiber();
    }
    return std::exchange(open_, false);
  }
  bool wait(Clock::duration patience) { return wait_until(Clock::now() + patience); }
  void open() {
    open_ = true;
    timer_.cancel();
  }

 private:
  boost::asio::steady_timer timer_;
  base::Fiber* waiting_ = nullptr;
  bool open_ = false;
};

} // namespace events
