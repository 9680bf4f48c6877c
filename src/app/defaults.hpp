// What a database must hold before requests are served: the schema, the store, its default sales channel, the shipping
// profiles, the installed providers. Owns nothing. Called by commands on a fiber; safe when two servers start at once.
#pragma once
#include "commerce/file/local.hpp"
#include "config/config.hpp"
#include "db/db.hpp"
#include <optional>

namespace app {

// Adds the native providers that the configuration names to the tables of ports. Call once.
void install_providers(const config::Config& config);

// The folder of @medusajs/file-local, where the configuration names that plugin.
std::optional<commerce::file::LocalFolder> local_folder(const config::Config& config);

// Throws base::Error not_allowed when migrations are missing, or the schema, or the right to use it.
void check_schema(db::Session& session, const config::Config& config);

// Medusa 1.20: loaders/defaults.ts. One transaction, two round trips; changes nothing where all is there.
void ensure_defaults(db::Database& database, const config::Config& config);

} // namespace app
