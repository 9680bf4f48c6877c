// What a GET request would read: it is answered here once, by the very parts that a server has, on a database that writes down
// what it is asked for. Owns what it has written down. Called by `stheno routes --explain` on a fiber; commerce::add_entities() and
// install_providers() have been called before.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include "http/http.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace app {

struct Explained {
  struct Statement {
    std::string sql;
    std::vector<std::optional<std::string>> values; // of $1, $2 ...
    int trip = 0;                                   // the round trips count from 1
    int rows = 0;
    std::vector<std::string> plan; // PostgreSQL's, with the rows that it met; empty for what is no SELECT
  };
  http::Response response;
  base::Json route;      // as http::describe() says; null where there is none
  std::string who;       // the admin in whose name it was asked; empty: nobody's
  std::string off;       // the feature flag that hides the route; empty: none does
  bool may_keep = false; // whether a server would show this very reply again, until something of it changes
  std::vector<Statement> statements;
};

// `target` is a path with its query: "/store/products?limit=2".
Explained explain(db::Database& database, const config::Config& config, std::string_view target);

} // namespace app
