#include "events/redis_queue_scripts.hpp"

namespace events {
namespace {

// What the scripts have in common.
constexpr const char* kCommon = R"lua(
local call = redis.call
local base, now = ARGV[1], tonumber(ARGV[2])
local meta = KEYS[1]
local wait, active, paused, delayed = base .. 'wait', base .. 'active', base .. 'paused', base .. 'delayed'
local prioritized, marker, stalled = base .. 'prioritized', base .. 'marker', base .. 'stalled'

local most_entries = call('HGET', meta, 'opts.maxLenEvents')
if not most_entries then
  most_entries = 10000
  call('HSET', meta, 'opts.maxLenEvents', most_entries)
end
local function tell(event, id, ...)
  call('XADD', base .. 'events', 'MAXLEN', '~', most_entries, '*', 'event', event, 'jobId', id, ...)
end

-- The list that new jobs go to, and whether nobody may take one now: the queue is paused, or its concurrency is reached.
local function entrance()
  local facts = call('HMGET', meta, 'paused', 'concurrency')
  if facts[1] then return paused, true end
  return wait, facts[2] and call('LLEN', active) >= tonumber(facts[2])
end
-- Idle workers block on the marker's members: "0" for a job that waits, "1" for the first one that is delayed.
local function wake() call('ZADD', marker, 0, '0') end
local function wake_at_next()
  local first = call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
  if first[2] then call('ZADD', marker, tonumber(first[2]) / 4096, '1') end
end

local function enqueue(id, priority, push)
  local list, closed = entrance()
  if priority > 0 then
    local turn = call('INCR', base .. 'pc')
    call('ZADD', prioritized, priority * 4294967296 + turn % 4294967296, id)
  else
    call(push, list, id)
  end
  if not closed then wake() end
end

-- A score is a time and a count of those within its millisecond, so that they leave in the order they came.
local function postpone(id, delay)
  local at = now + delay
  local first, last = at * 4096, at * 4096 + 4095
  local latest = call('ZREVRANGEBYSCORE', delayed, last, first, 'WITHSCORES', 'LIMIT', 0, 1)[2]
  call('ZADD', delayed, latest and math.min(tonumber(latest) + 1, last) or first, id)
  tell('delayed', id, 'delay', at)
  wake_at_next()
end

local function promote()
  for _, id in ipairs(call('ZRANGEBYSCORE', delayed, 0, now * 4096 + 4095, 'LIMIT', 0, 1000)) do
    call('ZREM', delayed, id)
    enqueue(id, tonumber(call('HGET', base .. id, 'priority') or 0) or 0, 'LPUSH')
    tell('waiting', id, 'prev', 'delayed')
    call('HSET', base .. id, 'delay', 0)
  end
end

-- Takes a job out of the hands of whoever holds that token: 0, or what stands in the way.
local function release(id, token)
  if call('EXISTS', base .. id) == 0 then return -1 end
  local lock = base .. id .. ':lock'
  local holder = call('GET', lock)
  if not holder then return -2 end
  if holder ~= token then return -6 end
  if call('LREM', active, -1, id) < 1 then return -3 end
  call('DEL', lock)
  call('SREM', stalled, id)
  return 0
end
local function set_fields(id, from)
  for i = from, #ARGV - 1, 2 do call('HSET', base .. id, ARGV[i], ARGV[i + 1]) end
end
local function forget(id)
  local job = base .. id
  call('DEL', job, job .. ':logs', job .. ':dependencies', job .. ':processed', job .. ':failed', job .. ':unsuccessful')
end
)lua";

constexpr const char* kAdd = R"lua(
local handed_over = KEYS[2]
local at = 4 + tonumber(ARGV[3])
for i = 4, at - 1 do call('ZREM', handed_over, ARGV[i]) end
call('ZREMRANGEBYSCORE', handed_over, '-inf', now - 7 * 86400000)
for i = at, #ARGV, 9 do
  local staged, id, name, delay, priority = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 5], tonumber(ARGV[i + 6])
  if not call('ZSCORE', handed_over, staged) then
    call('INCR', base .. 'id')
    if call('EXISTS', base .. id) == 1 then
      tell('duplicated', id)
    else
      call('HSET', base .. id, 'name', name, 'data', ARGV[i + 3], 'opts', ARGV[i + 4], 'timestamp', ARGV[i + 8],
           'delay', delay, 'priority', priority)
      tell('added', id, 'name', name)
      if tonumber(delay) > 0 then
        postpone(id, tonumber(delay))
      else
        enqueue(id, priority, ARGV[i + 7])
        tell('waiting', id)
      end
    end
    call('ZADD', handed_over, now, staged)
  end
end
return 0
)lua";

constexpr const char* kTake = R"lua(
local most, duration = tonumber(ARGV[5]), tonumber(ARGV[6])
promote()
-- A limit that the queue has for all workers goes before the worker's own.
local facts = call('HMGET', meta, 'max', 'duration')
if facts[1] then most, duration = tonumber(facts[1]), tonumber(facts[2] or duration) end
local limiter = base .. 'limiter'
if most > 0 and tonumber(call('GET', limiter) or 0) >= most then
  local left = call('PTTL', limiter)
  if left > 0 then return {'', {}, left, 0} end
  if left == 0 then call('DEL', limiter) end
end
local _, closed = entrance()
if closed then return {'', {}, 0, 0} end

local id
repeat
  id = call('RPOPLPUSH', wait, active)
  -- Markers among the jobs, of BullMQ 4.
  local old_marker = id and string.sub(id, 1, 2) == '0:'
  if old_marker then call('LREM', active, 1, id) end
until not old_marker
if not id then
  id = call('ZPOPMIN', prioritized)[1]
  if id then call('LPUSH', active, id) else call('DEL', base .. 'pc') end
end
if not id then
  local first = call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
  return {'', {}, 0, first and math.floor(tonumber(first) / 4096) or 0}
end

if most > 0 and call('INCR', limiter) == 1 then call('PEXPIRE', limiter, duration) end
local job = base .. id
call('SET', job .. ':lock', ARGV[3], 'PX', ARGV[4])
tell('active', id, 'prev', 'waiting')
call('HSET', job, 'processedOn', ARGV[2])
if ARGV[7] ~= '' then call('HSET', job, 'pb', ARGV[7]) end
call('HINCRBY', job, 'ats', 1)
-- Another one may wait; whoever is idle looks.
wake()
return {id, call('HGETALL', job), 0, 0}
)lua";

constexpr const char* kFinish = R"lua(
local id, target, field, value = ARGV[3], ARGV[5], ARGV[6], ARGV[7]
local keep, age, at_once, attempts = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local lost = release(id, ARGV[4])
if lost < 0 then return lost end
set_fields(id, 12)
local made = call('HINCRBY', base .. id, 'atm', 1)

local deduplication = call('HGET', base .. id, 'deid')
if deduplication then
  local key = base .. 'de:' .. deduplication
  if call('PTTL', key) == -1 and call('GET', key) == id then call('DEL', key) end
end

if keep == 0 then
  forget(id)
else
  local list = base .. target
  call('ZADD', list, now, id)
  call('HSET', base .. id, field, value, 'finishedOn', ARGV[2])
  call('HDEL', base .. id, 'defa')
  local function remove(ids)
    for _, old in ipairs(ids) do
      forget(old)
      call('ZREM', list, old)
    end
  end
  if age >= 0 then remove(call('ZRANGEBYSCORE', list, '-inf', now - age * 1000, 'LIMIT', 0, at_once)) end
  if keep > 0 then remove(call('ZRANGE', list, 0, -(keep + 1))) end
end
tell(target, id, field, value, 'prev', 'active')
if target == 'failed' and made >= attempts then tell('retries-exhausted', id, 'attemptsMade', made) end
if call('LLEN', wait) + call('LLEN', active) + call('ZCARD', prioritized) == 0 then
  call('XADD', base .. 'events', '*', 'event', 'drained')
end
return 0
)lua";

constexpr const char* kRetry = R"lua(
local id, delay = ARGV[3], tonumber(ARGV[5])
promote()
local lost = release(id, ARGV[4])
if lost < 0 then return lost end
set_fields(id, 7)
call('HINCRBY', base .. id, 'atm', 1)
if delay > 0 then
  call('HSET', base .. id, 'delay', delay)
  postpone(id, delay)
else
  enqueue(id, tonumber(call('HGET', base .. id, 'priority') or 0) or 0, ARGV[6])
  tell('waiting', id, 'prev', 'active')
end
return 0
)lua";

constexpr const char* kExtend = R"lua(
local lost = {}
for i = 4, #ARGV - 1, 2 do
  local id, lock = ARGV[i], base .. ARGV[i] .. ':lock'
  if call('GET', lock) == ARGV[i + 1] then
    call('PEXPIRE', lock, ARGV[3])
    call('SREM', stalled, id)
  else
    lost[#lost + 1] = id
  end
end
return lost
)lua";

// Between two looks a worker that lives has taken its jobs out of the set again.
constexpr const char* kRecover = R"lua(
local back = {}
if not call('SET', base .. 'stalled-check', ARGV[2], 'NX', 'PX', ARGV[4]) then return back end
for _, id in ipairs(call('SMEMBERS', stalled)) do
  local job = base .. id
  if call('EXISTS', job .. ':lock') == 0 and call('LREM', active, 1, id) > 0 then
    -- Whoever takes it next lets it fail.
    if call('HINCRBY', job, 'stc', 1) > tonumber(ARGV[3]) then
      call('HSET', job, 'defa', 'job stalled more than allowable limit')
    end
    local list, closed = entrance()
    call('RPUSH', list, id)
    if not closed then wake() end
    tell('waiting', id, 'prev', 'active')
    tell('stalled', id)
    back[#back + 1] = id
  end
end
call('DEL', stalled)
for _, id in ipairs(call('LRANGE', active, 0, -1)) do call('SADD', stalled, id) end
return back
)lua";

redis::Script with_common(const char* body) { return redis::Script(std::string(kCommon) + body); }

} // namespace

namespace scripts {
const redis::Script& add() {
  static const redis::Script script = with_common(kAdd);
  return script;
}
const redis::Script& take() {
  static const redis::Script script = with_common(kTake);
  return script;
}
const redis::Script& finish() {
  static const redis::Script script = with_common(kFinish);
  return script;
}
const redis::Script& retry() {
  static const redis::Script script = with_common(kRetry);
  return script;
}
const redis::Script& extend() {
  static const redis::Script script = with_common(kExtend);
  return script;
}
const redis::Script& recover() {
  static const redis::Script script = with_common(kRecover);
  return script;
}
} // namespace scripts

} // namespace events
