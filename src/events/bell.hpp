// How a commit wakes the outbox reader without waiting for anything: one atomic exchange, and a write to an eventfd
// when nobody has rung since the last answer. Owns: the eventfd. Made by the reader; rung on any thread.
#pragma once
#include <atomic>

namespace events {

class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring() noexcept;
  // Readable once it was rung and not answered.
  int descriptor() const { return descriptor_; }
  // What was committed before a ring is seen by whoever looks after the answer.
  void answer() noexcept;

 private:
  std::atomic<bool> rung_ = false;
  int descriptor_;
};

// To be called after a commit that staged events: rings this process' bell, if there is one.
void staged() noexcept;
// Makes `bell` this process' bell. It must stay until nobody commits any more, or be taken down.
void hang(Bell& bell) noexcept;
// Does nothing when another one has taken its place.
void take_down(Bell& bell) noexcept;

} // namespace events
