// What `stheno develop` does for a project with code of its own: builds `src` into `dist` as Medusa's own command does, watches it,
// and builds it again after a change. Owns a thread. Used by the command and by serve(), on the main thread.
// Medusa 1.20: commands/develop.js
#pragma once
#include <functional>
#include <memory>
#include <string>

namespace app {

// Whether the project has sources and the program that builds them.
bool has_sources(const std::string& project);
// Waits for the end of the build; whether it succeeded, which its own output explains.
bool build_sources(const std::string& project);

class Workshop {
 public:
  // Calls `built` on its thread after each build that succeeded.
  Workshop(std::string project, std::function<void()> built);
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

 private:
  class Watch;
  std::unique_ptr<Watch> watch_;
};

} // namespace app
