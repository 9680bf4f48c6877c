// Which bus delivers the events that are staged, and with which connections.
// Owns nothing. Called by serve() on the main thread.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include "events/outbox_reader.hpp"
#include "events/subscribers.hpp"
#include "plugins/child.hpp"

namespace app {

// Whether subscribers are run here.
bool hears_events(const config::Config& config);
// Whether the outbox is this process' alone to deliver: there is no bus between.
bool delivers_here(const config::Config& config);

// Connections that delivering takes beside those of requests. Of the subscribers none asks the database yet; a connection of
// theirs is opened when one does.
int delivery_connections(const config::Config& config);

// Null where somebody hears whom this server can't tell: the events then stay in the outbox, for a Medusa that can.
// `subscribers`, and the child where there is one, must outlive what is returned.
std::unique_ptr<events::OutboxReader> open_outbox(const config::Config& config, const db::Options& database,
                                                  const events::Subscribers& subscribers, plugins::Child* child);

} // namespace app
