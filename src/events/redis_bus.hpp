// Medusa 1.20: @medusajs/event-bus-redis. Puts events into a queue that all processes of a shop share, Node's
// as well as ours, and takes them out of it again where this process works on them. Owns: the connections to
// Redis and the worker.
#pragma once
#include "events/bus.hpp"
#include "events/redis_queue_options.hpp"
#include "events/subscribers.hpp"
#include "redis/redis.hpp"

namespace events {

// Without a database nothing is taken out of the queue. `subscribers` must outlive it.
std::unique_ptr<EventBus> redis_bus(boost::asio::io_context& loop, redis::Options connection, RedisBusOptions options,
                                    const Subscribers& subscribers, std::unique_ptr<db::Database> database);

} // namespace events
