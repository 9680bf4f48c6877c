// Where in the database a shop's tables are, what this role may do there, and sentences for what is missing.
// Owns nothing. Called by migrations and app on a fiber, before requests are served.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include <string>

namespace db {

struct Place {
  std::string schema;         // as it is written in SQL: database_schema, or the first of the search path that is there
  std::string role, database; // as they are written in SQL
  bool exists = false;        // the schema
  bool may_use = false;       // what is in it
  bool may_create = false;    // tables in it
  bool may_extend = false;    // the database by schemas and extensions
  std::string trigrams, search; // the schema of the extension pg_trgm, empty where it is missing; the search path
};
Place place_of(Session& session, const config::Config& config);

// Throws base::Error not_allowed, with what to do, where the schema isn't there or this role may not look into it.
void require_readable(const Place& place);
// The same for what migrations do, where the schema is there.
void require_creatable(const Place& place);

} // namespace db
