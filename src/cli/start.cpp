#include "app/server.hpp"
#include "cli/command.hpp"
#include <charconv>

namespace cli {
namespace {

int start(const Arguments& arguments) {
  if (!arguments.words.empty()) throw UsageError("Unknown argument: " + arguments.words.front());
  config::Config config = load_config(arguments, Warnings::logged);
  config.port = arguments.value("port", config.port);
  config.host = arguments.value("host", config.host);
  if (arguments.has("threads")) {
    const std::string text = arguments.value("threads");
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), config.threads);
    if (failure != std::errc{} || end != text.data() + text.size() || config.threads < 1)
      throw UsageError("--threads is " + text + "; it accepts a number from 1 on");
  }
  return app::serve(config, arguments.has("develop") ? app::Audience::developer : app::Audience::shoppers);
}

const std::vector<Option> kOptions = {
    {"host", 'H', "address", "address to listen on (HOST, or all addresses)"},
    {"port", 'p', "port", "port to listen on (PORT, or 9000)"},
    {"threads", 't', "number", "threads that serve requests (STHENO_THREADS, or one per processor, at most 2)"},
};

int develop(const Arguments& arguments) {
  Arguments developer = arguments;
  developer.options["develop"] = "true";
  return start(developer);
}
} // namespace

const Command start_command{"start", {}, "Starts the server.", kOptions, start};
const Command develop_command{"develop", {}, "Starts the server for development.", kOptions, develop};

} // namespace cli
