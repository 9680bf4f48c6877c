// Against no database: what runs when.
#include "jobs/runner.hpp"
#include <condition_variable>
#include <doctest/doctest.h>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace {

// What was run, and whoever waits for it.
class Ran {
 public:
  void add(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.push_back(id);
    changed_.notify_all();
  }
  std::vector<std::string> wait_for(std::size_t most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return ids_.size() >= most; });
    return ids_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> ids_;
};

} // namespace

TEST_CASE(
    "jobs: those that were left, then those that are added, each once while it waits, and one's failure is its own") {
  Ran ran;
  jobs::Runner runner({}, {.run =
                               [&](const jobs::Place&, const std::string& id) {
                                 ran.add(id);
                                 if (id == "broken") throw std::runtime_error("no");
                               },
                           .left_behind =
                               [](const jobs::Place&) {
                                 return std::vector<std::string>{"left", "broken", "left"};
                               }});
  runner.start();
  CHECK(ran.wait_for(2) == std::vector<std::string>{"left", "broken"});
  runner.add("first");
  CHECK(ran.wait_for(3).back() == "first");
  runner.add("second");
  CHECK(ran.wait_for(4).back() == "second");
  CHECK(runner.stop());
}

TEST_CASE("jobs: left ones are looked for again") {
  Ran ran;
  jobs::Runner runner({},
                      {.run = [&](const jobs::Place&, const std::string& id) { ran.add(id); },
                       .left_behind = [](const jobs::Place&) { return std::vector<std::string>{"left"}; }},
                      {.poll = 1ms});
  runner.start();
  CHECK(ran.wait_for(3).size() >= 3);
  CHECK(runner.stop());
}

TEST_CASE("jobs: one at work hears that the server stops, and what waits is left") {
  Ran ran;
  jobs::Runner runner({}, {.run =
                               [&](const jobs::Place& place, const std::string& id) {
                                 ran.add(id);
                                 while (!place.stopping) std::this_thread::yield();
                               },
                           .left_behind =
                               [](const jobs::Place&) {
                                 return std::vector<std::string>{"long", "next"};
                               }});
  runner.start();
  ran.wait_for(1);
  CHECK(runner.stop());
  CHECK(ran.wait_for(1) == std::vector<std::string>{"long"});
}
