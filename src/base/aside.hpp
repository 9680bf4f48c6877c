// Work that blocks (files): done on one of a few threads of its own while the fiber that wants it waits, so that the event
// loop goes on. Owns those threads; they start with the first work. Called by http and commerce, on a fiber.
#pragma once
#include <functional>

namespace base {

// How other threads reach this thread's event loop. Said by each thread that runs fibers; nothing: there is none any more.
using Post = std::function<void(std::function<void()>)>;
void set_event_loop(Post post);
// This thread's, as another thread may call it; empty where there is none.
Post event_loop_of_this_thread();

// Returns when `work` has ended; throws what it threw. Where no fiber runs, the work is done here.
void run_aside(const std::function<void()>& work);

} // namespace base
