#include "app/tools.hpp"

namespace app {

base::JsonObject what_to_compare(const http::Routes& routes) {
  base::JsonArray paths;
  for (const auto& route : routes)
    if (route.method == http::Method::get) paths.emplace_back(route.path);
  return {{"routes", std::move(paths)}, {"known", base::parse_json(known_differences)}};
}

} // namespace app
