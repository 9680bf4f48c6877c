#include "commerce/routes.hpp"
#include "app/child.hpp"
#include "cli/command.hpp"
#include "cli/explain.hpp"
#include "commerce/entities.hpp"
#include "http/described.hpp"
#include "http/openapi.hpp"
#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace cli {
namespace {

using base::Json;

std::string text_of(const Json& value);

// "a: string, b?: [{id: string}]".
std::string members_of(const Json& object) {
  std::string out;
  for (const auto& [name, value] : object.as_object()) {
    if (!out.empty()) out += ", ";
    out += name + ": " + text_of(value);
  }
  return out;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_array()) return "[" + (value.size() ? text_of(value.as_array().front()) : "") + "]";
  if (value.is_object()) return "{" + members_of(value) + "}";
  return value.dump();
}

std::string list_of(const Json& names) {
  std::string out;
  for (const auto& name : names.as_array()) out += (out.empty() ? "" : " ") + name.as_string();
  return out;
}

void line(std::string_view name, const std::string& text) {
  if (!text.empty()) std::printf("  %-18.*s%s\n", static_cast<int>(name.size()), name.data(), text.c_str());
}

void print(const Json& route) {
  std::printf("%s %s\n", route["method"].as_string().c_str(), route["path"].as_string().c_str());
  line("auth", route["auth"].as_string());
  if (route.has("flag")) line("flag", route["flag"].as_string());
  if (route.has("guesses")) line("guesses", route["guesses"].as_string());
  if (route.has("kept")) line("kept", route["kept"].as_string());
  if (const auto& answers = route["answers"]; answers.is_object()) {
    line("answers", answers["status"].dump() + " " + answers["body"].as_string());
    if (answers.has("limit")) line("limit", answers["limit"].dump());
    for (const std::string_view name : {"fields", "relations", "allowed_fields", "allowed_relations"})
      if (answers.has(name)) line(name, list_of(answers[name]));
  }
  if (route.has("query")) line("query", members_of(route["query"]));
  if (route.has("body")) line("body", members_of(route["body"]));
  std::putchar('\n');
}

http::Routes sorted_routes() {
  commerce::add_entities();
  http::Routes all = commerce::all_routes();
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return all;
}

// What is logged goes to standard error for as long as this lives: standard output has the list.
class LogOnError {
 public:
  LogOnError() : output_(::dup(STDOUT_FILENO)) { ::dup2(STDERR_FILENO, STDOUT_FILENO); }
  ~LogOnError() {
    ::dup2(output_, STDOUT_FILENO);
    ::close(output_);
  }

 private:
  const int output_;
};

// Who answers what in a project with plugins, and why.
int print_parts(const http::Routes& all, const Arguments& arguments) {
  const config::Config config = load_config(arguments);
  if (config.foreign.empty()) {
    std::puts("Nothing of this project needs Medusa: all routes are answered by this server.");
    return 0;
  }
  auto report = app::last_report(config);
  if (!report) {
    std::fputs("The project's own Medusa is started, and tells.\n", stderr);
    const LogOnError log;
    report = app::learned_report(config);
  }
  if (!report) return 1;
  const auto shown = app::shown_here(*report);
  const auto is_shown = [&](const std::string& entity) { return shown.contains(entity); };
  for (const auto& own : report->own)
    std::printf("%-7s %-64s plugins: %s\n", own.method.c_str(), own.path.c_str(), own.why.c_str());
  for (const auto& part : report->parts)
    std::printf("%-7s %-64s plugins: %s\n", "*", (part.path + "/*").c_str(), part.why.c_str());
  for (const auto& route : all) {
    const auto* answered = report->answered(route);
    // What was added to these can be read here as the rest is.
    if (answered && !answered->entities.empty() &&
        std::all_of(answered->entities.begin(), answered->entities.end(), is_shown))
      answered = nullptr;
    using When = plugins::Report::Answered::When;
    std::string who = "this server";
    if (answered && answered->when == When::own_path) who += ", but for paths of plugins";
    if (answered && answered->when == When::api_token) who += "; with an API token plugins";
    if (answered && answered->when == When::expand) who += "; with expand or fields plugins";
    if (answered && answered->when == When::always) who = "plugins";
    if (answered) who += ": " + answered->why;
    std::printf("%-7s %-64s %s\n", std::string(http::method_name(route.method)).c_str(),
                std::string(route.path).c_str(), who.c_str());
  }
  std::printf("%-7s %-64s plugins\n", "*", "all other paths");
  return 0;
}

int routes(const Arguments& arguments) {
  const auto all = sorted_routes();
  if (arguments.has("explain")) return explain(arguments);
  if (arguments.has("plugins")) return print_parts(all, arguments);
  if (arguments.has("openapi")) {
    std::puts(http::openapi(all, schema::Flags(), STHENO_VERSION).c_str());
  } else if (arguments.has("json")) {
    base::JsonArray out;
    for (const auto& route : all) out.push_back(http::describe(route));
    std::puts(Json(std::move(out)).dump().c_str());
  } else if (arguments.has("short")) {
    for (const auto& route : all)
      std::printf("%-7s %-64s %s\n", std::string(http::method_name(route.method)).c_str(),
                  std::string(route.path).c_str(), std::string(http::auth_name(route.auth)).c_str());
  } else {
    for (const auto& route : all) print(http::describe(route));
  }
  return 0;
}
} // namespace

const Command routes_command{
    "routes",
    {},
    "Lists the routes: who may call each, what it takes and what it answers.",
    {{.name = "short", .description = "One line a route"},
     {.name = "json", .description = "As JSON"},
     {.name = "plugins", .description = "Who answers each in this project: this server, or its plugins, and why"},
     {.name = "explain",
      .value = "request",
      .description = "What a GET of this shop reads: its rules, statements with their plans, what is kept"},
     {.name = "openapi",
      .description = "As the OpenAPI document that a server with the default feature flags has at /openapi.json"}},
    routes};

} // namespace cli
