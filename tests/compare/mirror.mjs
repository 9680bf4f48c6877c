#!/usr/bin/env node
// `stheno start --mirror 100% --mirror-to URL`: what another server answers to a copy of each GET is compared, counted and told, and nothing
// that the other server does reaches a shopper.
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, must } from "../lib/buying.mjs";
import { command, folderWith } from "../lib/configured.mjs";
import { readExposition } from "../lib/exposition.mjs";
import { help } from "../lib/help.mjs";
import { freePort, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, projectFolder, serve } from "../lib/servers.mjs";
import { redis } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { json, standingIn } from "../lib/stand_in.mjs";

help(import.meta.url);

const folder = projectFolder();
appendFileSync(join(folder, "medusa-config.js"), "module.exports.projectConfig.http_compression = { enabled: true, threshold: 0 };\n");
const options = { folder, database: await copy(await template("stheno")), redis: await redis(), environment: { NODE_ENV: "development" } };
const other = await serve("stheno", options);

// Hands requests on to `other`; `change` may alter its answer, `silent` gives none.
const between = { change: undefined, silent: false };
const far = await standingIn(async ({ url, headers }, response) => {
  if (between.silent) return;
  const { host, connection, ...rest } = headers;
  const answer = await call(other.base, "GET", url, undefined, rest);
  json(response, between.change?.(url, answer.body) ?? answer.body, answer.status);
});

async function mirroring(to, { environment = {}, args = ["--mirror", "100%", "--mirror-to", to], ...more } = {}) {
  const port = await freePort();
  const server = await serve("stheno", { ...options, ...more, args, environment: { ...options.environment, STHENO_METRICS: String(port), ...environment } });
  const figures = async () => {
    const seen = readExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    const [equal, known, different, failed] = ["equal", "known", "different", "failed"].map((outcome) => seen.value("stheno_mirrored_requests_total", { outcome }));
    return { equal, known, different, failed, dropped: seen.sum("stheno_mirror_dropped_total"), seen };
  };
  const told = (message) => readFileSync(server.log, "utf8").split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter((line) => line.message.includes(message));
  // What `ask` has added to the figures, once as many were compared as it was to bring.
  const added = async (count, ask) => {
    const before = await figures();
    await ask();
    const after = await until(async () => { const now = await figures(); return now.equal + now.known + now.different + now.failed + now.dropped - before.equal - before.known - before.different - before.failed - before.dropped >= count && now; }, { child: server.process, describe: () => server.process.tail(20) });
    return Object.fromEntries(["equal", "known", "different", "failed", "dropped"].map((name) => [name, after[name] - before[name]]).filter(([, times]) => times));
  };
  return { ...server, figures, told, added };
}

const shop = await mirroring(far.base);
const get = (path, headers) => call(shop.base, "GET", path, undefined, headers);
const { access_token } = await must(shop.base, "POST", "/admin/auth/token", admin);
const bearer = { authorization: `Bearer ${access_token}` };
const otherwise = "the other server answers otherwise";

await check("equal answers are counted as equal, of shoppers and admins, compressed or not, refusals too", async () => {
  await shop.added(1, async () => assert.equal((await get("/store/regions", { "accept-encoding": "gzip" })).headers["content-encoding"], "gzip"));
  const paths = ["/store/products?limit=3", "/store/products/prod_none", "/store/regions?limit=1", "/admin/products?limit=2", "/admin/orders"];
  assert.deepEqual(await shop.added(3 * paths.length, async () => { for (const path of paths) for (const encoding of ["identity", "gzip", "br"]) await get(path, { "accept-encoding": encoding, ...bearer }); }), { equal: 3 * paths.length });
  assert.ok(paths.every((path) => far.asked.some(([, url]) => url === path)));
  assert.deepEqual(shop.told("ther server"), shop.told("A share of the GETs"));
});

// What is left out leaves no trace to wait for: a GET behind it does, since they go in their turn. `count` of the requests are to be sent.
async function sentOf(count, requests) {
  far.asked.length = 0;
  await shop.added(count + 1, async () => { for (const [method, path, headers, body] of [...requests, ["GET", "/store/regions?limit=77"]]) await call(shop.base, method, path, body, headers); });
  return far.asked.map(([method, url]) => `${method} ${url}`).filter((one) => !one.endsWith("limit=77"));
}

await check("only GETs of the shop's data are sent: no POST, no HEAD, no log-in, no guess, no copy of another server's", async () => {
  const { products } = await must(other.base, "GET", "/store/products?limit=1");
  const { cart } = await must(shop.base, "POST", "/store/carts", {});
  assert.deepEqual(await sentOf(0, [
    ["POST", "/store/carts", {}, {}], ["DELETE", "/store/carts/cart_1/line-items/item_1"], ["HEAD", `/store/products/${products[0].id}`], ["OPTIONS", "/store/products"], ["POST", "/admin/auth/token", {}, admin],
    ["GET", "/health"], ["GET", "/"], ["GET", "/nowhere"], ["GET", "/openapi.json"], ["GET", "/store/auth"], ["GET", "/store/auth/nobody@example.com"], ["GET", "/store/gift-cards/GUESS"], ["GET", "/store/orders?display_id=1&email=a@example.com"], ["GET", "/admin/orders"],
    ["GET", "/store/products?limit=1", { "x-stheno-mirrored": "1" }], ["GET", `/store/carts/${cart.id}`, { cookie: "connect.sid=x" }], ["GET", `/store/carts/${cart.id}`, { authorization: "Bearer x" }],
  ]), []);
  assert.deepEqual(await sentOf(1, [["GET", `/store/carts/${cart.id}`]]), [`GET /store/carts/${cart.id}`]);
});

await check("a copy carries what decides the answer and a mark, nothing else of whoever asked", async () => {
  far.asked.length = 0;
  const decides = { accept: "application/json", "accept-language": "de", "x-publishable-api-key": "pk_none", "x-medusa-access-token": "api", ...bearer, cookie: "a=b; c=d" };
  await shop.added(1, () => get("/store/return-reasons", { ...decides, "user-agent": "a shopper's", referer: "http://shop.test/", "x-forwarded-for": "203.0.113.5", origin: "http://localhost:8000", "accept-encoding": "gzip" }));
  const [[, , { host, connection, ...headers }]] = far.asked;
  assert.deepEqual(headers, { ...decides, "x-stheno-mirrored": "1", "user-agent": "stheno-mirror" });
});

await check("a planted difference is counted by its route and told path by path, a known one with its reason", async () => {
  between.change = (url, body) => url === "/store/collections?limit=7" ? { ...body, collections: body.collections.map((one, index) => (index ? one : { ...one, title: "Planted" })) } : undefined;
  const [first] = (await must(other.base, "GET", "/store/collections?limit=7")).collections;
  assert.deepEqual(await shop.added(1, () => get("/store/collections?limit=7")), { different: 1 });
  const lines = shop.told(otherwise);
  assert.deepEqual(lines.map(({ level, route, path, here, there, example }) => [level, route, path, here, there, example]), [["warn", "GET /store/collections", "body.collections[0].title", JSON.stringify(first.title), '"Planted"', "/store/collections?limit=7"]]);
  assert.equal((await shop.figures()).seen.value("stheno_mirror_differences_total", { route: "/store/collections" }), 1);
  between.change = (url, body) => url.startsWith("/admin/discounts") ? { ...body, discounts: body.discounts.map((one) => ({ ...one, usage_count: one.usage_count + 1 })) } : undefined;
  assert.deepEqual(await shop.added(2, async () => { await get("/admin/discounts", bearer); await get("/admin/discounts?limit=1", bearer); }), { known: 2 });
  assert.deepEqual(shop.told("a known difference").map(({ reason }) => /counts the use of a discount/.test(reason)), [true]);
});

await check("a few lines a route, and no person's data in them", async () => {
  between.change = (url, body) => url.startsWith("/admin/customers") ? { ...body, customers: body.customers.map((one) => ({ ...one, email: "secret@example.com", first_name: "Secret", last_name: "Secret", metadata: { secret: 1 } })) } : undefined;
  await must(shop.base, "POST", "/store/customers", { first_name: "Private", last_name: "Person", email: "private@example.com", password: "long secret" });
  assert.deepEqual(await shop.added(5, async () => { for (let i = 0; i < 5; i++) await get(`/admin/customers?limit=${i + 1}`, bearer); }), { different: 5 });
  const lines = shop.told(otherwise).filter(({ route }) => route === "GET /admin/customers");
  assert.equal(lines.length, 3, JSON.stringify(lines));
  assert.doesNotMatch(JSON.stringify(lines), /secret|private/i);
  between.change = undefined;
});

await check("node is started again when it has ended", async () => {
  const children = () => readdirSync(`/proc/${shop.process.pid}/task`).flatMap((thread) => { try { return readFileSync(`/proc/${shop.process.pid}/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean); } catch { return []; } });
  const [before, ...more] = children();
  assert.deepEqual(more, []);
  process.kill(Number(before), "SIGKILL");
  await until(() => { const now = children(); return now.length === 1 && now[0] !== before; }, { describe: () => shop.process.tail(20) });
  assert.deepEqual(await shop.added(1, () => get("/store/regions?limit=66")), { equal: 1 });
});

await check("a server that never answers holds nobody up: all shoppers are answered, few requests are under way, others are dropped, and the stop waits for none", async () => {
  between.silent = true;
  far.asked.length = 0;
  const before = await shop.figures();
  for (let i = 0; i < 100; i++) assert.equal((await get(`/store/products?limit=1&offset=${i}`)).status, 200);
  const after = await until(async () => { const now = await shop.figures(); return now.dropped > before.dropped && now; });
  assert.deepEqual([after.equal, after.different], [before.equal, before.different]);
  for (let i = 0; i < 10; i++) assert.equal((await get(`/store/products?limit=1&offset=${i}`)).status, 200);
  assert.equal(await shop.stop(), "exit code 0");
  between.silent = false;
});

await check("one that can't be reached: all shoppers are answered, failures are counted and told a few times", async () => {
  const alone = await mirroring(`http://127.0.0.1:${await freePort()}`);
  assert.deepEqual(await alone.added(20, async () => { for (let i = 0; i < 20; i++) assert.equal((await call(alone.base, "GET", `/store/products?limit=1&offset=${i}`)).status, 200); }), { failed: 20 });
  assert.deepEqual(alone.told("does not answer").map(({ why }) => /ECONNREFUSED/.test(why)), [true]);
  assert.equal(await alone.stop(), "exit code 0");
});

await check("two servers that mirror to each other send a request once", async () => {
  const port = await freePort();
  const one = await mirroring(`http://127.0.0.1:${port}`);
  // By variables this time; without Redis, so a cookie says nothing to the other server.
  const two = await mirroring(undefined, { port, args: [], redis: undefined, environment: { STHENO_MIRROR: "100%", STHENO_MIRROR_TO: `http://localhost:${new URL(one.base).port}` } });
  assert.deepEqual(await one.added(5, async () => { for (let i = 0; i < 5; i++) await call(one.base, "GET", `/store/regions?limit=${i + 1}`); }), { equal: 5 });
  assert.deepEqual(await two.added(1, async () => { await call(two.base, "GET", "/store/regions", undefined, { cookie: "connect.sid=x" }); await call(two.base, "GET", "/store/regions?limit=9"); }), { equal: 1 });
  assert.equal((await one.figures()).equal, 5);
  await Promise.all([one.stop(), two.stop()]);
});

await check("a name that comes to mean an address beyond private networks gets nothing without encryption", async () => {
  far.asked.length = 0;
  writeFileSync(join(folder, "resolver.js"), `const dns = require("node:dns"), { lookup } = dns; dns.lookup = (name, options, done) => name.endsWith(".test") ? done(null, options.all ? [{ address: "127.0.0.1", family: 4 }, { address: "203.0.113.5", family: 4 }] : "203.0.113.5", 4) : lookup(name, options, done);`);
  const name = `${"shop".repeat(20)}.test`; // too long for anybody to be asked about it
  const moved = await mirroring(`http://${name}:${new URL(far.base).port}`, { environment: { NODE_OPTIONS: `--require ${join(folder, "resolver.js")}` } });
  assert.deepEqual(await moved.added(1, () => call(moved.base, "GET", "/store/regions")), { failed: 1 });
  assert.match(moved.told("does not answer")[0].why, /shop\.test is 203\.0\.113\.5, which is no private address/);
  assert.deepEqual(far.asked, []);
  await moved.stop();
});

await check("what can't be mirrored ends the start, with a sentence and no part of a login", async () => {
  const empty = folderWith({ projectConfig: {} });
  const refused = async (args, environment, pattern) => { const { code, output } = await command(empty, args, { environment }); assert.equal(code, 1, output); assert.match(output, pattern); assert.doesNotMatch(output, /hidden/); };
  for (const share of ["1", "0%", "101%", "one%"]) await refused(["start", "--mirror", share, "--mirror-to", far.base], {}, /STHENO_MIRROR \(--mirror\) is ".*"; it accepts a share of the requests from 0\.01% to 100%/);
  await refused(["start", "--mirror", "1%"], {}, /STHENO_MIRROR_TO \(--mirror-to\) is not set/);
  await refused(["start", "--mirror-to", far.base], {}, /STHENO_MIRROR \(--mirror\) is not set/);
  for (const url of ["localhost:9000", "ftp://localhost", "http://user:hidden@localhost:9000"]) await refused(["start", "--mirror", "1%", "--mirror-to", url], {}, /STHENO_MIRROR_TO \(--mirror-to\) is no URL of a server/);
  for (const url of ["http://203.0.113.5:9000", "http://[2001:db8::1]"]) await refused(["config", "check"], { STHENO_MIRROR: "1%", STHENO_MIRROR_TO: url }, /STHENO_MIRROR_TO \(--mirror-to\) leads to \S+ without encryption; .* it must be https:\/\//);
  for (const url of ["https://203.0.113.5", "http://10.1.2.3:9000", "http://[::1]:9000/api"]) assert.equal((await command(empty, ["config", "check"], { environment: { STHENO_MIRROR: "0.1%", STHENO_MIRROR_TO: url } })).code, 0, url);
});

await other.stop();
far.stop();
await dropAll();
finish();
