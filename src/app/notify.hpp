// What systemd is told of this process, where it asks (Type=notify). Owns nothing. Called by serve() on the main thread.
#pragma once
#include <chrono>
#include <string_view>

namespace app {

// Sends a state, such as "READY=1", to the socket that NOTIFY_SOCKET names; nothing where none is named.
void tell_manager(std::string_view state);
// How often it wants to hear WATCHDOG=1 from this process; 0: it doesn't.
std::chrono::microseconds watchdog_time();

} // namespace app
