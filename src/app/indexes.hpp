// Indexes of our own, under names that begin with stheno_: those that 1.20's lists lack, and those of trigrams that its
// searches of orders and customers lack (docs/decisions/0013-large-shops.md).
//
// Those of small tables are made at the start. Those of large ones would hold it up, and all who write meanwhile: they are
// made in the background, with CREATE INDEX CONCURRENTLY, and a start that was interrupted leaves an INVALID one, which
// is dropped and made again.
//
// Owns the list. Called by additions at the start and by upkeep afterwards, on a fiber; safe when two servers start at once.
#pragma once
#include "db/db.hpp"

namespace app {

void add_small_indexes(db::Database& database);

// Whether some are missing that add_large_indexes() may make: each is tried once in this process's life.
bool large_indexes_missing(db::Session& session);
// Waits at most five seconds for a lock, then gives up. Nothing of it can be part of a transaction, so it does nothing behind
// a pooler that hands out sessions per transaction.
void add_large_indexes(db::Database& database);

} // namespace app
