#include "base/aside.hpp"
#include "base/fiber.hpp"
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace base {
namespace {

constexpr int kThreads = 2;

class Workers {
 public:
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  void add(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
      if (threads_.size() < kThreads) threads_.emplace_back([this] { run(); });
    }
    changed_.notify_one();
  }

 private:
  void run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  bool ending_ = false;
};

Workers& workers() {
  static Workers all;
  return all;
}

thread_local std::shared_ptr<const Post> event_loop;

} // namespace

Post event_loop_of_this_thread() { return event_loop ? *event_loop : Post(); }

void set_event_loop(Post post) { event_loop = post ? std::make_shared<const Post>(std::move(post)) : nullptr; }

void run_aside(const std::function<void()>& work) {
  Fiber* const fiber = current_fiber();
  const auto loop = event_loop;
  if (!fiber || !loop) return work();
  std::exception_ptr failure;
  workers().add([&work, &failure, fiber, loop] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    // The loop runs it once this fiber has suspended.
    (*loop)([fiber] { resume_fiber(fiber); });
  });
  suspend_fiber();
  if (failure) std::rethrow_exception(failure);
}

} // namespace base
