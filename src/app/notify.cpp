#include "app/notify.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace app {

// systemd's protocol is one datagram to a Unix socket, whose name begins with @ where it lies in no folder.
void tell_manager(std::string_view state) {
  const char* const given = std::getenv("NOTIFY_SOCKET");
  const std::string_view path = given ? given : "";
  sockaddr_un address{};
  if (path.size() < 2 || path.size() >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  // A manager that has gone has nobody to be told.
  static_cast<void>(
      ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), length));
  ::close(socket);
}

std::chrono::microseconds watchdog_time() {
  const auto number = [](const char* name) {
    const char* const text = std::getenv(name);
    return text ? std::strtoll(text, nullptr, 10) : 0LL;
  };
  const auto of = number("WATCHDOG_PID");
  return std::chrono::microseconds(of == 0 || of == ::getpid() ? std::max(number("WATCHDOG_USEC"), 0LL) : 0LL);
}

} // namespace app
