#!/usr/bin/env node
// One queue in Redis, shared by this server and the real packages of Medusa 1.20.11: what one puts into it the other takes.
//   node tests/queue/run.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "../lib/buying.mjs";
import { freePort, until } from "../lib/processes.mjs";
import { check as checkOnce, finish, skip } from "../lib/report.mjs";
import { dropAll, project, shop } from "../lib/shop.mjs";
import { root, serve } from "../lib/servers.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { closeBuses, medusaBus, prefix, Queue, QueueEvents, queueName, Redis } from "./medusa.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const redis = await newRedis();
const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
connection.on("error", () => {});
const queue = new Queue(queueName, { connection, prefix });
const key = (name) => `${prefix}:${queueName}:${name}`;

const first = await shop("stheno");
await first.kill();
const { database } = first;
await sql(database, "delete from staged_job"); // what the seed staged, if it was not delivered yet
let server;
const start = async (environment = {}) => (server = await serve("stheno", { folder: project(), database, redis: redis.url, environment }));
const producer = { MEDUSA_WORKER_MODE: "server" };
const log = () => readFileSync(server.log, "utf8");
const processed = () => log().split("\n").flatMap((line) => /Processing (\S+) which has \d+ subscribers/.exec(line)?.[1] ?? []);
let staged = 0;
// As a plugin or this server stages an event.
const stage = async (name, data, options = {}) => { const id = `job_${String(++staged).padStart(26, "0")}`; await sql(database, `insert into staged_job (id, event_name, data, options) values ('${id}', '${name}', '${JSON.stringify(data)}', '${JSON.stringify(options)}')`); return id; };
const cart = () => must(server.base, "POST", "/store/carts", { region_id: "reg_eu" });
const empty = async () => (await sql(database, "select id from staged_job")).length === 0;
const drained = () => until(async () => (await queue.getJobCountByTypes("wait", "active", "delayed", "prioritized")) === 0 && (await empty()), { describe: log });
const check = (name, body) => checkOnce(name, async () => { try { await body(); } finally { await closeBuses(); } });
const clear = async () => { await queue.obliterate({ force: true }); await connection.flushall(); };

await check("what this server queues, Medusa takes: name, data, options", async () => {
  await start(producer);
  const { cart: { id } } = await cart();
  await until(() => queue.getJobCountByTypes("wait"));
  const [job] = await queue.getJobs(["wait"]);
  assert.deepEqual([job.name, job.data], ["cart.created", { eventName: "cart.created", data: { id } }]);
  const { jobId, backoff, ...options } = job.opts;
  assert.deepEqual([options, backoff], [{ attempts: 1, removeOnComplete: true }, undefined]);
  assert.match(jobId, /^job_/);
  assert.equal(job.id, jobId);
  assert.ok(Math.abs(Date.now() - job.timestamp) < 60_000);

  const heard = [];
  const medusa = medusaBus(redis.url, { "cart.created": { one: async (data, name) => heard.push([name, data]) }, "*": { all: async (data, name) => heard.push(["*", name]) } });
  await drained();
  assert.deepEqual(heard, [["cart.created", { id }], ["*", "cart.created"]]);
  assert.deepEqual(processed(), []); // MEDUSA_WORKER_MODE=server
  await medusa.close();
});

await check("options of single events: delay, priority, attempts, backoff, lifo", async () => {
  await clear();
  await stage("later", { n: 1 }, { delay: 4000, attempts: 4, backoff: 5 });
  await stage("second", {}, { priority: 2 });
  await stage("first", {}, { priority: 1 });
  await stage("last", {}, { removeOnComplete: 3 });
  await until(async () => (await queue.getJobCountByTypes("delayed", "prioritized", "wait")) === 4);
  const [later] = await queue.getDelayed();
  assert.deepEqual([later.name, later.delay, later.opts.attempts, later.opts.backoff], ["later", 4000, 4, { type: "fixed", delay: 5 }]);
  const heard = [];
  const began = Date.now();
  const medusa = medusaBus(redis.url, { "*": { all: async (data, name) => heard.push([name, Date.now() - later.timestamp]) } });
  await drained();
  assert.deepEqual(heard.map(([name]) => name), ["last", "first", "second", "later"]);
  assert.ok(heard[3][1] >= 3995, `${heard[3][1]} ms (${Date.now() - began})`);
  assert.equal((await queue.getCompleted()).length, 1);
  await medusa.close();
});

await check("what Medusa queues, this server takes", async () => {
  await clear();
  await server.stop();
  await start();
  const blocking = connection.duplicate();
  const events = new QueueEvents(queueName, { connection: blocking, prefix, lastEventId: "0" });
  const seen = [];
  for (const event of ["added", "waiting", "delayed", "active", "completed", "drained"]) events.on(event, ({ jobId }) => seen.push(`${event} ${jobId ?? ""}`.trim()));
  const medusa = medusaBus(redis.url);
  await medusa.bus.emit("order.placed", { id: "order_1" }, { jobId: "one", removeOnComplete: false });
  await until(async () => (await queue.getCompletedCount()) === 1, { describe: log });
  await medusa.bus.emit([{ eventName: "from.bulk", data: { a: "ä" }, options: { jobId: "two", delay: 50 } }, { eventName: "by.priority", data: {}, options: { jobId: "three", priority: 3 } }]);
  await drained();
  assert.deepEqual(processed().sort(), ["by.priority", "from.bulk", "order.placed"]);
  const job = await queue.getJob("one");
  assert.deepEqual([await job.getState(), job.returnvalue, job.attemptsMade, job.attemptsStarted], ["completed", [], 1, 1]);
  assert.ok(job.processedOn <= job.finishedOn);
  assert.equal(await queue.getJob("two"), undefined);
  await until(() => seen.filter((event) => event === "drained").length >= 2);
  for (const id of ["one", "two", "three"]) assert.deepEqual(seen.filter((event) => event.endsWith(` ${id}`)), id === "two" ? ["added two", "delayed two", "waiting two", "active two", "completed two"] : [`added ${id}`, `waiting ${id}`, `active ${id}`, `completed ${id}`]);
  await events.close();
  blocking.disconnect();
  // A paused queue is left alone.
  await queue.pause();
  await medusa.bus.emit("while.paused", {});
  await stage("staged.while.paused", {});
  await until(empty, { describe: log });
  assert.equal((await queue.getJobCounts("paused")).paused, 2);
  await queue.resume();
  await drained();
  assert.deepEqual(processed().slice(-2).sort(), ["staged.while.paused", "while.paused"]);
  await medusa.close();
});

await check("both workers on one queue: each job is done once", async () => {
  await clear();
  const before = processed().length;
  const heard = [];
  const medusa = medusaBus(redis.url, { "*": { all: async (data) => { heard.push(data.n); await new Promise((done) => setTimeout(done, 2)); } } });
  // Until each has had its share: on a busy machine one may be quicker than the other can begin.
  let jobs = 0;
  const here_ = () => processed().length - before;
  do {
    assert.ok(jobs < 4000, `${heard.length} there, ${here_()} here`);
    await queue.pause();
    const n = () => jobs++;
    await Promise.all([medusa.bus.emit(Array.from({ length: 150 }, () => ({ eventName: "both", data: { n: n() }, options: {} }))), ...Array.from({ length: 50 }, () => stage("both", { n: n() }))]);
    await until(empty, { describe: log });
    await queue.resume();
    await drained();
    await until(() => heard.length + here_() >= jobs, { describe: log });
  } while (!heard.length || !here_());
  assert.equal(new Set(heard).size, heard.length);
  assert.equal(heard.length + here_(), jobs);
  assert.equal(await queue.getFailedCount(), 0);
  await medusa.close();
});

await check("a job that failed with Medusa is tried again here, and the other way round", async () => {
  await clear();
  await server.stop();
  await start(producer);
  // Medusa first: one subscriber of two fails, and the process goes away before the second attempt.
  const medusa = medusaBus(redis.url, { "peer.tries": { good: async () => "well", bad: async () => { throw new Error("not yet"); } } });
  const id = await stage("peer.tries", { fails: 0 }, { attempts: 3, backoff: 4000, removeOnComplete: false });
  await until(async () => (await queue.getDelayedCount()) === 1, { describe: log });
  await medusa.close();
  const before = await queue.getJob(id);
  assert.deepEqual([before.attemptsMade, before.data.completedSubscriberIds], [1, ["good"]]);
  await server.stop();
  await start();
  await until(async () => (await queue.getJob(id)).isCompleted(), { describe: log });
  const after = await queue.getJob(id);
  assert.deepEqual([after.attemptsMade, after.attemptsStarted], [2, 2]);
  assert.match(log(), /Retrying peer\.tries which has 0 subscribers \(0 of them failed\)/);
  await server.stop();

  const worker = unitTestsPeer();
  if (!worker) return skip("this server's worker with failing subscribers", "the unit tests are not built");
  await until(async () => (await worker.heard()).includes("ready"), { describe: () => worker.said });
  const node = medusaBus(redis.url);
  await node.bus.emit("peer.tries", { fails: 9 }, { jobId: "mine", attempts: 4, backoff: 3000, removeOnComplete: false });
  await until(async () => (await worker.heard()).filter((word) => word.startsWith("bad")).length === 2 && (await queue.getDelayedCount()) === 1, { describe: () => worker.said });
  await worker.kill();
  await node.close();
  assert.deepEqual(await worker.heard(), ["ready", "good 1", "bad 1", "bad 2"]);
  const half = await queue.getJob("mine");
  assert.deepEqual(half.data.completedSubscriberIds, ["good"]);
  const told = [];
  const medusaAgain = medusaBus(redis.url, { "peer.tries": { good: async () => told.push("good"), bad: async () => told.push("bad") } }, { workerOptions: { stalledInterval: 100 } });
  await until(async () => (await queue.getJob("mine")).isCompleted(), { describe: log });
  assert.deepEqual(told, ["bad"]);
  const whole = await queue.getJob("mine");
  assert.ok(whole.attemptsMade === 3 && whole.attemptsStarted >= 3, JSON.stringify(whole));
  assert.deepEqual(whole.stacktrace.length, 2);
  await medusaAgain.close();
});

// This server's worker with subscribers of its own: see src/events/redis_bus_test.cpp.
function unitTestsPeer() {
  const program = resolve(root, process.env.STHENO_UNIT_TESTS ?? "build/checked/unit_tests");
  if (!existsSync(program)) return null;
  const list = `peer-${Math.random().toString(36).slice(2)}`;
  const child = spawn(program, ["--test-case=queue peer", "--no-skip"], { env: { ...process.env, STHENO_TEST_REDIS_URL: redis.url, STHENO_TEST_PEER: list }, stdio: ["ignore", "pipe", "pipe"] });
  const handle = { said: "", heard: () => connection.lrange(`${list}:heard`, 0, -1), kill: async () => { const ended = new Promise((done) => child.once("exit", done)); child.kill("SIGKILL"); await ended; } };
  child.stdout.on("data", (part) => { handle.said += part; });
  child.stderr.on("data", (part) => { handle.said += part; });
  process.on("exit", () => child.kill("SIGKILL"));
  return handle;
}

await check("the job of a process that was killed is taken over, in both directions", async () => {
  await clear();
  // A Medusa dies; this server takes its job.
  const dying = spawn(process.execPath, [join(here, "hanging.mjs"), redis.url], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => dying.kill("SIGKILL"));
  let said = "";
  dying.stdout.on("data", (part) => { said += part; });
  const node = medusaBus(redis.url);
  await node.bus.emit("peer.hangs", {}, { jobId: "theirs" });
  await until(() => said.includes("hangs"));
  dying.kill("SIGKILL");
  const config = { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis.url, workerOptions: { stalledInterval: 100 } } };
  const { serves } = await import("../lib/configured.mjs");
  await serves({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database }, modules: { eventBus: config } }, {}, async ({ output }) => {
    await until(async () => /Processing peer\.hangs which has 0 subscribers/.test(output()), { describe: output });
    assert.match(output(), /A job whose worker has died goes back into the queue/);
    await until(async () => (await queue.getJob("theirs")) === undefined);
  });
  await node.close();
  // This server's worker dies; a Medusa takes its job.
  const worker = unitTestsPeer();
  if (!worker) return skip("a killed worker of this server", "the unit tests are not built");
  const other = medusaBus(redis.url);
  await other.bus.emit("peer.hangs", {}, { jobId: "ours" });
  await until(async () => (await worker.heard()).includes("hangs"), { describe: () => worker.said });
  assert.ok((await connection.pttl(key("ours:lock"))) > 0);
  await worker.kill();
  const told = [];
  const medusa = medusaBus(redis.url, { "peer.hangs": { hangs: async () => told.push("hangs") } }, { workerOptions: { stalledInterval: 100 } });
  await until(() => told.length === 1);
  await drained();
  await medusa.close();
  await other.close();
});

await check("a server that is killed between commit and queue loses nothing; one between queue and delete queues nothing twice", async () => {
  await clear();
  // Redis is away: the request is answered, the event waits.
  const port = redis.port;
  await start(producer);
  await redis.stop("SIGKILL");
  try {
    await cart();
    assert.equal((await sql(database, "select id from staged_job")).length, 1);
    server.kill();
    await server.process.exit;
  } finally {
    await redis.start(); // a client of ioredis waits for it for ever
  }
  assert.equal(redis.port, port);
  await start(producer);
  await until(empty, { describe: log });
  assert.deepEqual((await queue.getJobs(["wait"])).map(({ name }) => name), ["cart.created"]);

  await sql(database, `create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$;
    create trigger hold before delete on staged_job for each statement execute function hold()`);
  const heard = [];
  const medusa = medusaBus(redis.url, { "*": { all: async (data, name) => heard.push(name) } });
  await until(() => heard.length === 1);
  await cart();
  const holding = "from pg_stat_activity where query like 'DELETE FROM staged_job%' and state = 'active' and datname = current_database()";
  await until(async () => heard.length === 2 && (await sql(database, `select pid ${holding}`)).length === 1, { describe: log });
  server.kill();
  await server.process.exit;
  await sql(database, `select pg_terminate_backend(pid) ${holding}`);
  await until(async () => (await sql(database, `select pid ${holding}`)).length === 0);
  await sql(database, "drop trigger hold on staged_job");
  assert.equal((await sql(database, "select id from staged_job")).length, 1);
  await start(producer);
  await until(empty, { describe: log });
  await cart();
  await until(() => heard.length >= 3);
  await drained();
  assert.deepEqual(heard, ["cart.created", "cart.created", "cart.created"]);
  assert.equal(await connection.zcard(`stheno:${key("handed-over")}`), 1); // the last batch's, until the next one
  await server.stop();
  assert.equal(await connection.zcard(`stheno:${key("handed-over")}`), 0);
  await medusa.close();
});

connection.disconnect();
await redis.stop();
await dropAll();
finish();
