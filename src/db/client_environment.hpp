// How other programs of PostgreSQL (psql, pg_dump) find the shop's database: libpq's variables, as their arguments may be read by
// everybody on the machine. Owns nothing. Called by commands on the main thread, before other threads exist.
#pragma once
#include "db/options.hpp"

namespace db {

// Sets PGHOST, PGUSER, PGPASSWORD and the others in this process' environment, for a program that takes its place or is started by
// it; PGOPTIONS gets the search path. Certificates that the configuration holds stay open for that program. Throws base::Error.
void set_client_environment(const Options& options);

} // namespace db
