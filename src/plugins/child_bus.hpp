// The way of staged events where the project's own Medusa runs beside: first those who hear them here, then its subscribers.
// Owns the bus of this process. Made, used and destroyed by OutboxReader on its thread.
#pragma once
#include "events/bus.hpp"
#include "plugins/child.hpp"
#include <memory>

namespace plugins {

// `child` must outlive it. Where the child is not there, deliver() throws, and the events are offered again later; those who
// have heard them here don't hear them twice.
std::unique_ptr<events::EventBus> child_bus(std::unique_ptr<events::EventBus> here, Child& child);

} // namespace plugins
