#include "app/dashboard.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "base/terminal.hpp"
#include "config/dashboard.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace app {
namespace {

using base::Json;
namespace fs = std::filesystem;

constexpr const char* kCommand = "`npx medusa-admin build`";

// Whether anything has changed is for the package to say, too.
constexpr const char* kScript = R"js(
const setup = require("module").createRequire(process.cwd() + "/package.json")("@medusajs/admin/setup").default;
Promise.resolve(setup()).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
)js";

[[noreturn]] void become_builder(const std::string& project, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(output, 1);
  ::dup2(output, 2);
  if (::chdir(project.c_str()) == 0) ::execlp("node", "node", "-e", kScript, nullptr);
  ::_exit(127);
}

// What the builder prints, line by line, without the colours of a terminal.
template<class Take> void each_line(int descriptor, Take take) {
  std::string line;
  bool in_colour = false;
  char bytes[4096];
  const auto end_line = [&] {
    if (!base::trim(line).empty()) take(line);
    line.clear();
  };
  for (;;) {
    const auto got = ::read(descriptor, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    for (const char c : std::string_view(bytes, static_cast<std::size_t>(got))) {
      constexpr std::size_t kLongest = 2000;
      if (c == '\x1b') in_colour = true;
      if (c == '\n')
        end_line();
      else if (!in_colour && c != '\r' && line.size() < kLongest)
        line += c;
      if (in_colour && c != '\x1b' && c != '[' && c >= '@' && c <= '~') in_colour = false;
    }
  }
  end_line();
}

// To the log; on a terminal the last line shows how far it is, and all are told only where it has failed.
std::vector<std::string> follow(int descriptor) {
  std::vector<std::string> untold;
  base::Progress progress("Building the dashboard");
  each_line(descriptor, [&](const std::string& line) {
    if (base::on_terminal()) {
      progress.tell(line);
      untold.push_back(line);
    } else {
      base::log_info("The dashboard's build: " + line);
    }
  });
  return untold;
}

// For what its builder last built the dashboard; undefined where it is not known.
Json built_for(const std::string& project) {
  constexpr std::uintmax_t kLargest = 1 << 20;
  const fs::path path = fs::path(project) / ".cache" / "admin-build-manifest.json";
  std::error_code failure;
  if (const auto size = fs::file_size(path, failure); failure || size > kLargest) return {};
  std::ifstream file(path, std::ios::binary);
  try {
    return base::parse_json(std::string(std::istreambuf_iterator<char>(file), {}))["options"];
  } catch (const base::JsonParseError&) {
    return {};
  }
}

} // namespace

void build_dashboard(const config::Config& config) {
  const auto dashboard = config::dashboard(config);
  if (!dashboard || !dashboard->serve || !dashboard->builds_at_start) return;
  base::log_info("The dashboard is looked at, and built where something has changed (autoRebuild); that takes minutes");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return base::log_error("The dashboard can't be built", {{"reason", std::strerror(errno)}});
  const base::Descriptor output(ends[0]);
  base::Descriptor input(ends[1]);
  const pid_t parent = ::getpid(), builder = ::fork();
  if (builder < 0) return base::log_error("The dashboard can't be built", {{"reason", std::strerror(errno)}});
  if (builder == 0) become_builder(config.project, input.number(), parent);
  input = base::Descriptor();
  const auto untold = follow(output.number());
  int status = 0;
  while (::waitpid(builder, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  for (const std::string& line : untold) base::log_info("The dashboard's build: " + line);
  base::log_error(
      std::string("The dashboard could not be built; what was built before is served, where it is still there. ") +
      kCommand + " in the project's folder does the same");
}

std::optional<std::string> dashboard_fault(const config::Config& config) {
  const auto dashboard = config::dashboard(config);
  if (!dashboard || !dashboard->serve || dashboard->builds_at_start) return std::nullopt;
  const std::string remedy = std::string("; ") + kCommand + " in the project's folder builds it";
  std::error_code failure;
  if (!fs::is_regular_file(fs::path(dashboard->folder) / "index.html", failure))
    return "the dashboard is not built, so that there is nothing at " + dashboard->path + " (" + dashboard->folder +
           ")" + remedy;
  const Json built = built_for(config.project);
  const auto differs = [&](const char* name, const std::string& now) {
    return built[name].is_string() && built[name].as_string() != now;
  };
  if (built["deployment"].truthy())
    return "the dashboard was built to be served elsewhere (--deployment)" + remedy + " for this server";
  if (differs("path", dashboard->path))
    return "the dashboard was built for the path " + built["path"].as_string() + ", and stands at " + dashboard->path +
           remedy + " anew";
  if (differs("backend", dashboard->backend))
    return "the dashboard was built for the backend " + built["backend"].as_string() + remedy + " for " +
           dashboard->backend;
  return std::nullopt;
}

std::optional<http::SinglePage> open_dashboard(const config::Config& config) {
  const auto dashboard = config::dashboard(config);
  if (!dashboard) return std::nullopt;
  if (!dashboard->serve) return http::SinglePage(dashboard->path, std::string("Admin not enabled"));
  return http::SinglePage(dashboard->path, base::Folder(dashboard->folder));
}

} // namespace app
