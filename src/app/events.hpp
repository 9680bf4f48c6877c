// Which bus delivers the events that are staged, and with which connections.
// Owns nothing. Called by serve() on the main thread.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include "events/outbox_reader.hpp"
#include "events/subscribers.hpp"

namespace app {

// Connections that delivering takes beside those of requests.
int delivery_connections(const config::Config& config, const events::Subscribers& subscribers);

// Null where somebody hears whom this server can't tell: the events then stay in the outbox, for a Medusa that can.
// `subscribers` must outlive what is returned.
std::unique_ptr<events::OutboxReader> open_outbox(const config::Config& config, const db::Options& database,
                                                  const events::Subscribers& subscribers);

} // namespace app
