#include "app/server.hpp"
#include "app/workshop.hpp"
#include "cli/command.hpp"
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

namespace cli {
namespace {

constexpr Option kHost{"host", 'H', "address", "address to listen on (HOST, or all addresses)"};
constexpr Option kPort{"port", 'p', "port", "port to listen on (PORT, or 9000)"};
constexpr Option kThreads{"threads", 't', "number",
                          "threads that serve requests (STHENO_THREADS, or one per processor, at most 2)"};
constexpr Option kProcessors{"cpus", 'c', "number", "threads that serve requests (CPUS, or one per processor)"};
constexpr Option kMirror{"mirror", 0, "share",
                         "share of the GETs that also goes to another server, to compare: 1% (STHENO_MIRROR)"};
constexpr Option kMirrorTo{"mirror-to", 0, "URL", "that server, such as http://localhost:9000 (STHENO_MIRROR_TO)"};

int number_of(std::string_view name, const std::string& text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || number < 1)
    throw UsageError(std::string(name) + " is " + text + "; it accepts a number from 1 on");
  return number;
}

config::Config load(const Arguments& arguments) {
  // What an option says takes the place of its variable.
  for (const auto& [option, variable] :
       {std::pair{"mirror", "STHENO_MIRROR"}, std::pair{"mirror-to", "STHENO_MIRROR_TO"}})
    if (arguments.has(option)) ::setenv(variable, arguments.value(option).c_str(), 1);
  config::Config config = load_config(arguments, Warnings::logged);
  if (arguments.has("threads")) config.threads = number_of("--threads", arguments.value("threads"));
  return config;
}

int start(const Arguments& arguments) { return app::serve(load(arguments), app::Audience::shoppers); }
// What the project's own code is built from comes first: whether there is any is seen by what was built.
int develop(const Arguments& arguments) {
  std::error_code failure;
  const std::string project = std::filesystem::current_path(failure);
  if (app::has_sources(project) && !app::build_sources(project)) return 1;
  return app::serve(load(arguments), app::Audience::developer);
}

// Medusa 1.20 forks a process for each processor. Here a process has a thread for each, which is the same to its clients.
int start_cluster(const Arguments& arguments) {
  config::Config config = load(arguments);
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const char* wanted = std::getenv("CPUS");
  config.threads = processors;
  if (arguments.has("cpus"))
    config.threads = std::min(processors, number_of("--cpus", arguments.value("cpus")));
  else if (wanted && *wanted)
    config.threads = std::min(processors, number_of("CPUS", wanted));
  return app::serve(config, app::Audience::shoppers);
}
} // namespace

const Command start_command{"start", {}, "Starts the server.", {kHost, kPort, kThreads, kMirror, kMirrorTo}, start};
const Command develop_command{
    "develop", {}, "Starts the server for development.", {kHost, kPort, kThreads, kMirror, kMirrorTo}, develop};
const Command start_cluster_command{"start-cluster",
                                    {},
                                    "Starts the server with a thread for each processor.",
                                    {kHost, kPort, kProcessors, kMirror, kMirrorTo},
                                    start_cluster};

} // namespace cli
