// What database_logging asks for: statements with their duration, failures, what the server says, schema and
// migrations. Parameters are logged on demand alone. Internal to db. Owns nothing; any thread.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include "db/errors.hpp"
#include <libpq-fe.h>
#include <span>
#include <string>
#include <string_view>

namespace db {

// The server's notices on this connection, by their severity.
void log_notices(PGconn* connection, const config::DatabaseLogging& logging);
void log_statement(const config::DatabaseLogging& logging, std::string_view sql, const Params* params,
                   double milliseconds, const Failure* failure);
void log_migration(const config::DatabaseLogging& logging, std::string_view name);
void log_schema(const config::DatabaseLogging& logging, std::string_view sql);

} // namespace db
