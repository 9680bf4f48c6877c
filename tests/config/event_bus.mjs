#!/usr/bin/env node
// modules.eventBus: the options of @medusajs/event-bus-redis, each by what it does to the queue. tests/queue has the
// packages themselves on the other side.
import assert from "node:assert/strict";
import { refuses, serves } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { newRedis, sql } from "../lib/services.mjs";

const database = await copy(await template("stheno"));
await sql(database, "truncate staged_job"); // what filling the shop has told
const redis = await newRedis({ args: ["--databases", "4"] });
const config = (options, projectConfig = {}) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...projectConfig }, modules: { eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis.url, ...options } } } });
const producer = { environment: { MEDUSA_WORKER_MODE: "server" } };
const makeCart = (base) => fetch(`${base}/store/carts`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ region_id: "reg_eu" }) });
const waits = (list, ...before) => until(async () => (await redis.cli(...before, "llen", list)) === "1");

// The one job that a new cart makes, as a server that leaves it to others has queued it.
async function queued(options, { projectConfig, keys = "RedisEventBusService:events-queue:", db = "0" } = {}) {
  await redis.cli("flushall");
  let fields;
  await serves(config(options, projectConfig), producer, async ({ base }) => {
    assert.equal((await makeCart(base)).status, 200);
    await waits(`${keys}wait`, "-n", db);
    const id = await redis.cli("-n", db, "lindex", `${keys}wait`, "0");
    fields = Object.fromEntries(await Promise.all(["name", "data", "opts"].map(async (field) => [field, await redis.cli("-n", db, "hget", keys + id, field)])));
  });
  return { ...fields, opts: JSON.parse(fields.opts) };
}

await check("redisUrl and redisOptions: where the queue is", async () => {
  await queued({ redisUrl: `${redis.url}/2` }, { db: "2" });
  await queued({ redisUrl: redis.url, redisOptions: { db: 3, connectionName: "bus" } }, { db: "3" });
  await serves(config({ redisOptions: { connectionName: "bus" } }), {}, () => until(async () => (await redis.cli("client", "list")).split("\n").filter((line) => line.includes(" name=bus ")).length === 2));
});
await check("redis_url, redis_prefix and redis_options are not the bus'", async () => {
  await queued({}, { projectConfig: { redis_url: `${redis.url}/1`, redis_prefix: "shop:", redis_options: { keyPrefix: "kp:" } } });
});
await check("queueName and prefix: under which keys", async () => {
  await queued({ queueName: "mine" }, { keys: "RedisEventBusService:mine:" });
  await queued({ queueOptions: { prefix: "shop" } }, { keys: "shop:events-queue:" });
  await redis.cli("flushall");
  await serves(config({ queueName: "mine", queueOptions: { prefix: "shop" }, workerOptions: { prefix: "shop" } }), {}, async ({ base, output }) => {
    await makeCart(base);
    await until(() => output().includes("Processing cart.created which has 0 subscribers"));
  });
});
await check("jobOptions go before defaultJobOptions, and both before what 1.20 gives", async () => {
  const { jobId, ...plain } = (await queued({})).opts;
  assert.deepEqual(plain, { removeOnComplete: true, attempts: 1 });
  const { jobId: own, ...all } = (await queued({ queueOptions: { defaultJobOptions: { attempts: 9, removeOnFail: 4 } }, jobOptions: { attempts: 3, backoff: 100, removeOnComplete: { age: 60 } } })).opts;
  assert.deepEqual(all, { removeOnComplete: { age: 60 }, attempts: 3, removeOnFail: 4, backoff: { type: "fixed", delay: 100 } });
});
await check("streams.events.maxLen is kept in the queue's meta", async () => {
  await queued({});
  assert.equal(await redis.cli("hget", "RedisEventBusService:events-queue:meta", "opts.maxLenEvents"), "10000");
  await queued({ queueOptions: { streams: { events: { maxLen: 77 } } } });
  assert.equal(await redis.cli("hget", "RedisEventBusService:events-queue:meta", "opts.maxLenEvents"), "77");
});
await check("workerOptions: autorun: false and MEDUSA_WORKER_MODE=server take nothing, name stands in the job", async () => {
  await queued({}); // with MEDUSA_WORKER_MODE=server it stays
  await serves(config({ workerOptions: { autorun: false } }), {}, async () => waits("RedisEventBusService:events-queue:wait"));
  await serves(config({ workerOptions: { name: "w1", removeOnComplete: 5 }, jobOptions: { removeOnComplete: null } }), {}, async ({ base }) => {
    await makeCart(base);
    await until(async () => (await redis.cli("zcard", "RedisEventBusService:events-queue:completed")) === "0" && (await redis.cli("llen", "RedisEventBusService:events-queue:wait")) === "0");
  });
});
await check("what means nothing here is named", async () => {
  let said;
  await serves(config({ queueOptions: { skipMetasUpdate: true }, workerOptions: { settings: { backoffStrategy: () => 1 }, metrics: {} }, jobOptions: { sizeLimit: 3, deduplication: { id: "x" } } }), {}, async ({ output }) => { said = output(); });
  for (const name of ["queueOptions.skipMetasUpdate", "workerOptions.settings", "workerOptions.metrics", "jobOptions.sizeLimit", "jobOptions.deduplication"])
    assert.match(said, new RegExp(`modules\\.eventBus\\.options\\.${name.replace(".", "\\.")} is without effect here`));
});
await check("what is wrong is refused by name", async () => {
  for (const [options, sentence] of [
    [{ redisUrl: "http://x" }, /modules\.eventBus\.options\.redisUrl: .*scheme is http/],
    [{ redisOptions: { keyPrefix: "a:" } }, /BullMQ: ioredis does not support ioredis prefixes, use the prefix option instead\./],
    [{ queueName: "a:b" }, /queueName: Queue name cannot contain :/],
    [{ workerOptions: { concurrency: 0 } }, /workerOptions\.concurrency is 0; it accepts a whole number from 1/],
    [{ workerOptions: { concurrency: "many" } }, /workerOptions\.concurrency has a value of another kind/],
    [{ workerOptions: { limiter: { max: 3 } } }, /workerOptions\.limiter\.duration/],
    [{ jobOptions: { backoff: { type: "mine", delay: 1 } } }, /jobOptions\.backoff accepts milliseconds/],
    [{ jobOptions: { removeOnFail: "never" } }, /jobOptions\.removeOnFail accepts true, false, a number/],
  ]) assert.match(await refuses(config(options)), sentence);
});
await check("Redis away: the shop opens, its events wait, and go into the queue when it is there", async () => {
  await redis.stop("SIGKILL");
  await serves(config({}), producer, async ({ base, output }) => {
    assert.equal((await makeCart(base)).status, 200);
    await until(() => /Staged events can't be delivered; they are kept and tried again/.test(output()));
    await redis.start();
    await waits("RedisEventBusService:events-queue:wait");
  });
});

await redis.stop();
await dropAll();
finish();
