#include "base/aside.hpp"
#include "base/fiber.hpp"
#include <condition_variable>
#include <deque>
#include <doctest/doctest.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace {
// An event loop of the simplest kind.
class Loop {
 public:
  Loop() {
    base::set_event_loop([this](std::function<void()> work) { post(std::move(work)); });
  }
  ~Loop() { base::set_event_loop({}); }
  void run_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !queue_.empty(); });
    const auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
  }

 private:
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    changed_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
};
} // namespace

TEST_CASE("aside: the loop goes on while a fiber waits for work elsewhere") {
  Loop loop;
  const auto here = std::this_thread::get_id();
  std::thread::id there{}, behind{};
  bool done = false;
  base::spawn_fiber([&] {
    base::run_aside([&] { there = std::this_thread::get_id(); });
    behind = std::this_thread::get_id();
    done = true;
  });
  CHECK_FALSE(done);
  loop.run_one();
  CHECK(done);
  CHECK(there != here);
  CHECK(behind == here);
}

TEST_CASE("aside: what the work throws comes back; without a fiber it is done here") {
  Loop loop;
  std::string caught;
  base::spawn_fiber([&] {
    try {
      base::run_aside([] { throw std::runtime_error("no disk"); });
    } catch (const std::runtime_error& failure) {
      caught = failure.what();
    }
  });
  loop.run_one();
  CHECK(caught == "no disk");
  std::thread::id there{};
  base::run_aside([&] { there = std::this_thread::get_id(); });
  CHECK(there == std::this_thread::get_id());
}
