#include "base/fiber.hpp"
#include "base/metrics.hpp"
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cxxabi.h>
#include <utility>
#include <vector>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define STHENO_SWITCH_START(save, bottom, size) __sanitizer_start_switch_fiber(save, bottom, size)
#define STHENO_SWITCH_FINISH(save, bottom, size) __sanitizer_finish_switch_fiber(save, bottom, size)
#else
#define ASAN_UNPOISON_MEMORY_REGION(...) (void)0
#define STHENO_SWITCH_START(...) (void)0
#define STHENO_SWITCH_FINISH(...) (void)0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define STHENO_TSAN 1
#endif

namespace base {
namespace {

metrics::Level fibers_at_work({"stheno_fibers", "Fibers at work: requests, jobs and deliveries in progress."});
metrics::Level stacks({"stheno_fiber_stacks",
                       "Stacks of fibers, at work or kept for reuse, 256 KiB of addresses each."});

constexpr std::size_t kStackBytes = 256 * 1024;
constexpr std::size_t kStacksKept = 256; // of each thread, after a rush

// What the Itanium ABI keeps per thread about exceptions in flight. A fiber may suspend inside a catch block, so
// each fiber carries its own and swaps it in and out.
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};
ExceptionState& thread_exception_state() { return *reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals()); }

} // namespace

class Fiber {
 public:
  boost::context::fiber self, loop;
  std::function<void()> work;
  bool dismissed = false; // comes back only to end
  std::uint64_t tally = 0, clock = 0;
  FiberNote note;
  ExceptionState exceptions;
  const void* stack_bottom = nullptr;
  std::size_t stack_bytes = 0;
  void* fake_stack = nullptr;
  const void* loop_bottom = nullptr;
  std::size_t loop_bytes = 0;
#ifdef STHENO_TSAN
  void* tsan_fiber = nullptr;
  void* tsan_loop = nullptr;
#endif
};

namespace {

thread_local Fiber* running = nullptr;
struct Pool {
  std::vector<Fiber*> fibers;
  ~Pool(); // at the end of the thread
};
thread_local Pool pool;

struct StackAllocator {
  Fiber* fiber;
  boost::context::protected_fixedsize_stack stack;
  boost::context::stack_context allocate() {
    auto context = stack.allocate();
    fiber->stack_bytes = context.size;
    fiber->stack_bottom = static_cast<char*>(context.sp) - context.size;
    return context;
  }
  void deallocate(boost::context::stack_context& context) noexcept {
    // The frames that a fiber ends in never return. What comes to lie at their address must not trip over their marks.
    ASAN_UNPOISON_MEMORY_REGION(static_cast<char*>(context.sp) - context.size, context.size);
    stack.deallocate(context);
  }
};

void enter(Fiber* fiber) {
  Fiber* before = std::exchange(running, fiber);
  std::swap(thread_exception_state(), fiber->exceptions);
  [[maybe_unused]] void* fake = nullptr;
  STHENO_SWITCH_START(&fake, fiber->stack_bottom, fiber->stack_bytes);
#ifdef STHENO_TSAN
  fiber->tsan_loop = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(fiber->tsan_fiber, 0);
#endif
  fiber->self = std::move(fiber->self).resume();
  STHENO_SWITCH_FINISH(fake, nullptr, nullptr);
  std::swap(thread_exception_state(), fiber->exceptions);
  running = before;
  if (fiber->self) return;
    // Its function has returned, and its stack is gone.
#ifdef STHENO_TSAN
  __tsan_destroy_fiber(fiber->tsan_fiber);
#endif
  delete fiber;
  stacks.fall();
}

// One work after another. Ends when enough others are idle already, or with the thread.
void run_works(Fiber* fiber) {
  for (;;) {
    fiber->work();
    fiber->work = nullptr;
    fibers_at_work.fall();
    if (pool.fibers.size() >= kStacksKept) return;
    pool.fibers.push_back(fiber);
    suspend_fiber();
    if (fiber->dismissed) return;
  }
}

Fiber* make_fiber() {
  auto* fiber = new Fiber;
  stacks.rise();
#ifdef STHENO_TSAN
  fiber->tsan_fiber = __tsan_create_fiber(0);
#endif
  fiber->self = boost::context::fiber(
      std::allocator_arg, StackAllocator{fiber, boost::context::protected_fixedsize_stack(kStackBytes)},
      [fiber](boost::context::fiber&& loop) {
        STHENO_SWITCH_FINISH(fiber->fake_stack, &fiber->loop_bottom, &fiber->loop_bytes);
        fiber->loop = std::move(loop);
        run_works(fiber);
        STHENO_SWITCH_START(nullptr, fiber->loop_bottom, fiber->loop_bytes);
#ifdef STHENO_TSAN
        __tsan_switch_to_fiber(fiber->tsan_loop, 0);
#endif
        return std::move(fiber->loop);
      });
  return fiber;
}

Pool::~Pool() {
  for (Fiber* fiber : fibers) {
    fiber->dismissed = true;
    enter(fiber);
  }
}

} // namespace

Fiber* current_fiber() noexcept { return running; }

__attribute__((noinline)) void suspend_fiber() {
  Fiber* fiber = running;
  STHENO_SWITCH_START(&fiber->fake_stack, fiber->loop_bottom, fiber->loop_bytes);
#ifdef STHENO_TSAN
  __tsan_switch_to_fiber(fiber->tsan_loop, 0);
#endif
  fiber->loop = std::move(fiber->loop).resume();
  STHENO_SWITCH_FINISH(fiber->fake_stack, &fiber->loop_bottom, &fiber->loop_bytes);
}

void resume_fiber(Fiber* fiber) { enter(fiber); }

void spawn_fiber(std::function<void()> work) {
  Fiber* fiber;
  if (pool.fibers.empty()) {
    fiber = make_fiber();
  } else {
    fiber = pool.fibers.back();
    pool.fibers.pop_back();
  }
  fiber->work = std::move(work);
  fiber->tally = 0;
  fiber->clock = 0;
  fiber->note = {};
  fibers_at_work.rise();
  enter(fiber);
}

std::uint64_t* fiber_tally() noexcept { return running ? &running->tally : nullptr; }

std::uint64_t* fiber_clock() noexcept { return running ? &running->clock : nullptr; }

FiberNote* fiber_note() noexcept { return running ? &running->note : nullptr; }

std::size_t idle_stacks() noexcept { return pool.fibers.size(); }

} // namespace base
