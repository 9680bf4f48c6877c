// What is done to a queue in one piece, as Lua for Redis. The keys, fields and stream entries are BullMQ 5's,
// so that its workers and ours share a queue; the texts are our own. Owns: constants. Any thread.
#pragma once
#include "redis/script.hpp"

namespace events {

// All take KEYS[1], the queue's `meta`, and ARGV[1], what stands before each name; ARGV[2] is the time in
// milliseconds.
namespace scripts {
// KEYS[2]: the ids that were handed over. Then: the number of ids that are settled, these ids, and for each
// job: staged id, id, name, data, options, delay, priority, LPUSH or RPUSH, timestamp.
const redis::Script& add();
// Token, its milliseconds, at most so many jobs, in so many milliseconds (both 0: no limit), the worker's
// name. Replies {id, fields, 0, 0}, or {"", {}, milliseconds until the limit ends, time of the next delayed
// job}.
const redis::Script& take();
// Id, token, "completed" or "failed", the field of the outcome, its value, how many to keep (-1: all), for
// how many seconds (-1: for ever), how many to remove at once, attempts; then fields and values to set
// before.
const redis::Script& finish();
// Id, token, delay, LPUSH or RPUSH; then fields and values to set before.
const redis::Script& retry();
// Milliseconds; then ids and tokens. Replies the ids that are ours no longer.
const redis::Script& extend();
// How often a job may stall, milliseconds until the next look. Replies the ids that were put back.
const redis::Script& recover();
} // namespace scripts

} // namespace events
