#include "base/fiber.hpp"
#include <doctest/doctest.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

TEST_CASE("a fiber suspends and goes on, inside a catch as well") {
  std::string log;
  base::Fiber* fiber = nullptr;
  base::spawn_fiber([&] {
    fiber = base::current_fiber();
    try {
      throw std::runtime_error("x");
    } catch (const std::exception& failure) {
      log += "caught ";
      base::suspend_fiber();
      log += failure.what();
    }
  });
  CHECK(base::current_fiber() == nullptr);
  try {
    throw std::runtime_error("of the loop");
  } catch (const std::exception&) {
    log += "loop ";
  }
  base::resume_fiber(fiber);
  CHECK(log == "caught loop x");
}

TEST_CASE("each fiber counts for itself, from nothing, however they interleave") {
  CHECK(base::fiber_tally() == nullptr);
  base::Fiber* fibers[2] = {};
  std::uint64_t ends[2] = {};
  auto count = [&](int index) {
    fibers[index] = base::current_fiber();
    ++*base::fiber_tally();
    base::suspend_fiber();
    ++*base::fiber_tally();
    ends[index] = *base::fiber_tally();
  };
  base::spawn_fiber([&] { count(0); });
  base::spawn_fiber([&] { count(1); });
  base::resume_fiber(fibers[0]);
  base::resume_fiber(fibers[1]);
  CHECK(ends[0] == 2);
  CHECK(ends[1] == 2);
  // A reused stack.
  base::spawn_fiber([] { CHECK(*base::fiber_tally() == 0); });
}

TEST_CASE("after a rush only some stacks are kept, and none when the thread ends") {
  std::thread([] {
    std::vector<base::Fiber*> fibers;
    for (int i = 0; i < 1000; i++)
      base::spawn_fiber([&] {
        fibers.push_back(base::current_fiber());
        base::suspend_fiber();
      });
    CHECK(base::idle_stacks() == 0);
    for (auto* fiber : fibers) base::resume_fiber(fiber);
    CHECK(base::idle_stacks() > 0);
    CHECK(base::idle_stacks() < 1000);
  }).join();
}
