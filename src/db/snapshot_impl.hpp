// PostgreSQL's snapshots in text form. Internal to db.
#pragma once
#include <string_view>

namespace db {

// Whether so many transactions lie between its oldest and its newest that each question about what is visible in it may have to
// look at very many.
bool snapshot_too_wide(std::string_view snapshot);

} // namespace db
