#include "app/app.hpp"
#include "app/connections.hpp"
#include "base/log.hpp"
#include "cli/command.hpp"
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <pthread.h>

namespace cli {
namespace {

// SIGTERM and SIGINT are waited for by the main thread; all threads made after this inherit the mask.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

config::Config configure(const Arguments& arguments) {
  config::LoadOptions options{.project = std::filesystem::current_path().string()};
  if (arguments.has("ignore-unsupported-plugins")) options.unsupported_plugins = config::UnsupportedPlugins::ignore;
  if (!std::getenv("NODE_ENV")) setenv("NODE_ENV", "development", 1);
  auto config = config::load(options);
  base::set_log_level(config.log_level);
  if (!config.log_file.empty()) base::set_log_file(config.log_file);
  if (arguments.has("port")) config.port = arguments.get("port");
  if (arguments.has("host")) config.host = arguments.get("host");
  if (arguments.has("threads")) config.threads = std::atoi(arguments.get("threads").c_str());
  return config;
}

int start(const Arguments& arguments) {
  const auto signals = block_stop_signals();
  const auto config = configure(arguments);
  const auto database = db::options_from(config, static_cast<int>(app::thread_count(config)));
  app::prepare_database(config, database);
  app::App app(config, database);
  app.start();
  base::log_info("Server is ready on port: " + std::to_string(app.port()));
  int signal = 0;
  sigwait(&signals, &signal);
  base::log_info("Gracefully stopping the server.");
  app.stop();
  return 0;
}

std::vector<Option> start_options() {
  return {{"--host", "-H", "ADDRESS", "address to listen on (HOST, else every address)"},
          {"--port", "-p", "NUMBER", "port to listen on (PORT, else 9000)"},
          {"--threads", "", "NUMBER", "threads that serve requests (STHENO_THREADS, else one per processor, at most 2)"},
          {"--ignore-unsupported-plugins", "", "", "start without the plugins that this server can't run"}};
}

} // namespace

Command start_command() { return {"start", "", "Start the server", start_options(), start}; }
Command develop_command() {
  return {"develop", "", "Start the server with the defaults of development", start_options(), start};
}

} // namespace cli
