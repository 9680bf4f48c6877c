#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/command.hpp"
#include "cli/tools.hpp"
#include "commerce/entities.hpp"
#include "commerce/routes.hpp"
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace cli {
namespace {

std::int64_t number(const Arguments& arguments, std::string_view name, std::int64_t fallback, std::int64_t most) {
  if (!arguments.has(name)) return fallback;
  const std::string text = arguments.value(name);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < 1 || value > most)
    throw UsageError("--" + std::string(name) + " is " + text + "; it accepts a number from 1 to " +
                     std::to_string(most));
  return value;
}

base::Json readable_routes() {
  commerce::add_entities();
  base::JsonArray paths;
  for (const auto& route : commerce::all_routes())
    if (route.method == http::Method::get) paths.emplace_back(route.path);
  return paths;
}

// The program is JavaScript in this process' place (docs/decisions/0016-compare.md), so signals and the exit code are its own.
int compare(const Arguments& arguments) {
  for (const std::string_view side : {"left", "right"})
    if (!arguments.has(side)) throw UsageError("--" + std::string(side) + " is missing");
  const std::string order = base::Json(base::JsonObject{{"left", arguments.value("left")},
                                                        {"right", arguments.value("right")},
                                                        {"list", arguments.value("list")},
                                                        {"log", arguments.value("log")},
                                                        {"rate", number(arguments, "rate", 20, 1000)},
                                                        {"most", number(arguments, "most", 1000, 1'000'000)},
                                                        {"json", arguments.has("json")},
                                                        {"all", arguments.has("known")},
                                                        {"routes", readable_routes()},
                                                        {"known", base::parse_json(known_differences)}})
                                .dump();
  const std::string script(compare_script);
  ::execlp("node", "node", "-e", script.c_str(), order.c_str(), static_cast<char*>(nullptr));
  throw std::runtime_error(errno == ENOENT ? "`node` was not found; this command needs Node.js 18 or later"
                                           : "node can't be started: " + std::string(std::strerror(errno)));
}
} // namespace

const Command compare_command{
    "compare",
    {},
    "Sends the same GETs to two running servers and tells how their answers differ; 1 where they do.",
    {{.name = "left", .value = "URL", .description = "this server"},
     {.name = "right", .value = "URL", .description = "the real Medusa, on the same database or a copy of it"},
     {.name = "list", .value = "file", .description = "paths to read, a line each; - is the standard input"},
     {.name = "log", .value = "file", .description = "an access log: the GETs in it, each once"},
     {.name = "rate", .value = "number", .description = "requests a second to each, at most (20)"},
     {.name = "most", .value = "number", .description = "requests to each in all, at most (1000)"},
     {.name = "known", .description = "print the known differences that were met, too"},
     {.name = "json", .description = "print JSON"}},
    compare};

} // namespace cli
