// Stackful fibers on Boost.Context: code that waits for the network reads straight down.
// Owns: a per-thread pool of guarded 256 KiB stacks. A fiber is started by the event loop of one thread and never
// leaves that thread. Called by: the platform rooms' .cpp files (db, redis, http); everything else merely runs on one.
// Traps: never hold a mutex, or a reference into a thread_local, across a suspend().
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

namespace base {

class Fiber;

// The fiber that runs now, or null in the event loop itself.
Fiber* current_fiber() noexcept;
// Runs `work` on a pooled stack at once, until it first suspends or ends. `work` must not throw.
void spawn_fiber(std::function<void()> work);
// Switches back to whoever resumed this fiber. Call on a fiber only.
void suspend_fiber();
// Continues a suspended fiber. Call from the event loop of its own thread only.
void resume_fiber(Fiber* fiber);
// A count that belongs to the running fiber, 0 when its work begins; null in the event loop itself. db counts statements
// in it. Ask anew after each suspend.
std::uint64_t* fiber_tally() noexcept;
// A time that belongs to the running fiber, 0 when its work begins; null in the event loop itself. base::ulid keeps the
// last id's in it. Ask anew after each suspend.
std::uint64_t* fiber_clock() noexcept;
// What a part of the server knows for as long as the running fiber's work goes on; null in the event loop itself. Empty when the
// work begins. db keeps in it up to where kept rows are confirmed. Ask anew after each suspend.
struct FiberNote {
  const void* owner = nullptr;
  std::uint64_t value = 0;
};
FiberNote* fiber_note() noexcept;
// Stacks kept for reuse on this thread.
std::size_t idle_stacks() noexcept;

} // namespace base
