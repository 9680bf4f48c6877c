#include "app/workshop.hpp"
#include "base/log.hpp"
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr int kQuiet = 200; // milliseconds without a further change, before it is built

bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

} // namespace

bool has_sources(const std::string& project) {
  if (!is_there(fs::path(project) / "src")) return false;
  if (is_there(fs::path(project) / "node_modules/.bin/babel")) return true;
  base::log_warn("src is not built and not watched: @babel/cli is not installed (npm install --save-dev @babel/cli)");
  return false;
}

bool build_sources(const std::string& project) {
  base::log_info("Building src");
  const std::string change = "cd \"$0\" && exec npx --no-install babel src -d dist --ignore 'src/admin/**'";
  const std::array<const char*, 5> arguments{"sh", "-c", change.c_str(), project.c_str(), nullptr};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = -1;
  const int failure =
      ::posix_spawnp(&process, "sh", nullptr, &attributes, const_cast<char**>(arguments.data()), environ);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    base::log_error("src can't be built", {{"error", std::strerror(failure)}});
    return false;
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) base::log_error("src can't be built; what was built before stays as it is");
  return status == 0;
}

class Workshop::Watch {
 public:
  Watch(std::string project, std::function<void()> built)
      : project_(std::move(project)), built_(std::move(built)), changes_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
        end_(::eventfd(0, EFD_CLOEXEC)) {
    if (changes_ < 0 || end_ < 0)
      throw std::runtime_error(std::string("src can't be watched: ") + std::strerror(errno));
    look();
    thread_ = std::thread([this] { run(); });
  }
  ~Watch() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(end_, &one, sizeof one);
    thread_.join();
    ::close(changes_);
    ::close(end_);
  }

 private:
  // A folder that is watched already stays as it is.
  void look() {
    std::error_code failure;
    const fs::path sources = fs::path(project_) / "src";
    watch(sources);
    for (fs::recursive_directory_iterator at(sources, failure), end; !failure && at != end; at.increment(failure)) {
      if (!at->is_directory(failure)) continue;
      if (at.depth() == 0 && at->path().filename() == "admin") // the dashboard builds that
        at.disable_recursion_pending();
      else
        watch(at->path());
    }
  }
  void watch(const fs::path& folder) {
    ::inotify_add_watch(changes_, folder.c_str(), IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO);
  }

  void run() {
    bool changed = false;
    for (;;) {
      std::array<pollfd, 2> ready{{{changes_, POLLIN, 0}, {end_, POLLIN, 0}}};
      const int found = ::poll(ready.data(), ready.size(), changed ? kQuiet : -1);
      if (ready[1].revents) return;
      if (found > 0) {
        std::array<char, 16 * 1024> events;
        while (::read(changes_, events.data(), events.size()) > 0) {
        }
        changed = true;
      } else if (found == 0 && std::exchange(changed, false)) {
        look();
        if (build_sources(project_)) built_();
      }
    }
  }

  const std::string project_;
  const std::function<void()> built_;
  const int changes_, end_;
  std::thread thread_;
};

Workshop::Workshop(std::string project, std::function<void()> built)
    : watch_(std::make_unique<Watch>(std::move(project), std::move(built))) {}
Workshop::~Workshop() = default;

} // namespace app
