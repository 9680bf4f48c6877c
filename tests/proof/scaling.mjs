#!/usr/bin/env node
// Several servers on one PostgreSQL and one Redis behind nginx, as docs/scaling.md shows it, under shoppers who buy: one of them is killed
// and comes back, all are exchanged one after the other; a streaming replica is promoted when the primary is killed. Prints what shoppers saw.
//   node tests/proof/scaling.mjs [--seconds N] [--servers N] [PART ...]   parts: kill, roll, replica; default: all. 20 seconds each, 3 servers
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { variantOf } from "../lib/buying.mjs";
import { buyers, verdict } from "../lib/buyers.mjs";
import { block, installed, nginx } from "../lib/fronts.mjs";
import { help } from "../lib/help.mjs";
import { freePort, pause, start, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { cli, projectFolder, seedFile, serve } from "../lib/servers.mjs";
import { newPostgres, redis, sql, sqlFile } from "../lib/services.mjs";
import { copy, dropAll, fixture, project, template } from "../lib/shop.mjs";

help(import.meta.url);
const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: "string", default: "20" }, servers: { type: "string", default: "3" } } });
const seconds = Number(option.seconds), servers = Number(option.servers);
const wanted = (part) => !positionals.length || positionals.includes(part);
if (!installed("nginx")) { skip("several servers behind nginx", "nginx is not installed"); finish(); }

const told = (seen) => Object.entries(seen).map(([what, times]) => `${times} x ${what}`).join(", ") || "nothing but orders";
const more = (database) => sql(database, "update product_variant set inventory_quantity = 1000000, manage_inventory = true");
const environment = { NODE_ENV: "development" };

// As many servers as wanted behind the documents' nginx: { front, all, again(index) }.
async function fleet({ database, folder = project() }) {
  const one = async (port) => serve("stheno", { folder, database, redis: await redis(), environment, port, args: ["--threads", "1"] });
  const all = await Promise.all(Array.from({ length: servers }, () => one()));
  const upstream = /^( *)server 127\.0\.0\.1:9000.*\n(?:\1server .*\n)*/m;
  const site = block("scaling.md", "nginx", "upstream");
  const [line] = /server 127\.0\.0\.1:9000[^\n]*/.exec(site);
  const front = await nginx(site.replace(upstream, all.map(({ port }) => `    ${line.replace("9000", port)}\n`).join("")), {});
  return {
    front, all,
    again: async (index) => { all[index] = await one(all[index].port); },
    stop: async () => { await front.stop(); await Promise.all(all.map((server) => server.stop())); },
  };
}

if (wanted("kill") || wanted("roll")) {
  const database = await copy(await template("stheno"));
  await more(database);
  const { front, all, again, stop } = await fleet({ database });
  const variant = await variantOf(front.base, "mug");
  if (wanted("kill")) await check(`of ${servers} servers one is killed under shoppers, and comes back: no order is lost, none is made twice`, async () => {
    const shoppers = buyers(front.base, variant);
    await pause(seconds * 300);
    await all[0].kill();
    await pause(seconds * 300);
    await again(0);
    await pause(seconds * 400);
    const { orders, seen, longest } = await shoppers.stop();
    const { lost, doubled, unheard } = await verdict(database, shoppers);
    console.log(`figure one of ${servers} servers killed under ${orders.size} orders: ${lost.length} lost, ${doubled.length} made twice, ${unheard} made that nobody was told of; longest pause ${Math.round(longest)} ms; beside: ${told(seen)}`);
    assert.ok(orders.size > 20, `${orders.size} orders`);
    assert.deepEqual([lost, doubled, unheard], [[], [], 0]);
  });
  if (wanted("roll")) await check(`all ${servers} servers are exchanged one after the other: shoppers see nothing of it`, async () => {
    const shoppers = buyers(front.base, variant);
    for (const [index, server] of all.entries()) {
      await pause(5000); // nginx takes a server that was away back after two seconds
      await server.stop();
      await again(index);
    }
    await pause(seconds * 200);
    const { orders, seen, longest } = await shoppers.stop();
    const { lost, doubled } = await verdict(database, shoppers);
    if (Object.keys(seen).length) for (const line of new Set(front.process.tail(2000).split("\n").map((one) => one.replace(/^.*?\*\d+ /, "").replace(/, client: .*?request: "(\w+ \/\w*).*?upstream: "http:\/\/([\w.:]+).*/, ": $1 ... to $2")))) console.log(`    ${line}`);
    console.log(`figure ${servers} servers exchanged one by one under ${orders.size} orders: ${lost.length} lost; longest pause ${Math.round(longest)} ms; failed requests: ${told(seen)}`);
    assert.deepEqual([lost, doubled, seen], [[], [], {}]);
  });
  await stop();
  await dropAll();
}

// A replica of `primary`, on a port of its own: { port, stop(), promote() }.
async function replicaOf(primary) {
  const programs = "/usr/lib/postgresql/15/bin";
  const directory = temporaryDirectory("replica");
  const { uid, gid } = statSync(primary.data);
  const identity = process.getuid() === 0 ? { uid, gid } : {};
  if (identity.uid) chownSync(directory, uid, gid);
  const data = join(directory, "data"), port = await freePort();
  execFileSync(join(programs, "pg_basebackup"), ["-d", primary.url, "-D", data, "-R", "-X", "stream", "-c", "fast"], { cwd: "/", stdio: "ignore", ...identity });
  chmodSync(data, 0o700);
  appendFileSync(join(data, "postgresql.conf"), `port = ${port}\nunix_socket_directories = '${directory}'\n`);
  writeFileSync(join(data, "postgresql.auto.conf"), readFileSync(join(data, "postgresql.auto.conf"), "utf8").replace("primary_conninfo = '", "primary_conninfo = 'application_name=replica "));
  const running = start(join(programs, "postgres"), ["-D", data], { cwd: "/", log: join(directory, "log"), fatal: "SIGQUIT", ...identity });
  const url = primary.url.replace(`:${primary.port}/`, `:${port}/`);
  await until(() => sql(url, "select 1").then(() => true, () => false), { child: running, describe: () => running.tail() });
  return { port, url, stop: () => running.stop("SIGINT"), promote: () => sql(url, "select pg_promote(true, 30)") };
}

for (const synchronous of wanted("replica") ? [true, false] : []) {
  const kind = synchronous ? "a synchronous replica" : "a replica that follows";
  await check(`the primary is killed under shoppers, and ${kind} is promoted${synchronous ? ": no order is lost" : ""}`, async () => {
    // Names of hosts for libpq: whoever accepts writes is the primary.
    const primary = await newPostgres({ settings: ["wal_level = replica", "max_wal_senders = 5", "synchronous_commit = on", "hot_standby = on"] });
    const replica = await replicaOf(primary);
    const database = `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${replica.port}/postgres?target_session_attrs=read-write`;
    const folder = projectFolder();
    cli("stheno", ["migrations", "run"], { folder, database, environment });
    cli("stheno", ["seed", "-f", seedFile], { folder, database, environment });
    await sqlFile(primary.url, fixture);
    await more(primary.url);
    if (synchronous) await primary.sql("alter system set synchronous_standby_names = 'replica'");
    await primary.sql("select pg_reload_conf()");
    await until(async () => (await primary.sql("select sync_state from pg_stat_replication where application_name = 'replica'"))[0]?.[0] === (synchronous ? "sync" : "async"), { seconds: 10 });
    const { front, stop } = await fleet({ database, folder });
    const shoppers = buyers(front.base, await variantOf(front.base, "mug"));
    await pause(seconds * 400);
    await primary.stop("SIGQUIT");
    const gone = performance.now();
    await replica.promote();
    const promoted = performance.now() - gone;
    const before = shoppers.orders.size;
    await until(() => shoppers.orders.size > before, { seconds: 30, every: 5, describe: () => told(shoppers.seen) });
    const first = performance.now() - gone;
    await pause(seconds * 300);
    const { orders, seen, longest } = await shoppers.stop();
    const { lost, doubled } = await verdict(replica.url, shoppers);
    console.log(`figure primary killed, ${kind} promoted under ${orders.size} orders: ${lost.length} of those that were answered lost, ${doubled.length} made twice; promoted after ${Math.round(promoted)} ms, the next order after ${Math.round(first)} ms (longest pause ${Math.round(longest)} ms); beside: ${told(seen)}`);
    assert.ok(orders.size > before);
    assert.deepEqual(doubled, []);
    if (synchronous) assert.deepEqual(lost, []);
    await stop();
    await replica.stop();
  });
}
finish();
