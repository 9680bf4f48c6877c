#include "events/bell.hpp"
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace events {
namespace {
std::atomic<Bell*> hanging = nullptr;
}

Bell::Bell() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Bell::~Bell() {
  take_down(*this);
  ::close(descriptor_);
}

void Bell::ring() noexcept {
  if (!rung_.exchange(true, std::memory_order_acq_rel)) ::eventfd_write(descriptor_, 1);
}

void Bell::answer() noexcept {
  eventfd_t ignored;
  ::eventfd_read(descriptor_, &ignored);
  // Last: a ring that comes in between writes nothing, and its commit lies before what the caller looks at next.
  rung_.exchange(false, std::memory_order_acq_rel);
}

void staged() noexcept {
  if (Bell* bell = hanging.load(std::memory_order_acquire)) bell->ring();
}

void hang(Bell& bell) noexcept { hanging.store(&bell, std::memory_order_release); }

void take_down(Bell& bell) noexcept {
  Bell* expected = &bell;
  hanging.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel);
}

} // namespace events
