// Medusa 1.20: @medusajs/event-bus-local. Runs the subscribers in this process, in the order of the messages, several at
// once. Owns: the subscribers' database, and how many of them are at work.
#pragma once
#include "events/bus.hpp"
#include "events/subscribers.hpp"
#include <chrono>

namespace events {

struct LocalBusOptions {
  // How long a batch waits for its subscribers. Those that take longer go on, as in 1.20, which waits for none; then
  // no message waits longer for a slow neighbour than it waited for 1.20's poll.
  std::chrono::milliseconds patience{3000};
  // Subscribers at work; the next ones wait for them, as long as the batch waits. The connections of their database suffice.
  std::size_t at_once = 32;
};

// `subscribers` must outlive it.
std::unique_ptr<EventBus> local_bus(boost::asio::io_context& loop, const Subscribers& subscribers,
                                    std::unique_ptr<db::Database> database, LocalBusOptions options = {});

} // namespace events
