#include "cli/explain.hpp"
#include "app/child.hpp"
#include "app/database.hpp"
#include "app/defaults.hpp"
#include "app/explain.hpp"
#include "base/strings.hpp"
#include "base/terminal.hpp"
#include "commerce/entities.hpp"
#include "commerce/watched.hpp"
#include "http/router.hpp"
#include <algorithm>
#include <cstdio>

namespace cli {
namespace {
using base::Colour;
using base::Json;

void line(std::string_view name, const std::string& text) {
  if (text.empty()) return;
  std::string left(name);
  left.resize(12, ' ');
  std::fputs((base::painted(Colour::bold, left) + text + "\n").c_str(), stdout);
}

std::string counted(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string list_of(const Json& names) {
  std::vector<std::string> texts;
  if (names.is_array())
    for (const Json& name : names.as_array()) texts.push_back(name.as_string());
  return base::join(texts, " ");
}

void print_route(const app::Explained& explained, const std::string& beside) {
  const Json& route = explained.route;
  if (!route.is_object()) return line("Route", "none of this server's has this path");
  line("Route",
       route["method"].as_string() + " " + route["path"].as_string() + "   (" + route["auth"].as_string() + ")");
  if (!explained.off.empty()) line("", "hidden: the feature flag " + explained.off + " is off");
  if (!beside.empty()) line("", "answered by plugins: " + beside);
  if (!explained.who.empty()) line("", "asked here in the name of the first admin, " + explained.who);
  const Json& answers = route["answers"];
  for (const auto& [name, key] : {std::pair{"Fields", "fields"}, std::pair{"Relations", "relations"},
                                  std::pair{"May expand", "allowed_relations"}})
    if (answers.is_object() && answers.has(key)) line(name, list_of(answers[key]));
  if (route.has("query")) {
    std::vector<std::string> rules;
    for (const auto& [name, kind] : route["query"].as_object())
      rules.push_back(name + ": " + (kind.is_string() ? kind.as_string() : kind.dump()));
    line("Query", base::join(rules, ", "));
  }
}

void print_answer(const http::Response& response) {
  constexpr std::size_t kShown = 300;
  line("Answer", std::to_string(response.status) + ", " + base::size_text(response.length()));
  if (response.status >= 400) line("", response.body.substr(0, kShown));
}

void print_statement(std::size_t number, const app::Explained::Statement& statement, bool whole) {
  std::printf("\n%s %s\n", base::painted(Colour::bold, std::to_string(number) + ".").c_str(),
              (whole ? statement.sql : shortened(statement.sql)).c_str());
  constexpr std::size_t kShown = 100;
  for (std::size_t i = 0; i < statement.values.size(); i++) {
    const auto& value = statement.values[i];
    std::string text = value ? *value : "null";
    if (text.size() > kShown) text = text.substr(0, kShown) + "... (" + base::size_text(text.size()) + ")";
    std::printf("   %s = %s\n", ("$" + std::to_string(i + 1)).c_str(), text.c_str());
  }
  std::printf("   %s\n", counted(static_cast<std::size_t>(statement.rows), "row", "rows").c_str());
  for (const std::string& step : statement.plan)
    std::printf("   %s\n", base::painted(Colour::faint, "| " + step).c_str());
}

void print_statements(const app::Explained& explained, bool whole) {
  const int trips = explained.statements.empty() ? 0 : explained.statements.back().trip;
  line("Reads", explained.statements.empty()
                    ? "nothing of the database"
                    : counted(explained.statements.size(), "statement", "statements") + " in " +
                          counted(static_cast<std::size_t>(trips), "round trip", "round trips"));
  int trip = 0;
  for (std::size_t i = 0; i < explained.statements.size(); i++) {
    const auto& statement = explained.statements[i];
    if (statement.trip != trip) {
      trip = statement.trip;
      std::printf("\n%s\n", base::painted(Colour::cyan, "Round trip " + std::to_string(trip)).c_str());
    }
    print_statement(i + 1, statement, whole);
  }
}

// The tables whose rows a server keeps, among those that are read.
std::vector<std::string> kept_tables_of(const app::Explained& explained) {
  std::vector<std::string> names;
  for (const auto& table : commerce::kept_tables()) {
    const std::string name(table.name), plain = "FROM " + name + " ", quoted = "FROM \"" + name + "\" ";
    const bool read = std::any_of(explained.statements.begin(), explained.statements.end(), [&](const auto& statement) {
      return statement.sql.find(plain) != std::string::npos || statement.sql.find(quoted) != std::string::npos;
    });
    if (read) names.push_back(name);
  }
  return names;
}

void print_kept(const app::Explained& explained, const config::Config& config) {
  std::string text;
  if (explained.may_keep && config.reply_cache_bytes > 0) {
    std::vector<std::string> tables;
    for (const auto table : commerce::watched_tables()) tables.emplace_back(table);
    text =
        "the whole reply, for whoever is not logged in as a customer: the next such request costs one question, whether "
        "anything has changed in " +
        base::join(tables, ", ");
  } else if (explained.route.has("kept")) {
    text = "not this reply: it shows what nobody watches, is one of a cart's, or STHENO_REPLY_CACHE is 0";
  } else {
    text = "nothing of the reply: it is made anew for each request";
  }
  std::putchar('\n');
  line("Kept", text);
  const auto tables = kept_tables_of(explained);
  if (config.row_cache_bytes > 0 && !tables.empty())
    line("",
         "rows of " + base::join(tables, ", ") + ": a server that has read them asks only whether they have changed");
}

} // namespace

std::string shortened(const std::string& sql) {
  constexpr std::size_t kLong = 120, kShown = 2;
  constexpr std::string_view kSelect = "SELECT ", kFrom = " FROM ";
  if (!sql.starts_with(kSelect)) return sql;
  // The commas and the FROM of this SELECT, and of none within brackets or quotes.
  std::vector<std::size_t> commas;
  int depth = 0;
  char quote = 0;
  for (std::size_t at = kSelect.size(); at < sql.size(); at++) {
    const char c = sql[at];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      depth++;
    } else if (c == ')') {
      depth--;
    } else if (depth == 0 && c == ',') {
      commas.push_back(at);
    } else if (depth == 0 && std::string_view(sql).substr(at).starts_with(kFrom)) {
      if (at < kLong || commas.size() <= kShown) return sql;
      return sql.substr(0, commas[kShown - 1]) + ", (" + std::to_string(commas.size() + 1 - kShown) + " more)" +
             sql.substr(at);
    }
  }
  return sql;
}

int explain(const Arguments& arguments) {
  std::string target(base::trim(arguments.value("explain")));
  if (const auto blank = target.find(' '); blank != std::string::npos) {
    if (base::upper(target.substr(0, blank)) != "GET")
      throw UsageError("--explain takes a GET, since it is asked for real: \"GET /store/products?expand=variants\"");
    target = base::trim(target.substr(blank));
  }
  if (!target.starts_with('/') || target.find(' ') != std::string::npos)
    throw UsageError("--explain takes a request such as \"GET /store/products?expand=variants\"");
  const config::Config config = load_config(arguments);
  base::set_log_level(base::LogLevel::warn);
  const app::Backing backing(config, db::Embedding::beside_another);
  app::extend_entities(config);
  app::install_providers(config);
  int code = 0;
  db::run_blocking(backing.options(1), [&](db::Database& database) {
    app::check_schema(database.shared(), config);
    const app::Explained explained = app::explain(database, config, target);
    std::string beside;
    if (const auto report = app::last_report(config); report && explained.route.is_object()) {
      const auto found = report->routes.find(plugins::Report::key_of("GET", explained.route["path"].as_string()));
      if (found != report->routes.end()) beside = found->second.why;
    }
    print_route(explained, beside);
    print_answer(explained.response);
    print_statements(explained, arguments.has("verbose"));
    print_kept(explained, config);
    code = explained.response.status >= 500;
  });
  return code;
}

} // namespace cli
