#include "db/place.hpp"
#include "base/error.hpp"

namespace db {
namespace {

// $1: database_schema; null where the search path decides.
const Statement place_statement(
    "SELECT quote_ident(coalesce($1, current_schema())), quote_ident(current_user), quote_ident(current_database()), "
    "n.oid IS NOT NULL, coalesce(has_schema_privilege(n.oid, 'USAGE'), false), coalesce(has_schema_privilege(n.oid, "
    "'CREATE'), false), has_database_privilege(current_database(), 'CREATE'), "
    "(SELECT quote_ident(e.nspname) FROM pg_extension x JOIN pg_namespace e ON e.oid = x.extnamespace "
    "WHERE x.extname = 'pg_trgm'), current_setting('search_path') "
    "FROM (SELECT) AS one LEFT JOIN pg_namespace n ON n.nspname = coalesce($1::text, current_schema())");

[[noreturn]] void refuse(const std::string& sentence) { throw base::Error::not_allowed(sentence); }

std::string who(const Place& place) { return "the role " + place.role; }
std::string grant(const Place& place, const char* what) {
  return "GRANT " + std::string(what) + " ON SCHEMA " + place.schema + " TO " + place.role + ";";
}
} // namespace

Place place_of(Session& session, const config::Config& config) {
  Params params;
  if (config.database_schema == "public")
    params.add(std::nullopt);
  else
    params.add(config.database_schema);
  const Result row = session.run(place_statement, std::move(params));
  return {.schema = std::string(row.text(0, 0)),
          .role = std::string(row.text(0, 1)),
          .database = std::string(row.text(0, 2)),
          .exists = row.boolean(0, 3),
          .may_use = row.boolean(0, 4),
          .may_create = row.boolean(0, 5),
          .may_extend = row.boolean(0, 6),
          .trigrams = std::string(row.text(0, 7)),
          .search = std::string(row.text(0, 8))};
}

void require_readable(const Place& place) {
  if (place.schema.empty())
    refuse(
        "None of the schemas of the search path (" + place.search + ") is there for " + who(place) +
        " in the database " + place.database +
        ": create one, let the role use it (GRANT USAGE, CREATE ON SCHEMA ...), or name another as database_schema.");
  const std::string names = "The schema " + place.schema + " (database_schema) ";
  if (!place.exists && place.may_extend)
    refuse(names + "does not exist in the database " + place.database + ": `stheno migrations run` creates it.");
  if (!place.exists)
    refuse(names + "does not exist in the database " + place.database + ", and " + who(place) +
           " may not create it. Have its owner run: CREATE SCHEMA " + place.schema + " AUTHORIZATION " + place.role +
           ";");
  if (!place.may_use)
    refuse("The schema " + place.schema + " of the database " + place.database + " is closed to " + who(place) +
           ". Have its owner run: " + grant(place, "USAGE, CREATE"));
}

void require_creatable(const Place& place) {
  if (!place.may_create)
    refuse("Migrations create tables, and " + who(place) + " may create none in the schema " + place.schema +
           " of the database " + place.database + ". Have its owner run: " + grant(place, "CREATE"));
  if (place.trigrams.empty() && !place.may_extend)
    refuse("Migrations need the extension pg_trgm, and " + who(place) + " may not create it in the database " +
           place.database + ". Have an administrator run, in that database: CREATE EXTENSION pg_trgm;");
}

} // namespace db
