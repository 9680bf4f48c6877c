#include "app/tools.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/command.hpp"
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

// The program is JavaScript in this process' place (docs/decisions/0016-compare.md), so signals and the exit code are its own.
int compare(const Arguments& arguments) {
  for (const std::string_view side : {"left", "right"})
    if (!arguments.has(side)) throw UsageError("--" + std::string(side) + " is missing");
  commerce::add_entities();
  base::JsonObject order = app::what_to_compare(commerce::all_routes());
  for (const std::string_view name : {"left", "right", "list", "log"}) order.set(name, arguments.value(name));
  order.set("rate", number(arguments, "rate", 20, 1000));
  order.set("most", number(arguments, "most", 1000, 1'000'000));
  order.set("json", arguments.has("json"));
  order.set("all", arguments.has("known"));
  const std::string text = base::Json(std::move(order)).dump(), script(app::compare_script);
  ::execlp("node", "node", "-e", script.c_str(), text.c_str(), static_cast<char*>(nullptr));
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
