#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/log.hpp"
#include "events/gate_impl.hpp"
#include "events/local_bus.hpp"
#include "events/no_database_test.hpp"
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

// Runs `work` on a fiber of a loop of its own, and without the lines that a server would log.
void on_loop(const std::function<void(boost::asio::io_context&)>& work) {
  base::set_log_level(base::LogLevel::error);
  boost::asio::io_context loop(1);
  boost::asio::post(loop, [&] { base::spawn_fiber([&] { work(loop); }); });
  loop.run();
  base::set_log_level(base::LogLevel::info);
}

std::unique_ptr<events::EventBus> bus_of(boost::asio::io_context& loop, const events::Subscribers& subscribers,
                                         events::LocalBusOptions options = {}) {
  return events::local_bus(loop, subscribers, std::make_unique<events::NoDatabase>(), options);
}

} // namespace

TEST_CASE("a message goes to all that hear it, in order; a failure is one subscriber's alone") {
  on_loop([](auto& loop) {
    std::string heard;
    events::Subscribers subscribers;
    subscribers.add("order.placed", [&](const events::Delivery& delivery) {
      heard += delivery.message.id + delivery.message.data + std::to_string(delivery.attempt) + "/" +
               std::to_string(delivery.attempts) + " ";
    });
    subscribers.add("order.placed",
                    [&](const events::Delivery&) { throw std::runtime_error("the printer is on fire"); });
    subscribers.add("order.placed", [&](const events::Delivery&) { throw 7; });
    subscribers.add("*", [&](const events::Delivery& delivery) { heard += delivery.message.name + " "; });
    const auto bus = bus_of(loop, subscribers);
    bus->deliver({{"job_1", "order.placed", "{}", "{}"}, {"job_2", "cart.created", "", ""}});
    CHECK(heard == "job_1{}1/1 order.placed cart.created ");
  });
}

TEST_CASE("a batch waits for its subscribers, and they for nobody's turn") {
  on_loop([](auto& loop) {
    std::string heard;
    events::Subscribers subscribers;
    subscribers.add("cart.created", [&](const events::Delivery& delivery) {
      events::Gate(loop).wait(delivery.message.id == "slow" ? 20ms : 1ms);
      heard += delivery.message.id + " ";
    });
    bus_of(loop, subscribers)->deliver({{"slow", "cart.created", "", ""}, {"quick", "cart.created", "", ""}});
    CHECK(heard == "quick slow ");
  });
}

TEST_CASE("a subscriber that takes too long is not waited for, except at the end") {
  on_loop([](auto& loop) {
    bool ended = false;
    events::Gate held(loop);
    events::Subscribers subscribers;
    subscribers.add("cart.created", [&](const events::Delivery& delivery) {
      held.wait(1h);
      ended = delivery.message.id == "job_1"; // still there
    });
    const auto bus = bus_of(loop, subscribers, {.patience = 10ms});
    bus->deliver({{"job_1", "cart.created", "", ""}});
    CHECK(!ended);
    bus->deliver({{"job_2", "cart.updated", "", ""}});
    held.open();
    bus->close();
    CHECK(ended);
  });
}

TEST_CASE("only so many subscribers are at work at once") {
  on_loop([](auto& loop) {
    int at_work = 0, most = 0, ended = 0;
    events::Subscribers subscribers;
    subscribers.add("cart.created", [&](const events::Delivery&) {
      most = std::max(most, ++at_work);
      events::Gate(loop).wait(1ms);
      --at_work;
      ++ended;
    });
    bus_of(loop, subscribers, {.at_once = 3})->deliver(std::vector<events::Message>(20, {"", "cart.created", "", ""}));
    CHECK(most == 3);
    CHECK(ended == 20);
  });
}
