#include "cli/command.hpp"
#include "commerce/entities.hpp"
#include "commerce/routes.hpp"
#include "schema/flags.hpp"
#include <algorithm>
#include <cstdio>

namespace cli {
namespace {

std::string_view auth_name(http::Auth auth) {
  switch (auth) {
  case http::Auth::admin: return "admin";
  case http::Auth::customer: return "customer";
  case http::Auth::none:
  case http::Auth::customer_optional: break;
  }
  return "anyone";
}

int routes(const Arguments&) {
  commerce::add_entities();
  http::Routes all = commerce::all_routes();
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (const http::Route& route : all) {
    std::string line(http::method_name(route.method));
    line.resize(8, ' ');
    line += route.path;
    line.resize(std::max<std::size_t>(line.size() + 2, 64), ' ');
    line += auth_name(route.auth);
    if (route.flag != schema::Flag::none) line += ", " + std::string(schema::flag_key(route.flag));
    std::puts(line.c_str());
  }
  return 0;
}
} // namespace

const Command routes_command{"routes", {}, "Lists the routes, and who may call each.", {}, routes};

} // namespace cli
