#!/usr/bin/env node
// The figures for Prometheus (STHENO_METRICS) and /health/ready: the text is well-formed, the figures are those of known requests,
// and what is missing is named, with PostgreSQL or Redis away.
import assert from "node:assert/strict";
import net from "node:net";
import { buy, call } from "../lib/buying.mjs";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { promtool, readExposition } from "../lib/exposition.mjs";
import { help } from "../lib/help.mjs";
import { freePort, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { seedFile } from "../lib/servers.mjs";
import { newPostgres, newRedis, sqlFile } from "../lib/services.mjs";
import { fixture } from "../lib/shop.mjs";

help(import.meta.url);

const postgres = await newPostgres();
const redis = await newRedis();
const config = { projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: postgres.url, redis_url: redis.url }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] };
const folder = folderWith(config);
for (const args of [["migrations", "run"], ["seed", "-f", seedFile]]) {
  const done = await command(folder, args);
  assert.equal(done.code, 0, done.output);
}
await sqlFile(postgres.url, fixture);

const figuresAt = async (port, path = "/metrics") => { const answer = await fetch(`http://127.0.0.1:${port}${path}`); return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() }; };
const scrape = async (port) => readExposition((await figuresAt(port)).text);
const route = (method, path, status) => ({ method, route: path, ...(status ? { status } : {}) });
const requests = "stheno_http_requests_total", durations = "stheno_http_request_duration_seconds_count";
const readiness = async (base) => { const answer = await call(base, "GET", "/health/ready"); return [answer.status, ...answer.body.missing.map(({ part }) => part)].join(" "); };

const port = await freePort();
const options = { folder, environment: { STHENO_METRICS: String(port) }, args: ["--threads", "2"] };
await serves(undefined, options, async ({ base, output }) => {
  await check("the figures stand at the port that the start names, and nowhere at the shop's", async () => {
    assert.match(output(), new RegExp(`Figures for Prometheus: http://127\\.0\\.0\\.1:${port}/metrics`));
    const { status, type } = await figuresAt(port);
    assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
    assert.equal((await figuresAt(port, "/store/products")).status, 404);
    assert.equal((await call(base, "GET", "/metrics")).status, 404);
  });
  await check("the text is well-formed after requests of all kinds", async () => {
    await buy(base, "mug");
    await call(base, "GET", "/store/products/prod_none");
    await call(base, "POST", "/store/carts", { region_id: 5 });
    await call(base, "GET", "/admin/orders");
    await call(base, "GET", "/nowhere");
    const { text } = await figuresAt(port);
    readExposition(text);
    assert.doesNotMatch(text, /prod_none|NaN/);
  });
  const said = await promtool((await figuresAt(port)).text);
  if (said) await check("promtool finds nothing to mend", () => assert.deepEqual(said, []));
  else skip("promtool finds nothing to mend", "promtool (Debian's prometheus) is not installed");

  await check("two readings differ by what happened between them, whichever thread answered", async () => {
    const before = await scrape(port);
    for (let i = 0; i < 20; i++) {
      const answers = await Promise.all([fetch(`${base}/store/regions`), fetch(`${base}/store/products/prod_none`), fetch(`${base}/health`), fetch(`${base}/store/customers/me`)]);
      for (const answer of answers) await answer.text();
    }
    const after = await scrape(port);
    const rose = (name, labels) => after.sum(name, labels) - before.sum(name, labels);
    assert.equal(rose(requests, route("GET", "/store/regions", "200")), 20);
    assert.equal(rose(requests, route("GET", "/store/products/:id", "404")), 20);
    assert.equal(rose(requests, route("GET", "/store/customers/me", "401")), 20);
    assert.equal(rose(requests, route("", "health", "200")), 20);
    assert.equal(rose(requests), 80);
    assert.equal(rose(durations), 80);
    assert.equal(rose(durations, route("GET", "/store/regions")), 20);
    assert.ok(rose("stheno_http_request_duration_seconds_sum") > 0);
    assert.ok(rose("stheno_database_statements_total") >= 40);
  });
  await check("a reply that is kept is a hit, and dropped when the catalogue changes", async () => {
    await call(base, "GET", "/store/regions");
    const before = await scrape(port);
    await call(base, "GET", "/store/regions");
    const hit = await scrape(port);
    assert.equal(hit.value("stheno_kept_replies_total", { found: "hit" }) - before.value("stheno_kept_replies_total", { found: "hit" }), 1);
    assert.ok(hit.value("stheno_kept_replies") >= 1 && hit.value("stheno_kept_replies_bytes") > 100);
    await postgres.sql("update region set updated_at = now()");
    await call(base, "GET", "/store/regions");
    const dropped = await scrape(port);
    assert.ok(dropped.value("stheno_kept_replies_dropped_total", { why: "changed" }) > hit.value("stheno_kept_replies_dropped_total", { why: "changed" }));
    assert.equal(dropped.value("stheno_kept_replies_total", { found: "miss" }) - hit.value("stheno_kept_replies_total", { found: "miss" }), 1);
  });
  await check("rows that are kept are hits, and dropped when they change", async () => {
    const list = (offset) => call(base, "GET", `/store/products?limit=3&offset=0&created_at[gt]=200${offset}-01-01`);
    await list(1);
    const before = await scrape(port);
    await list(2);
    const hit = await scrape(port);
    assert.ok(hit.value("stheno_kept_rows_total", { found: "hit" }) > before.value("stheno_kept_rows_total", { found: "hit" }));
    assert.ok(hit.value("stheno_kept_rows") >= 1 && hit.value("stheno_kept_rows_bytes") > 100);
    await postgres.sql("update product_variant set updated_at = now()");
    await list(3);
    const dropped = await scrape(port);
    assert.ok(dropped.value("stheno_kept_rows_dropped_total") > hit.value("stheno_kept_rows_dropped_total"));
  });
  await check("events leave the outbox and are counted; what is stuck there is told with its age", async () => {
    const before = await scrape(port);
    await call(base, "POST", "/store/customers", { first_name: "A", last_name: "B", email: `${process.pid}@example.com`, password: "secret word" });
    await until(async () => (await scrape(port)).value("stheno_events_delivered_total") > before.value("stheno_events_delivered_total"));
    // A row of ten minutes ago that can't be taken away: it is tried again and again, and seen to be there.
    const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let time = Date.now() - 600_000, id = "";
    for (let i = 0; i < 10; i++) { id = digits[time % 32] + id; time = Math.floor(time / 32); }
    await postgres.sql(`create function stay() returns trigger language plpgsql as $$ begin raise exception 'it stays'; end $$; create trigger stay before delete on staged_job for each row execute function stay();
      insert into staged_job (id, event_name, data, options) values ('job_${id}0123456789ABCDEF', 'test.held', '{}', '{}')`);
    const stuck = await until(async () => { const seen = await scrape(port); return seen.value("stheno_events_failures_total") > before.value("stheno_events_failures_total") && seen; }, { seconds: 10 });
    assert.equal(stuck.value("stheno_outbox_events"), 1);
    const age = stuck.value("stheno_outbox_oldest_seconds");
    assert.ok(age > 599 && age < 660, `${age} s`);
    await postgres.sql("drop trigger stay on staged_job");
    await until(async () => (await scrape(port)).value("stheno_outbox_events") === 0, { seconds: 10 });
  });
  await check("the process: memory, descriptors, fibers, connections, since when", async () => {
    const seen = await scrape(port);
    assert.ok(seen.value("process_resident_memory_bytes") > 5e6 && seen.value("process_cpu_seconds_total") > 0);
    assert.ok(seen.value("process_open_fds") > 10 && seen.value("process_max_fds") >= seen.value("process_open_fds"));
    assert.ok(Math.abs(seen.value("process_start_time_seconds") - Date.now() / 1000) < 300);
    assert.ok(seen.value("stheno_fibers") >= 1 && seen.value("stheno_fiber_stacks") >= seen.value("stheno_fibers"));
    assert.ok(seen.sum("stheno_database_connections") >= 2);
    assert.equal(seen.sum("stheno_database_waiting"), 0);
    assert.equal(seen.value("stheno_database_up"), 1);
    const open = await Promise.all(Array.from({ length: 5 }, () => new Promise((done) => { const socket = net.connect(Number(new URL(base).port), "127.0.0.1", () => done(socket)); })));
    await until(async () => (await scrape(port)).value("stheno_http_connections") >= 5);
    open.forEach((socket) => socket.destroy());
  });
  await check("what is no HTTP is counted as refused", async () => {
    const before = await scrape(port);
    await new Promise((done) => { const socket = net.connect(Number(new URL(base).port), "127.0.0.1", () => socket.write("nonsense\r\n\r\n")); socket.on("data", () => {}); socket.on("close", done); socket.on("error", () => {}); });
    assert.equal((await scrape(port)).value("stheno_http_refused_total") - before.value("stheno_http_refused_total"), 1);
  });

  await check("/health/ready is 200 where nothing is missing, for nobody in particular", async () => {
    const answer = await call(base, "GET", "/health/ready");
    assert.deepEqual([answer.status, answer.body], [200, { ready: true, missing: [] }]);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal((await call(base, "POST", "/health/ready")).status, 404);
    assert.equal((await call(base, "GET", "/health/readyx")).status, 404);
  });
  await check("with Redis away it names Redis, and /health stays 200", async () => {
    await redis.stop("SIGKILL");
    await until(async () => (await readiness(base)) === "503 redis", { seconds: 10, describe: () => "it does not notice" });
    assert.equal((await fetch(`${base}/health`)).status, 200);
    await redis.start();
    await until(async () => (await readiness(base)) === "200", { seconds: 10, describe: () => "it does not recover" });
  });
  await check("with the database away it names the database in less than 3 s, and the figures say so", async () => {
    await postgres.stop("SIGQUIT");
    const began = performance.now();
    assert.equal(await readiness(base), "503 database");
    assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
    const text = (await call(base, "GET", "/health/ready")).text;
    assert.doesNotMatch(text, /127\.0\.0\.1|postgres|port/, text);
    const seen = await scrape(port);
    assert.equal(seen.value("stheno_database_up"), 0);
    assert.ok(seen.sum("stheno_database_waits_in_vain_total") > 0);
    assert.equal((await fetch(`${base}/health`)).status, 200);
    await postgres.start();
    await until(async () => (await readiness(base)) === "200", { seconds: 15, describe: () => "it does not recover" });
    // The listener of the figures has connections of its own, which learn of it by themselves.
    await until(async () => (await scrape(port)).value("stheno_database_up") === 1, { seconds: 15, describe: () => "the figures say that the database is away" });
  });
  await check("a database of an older schema in the same place: the migrations are missing", async () => {
    await postgres.sql("create table kept as select * from migrations; delete from migrations where id = (select max(id) from migrations)");
    assert.equal(await readiness(base), "503 migrations");
    await postgres.sql("delete from migrations; insert into migrations select * from kept; drop table kept");
    assert.equal(await readiness(base), "200");
  });
});
await check("without STHENO_METRICS no port is opened", () => serves(undefined, { folder }, async ({ output }) => assert.doesNotMatch(output(), /Prometheus/)));
await check("a place that is none, and a port that is taken, end the start with the setting's name", async () => {
  for (const place of ["metrics", "127.0.0.1:", "1:2:x", "70000"]) assert.match(await refuses(undefined, { folder, environment: { STHENO_METRICS: place } }), /STHENO_METRICS is not a port, nor address:port/, place);
  const taken = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => taken.once("listening", done));
  assert.match(await refuses(undefined, { folder, environment: { STHENO_METRICS: String(taken.address().port) } }), /STHENO_METRICS: listen/);
  taken.close();
});

await Promise.all([postgres.stop(), redis.stop()]);
finish();
