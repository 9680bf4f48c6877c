#!/usr/bin/env node
// The host with the real package and a project that changes many parts of it (tests/host/shop): what it answers, whom it tells what,
// and which routes it takes. A small stand-in for the server holds the other end of the link.
//   node tests/host/run.mjs
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer } from "../lib/servers.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { environmentOf, startHost } from "./server.mjs";
import { modules, shop } from "./shop.mjs";

help(import.meta.url);
if (peer().missing) {
  skip("the host", peer().missing);
  finish();
}

const folder = shop();
const database = await copy(await template("stheno"));
const heard = join(folder, "heard");
const environment = environmentOf(database, { SHOP_HEARD: heard });
const start = (given = {}) => startHost({ project: folder, ...given, environment: { ...environment, ...given.environment } });
const what_was_heard = () => { try { return readFileSync(heard, "utf8").trim().split("\n").map((line) => JSON.parse(line)); } catch { return []; } };
const staged = async () => (await sql(database, "select event_name, data from staged_job order by id")).map(([name, data]) => ({ name, data: JSON.parse(data) }));

await check("migrations of the project are shown, run, reverted and run again", async () => {
  const migrations = async (action) => {
    const host = start({ mode: "migrations", action });
    const { message, ...notice } = await host.until("migrations", "failed");
    assert.equal(message, undefined, host.output);
    assert.equal(await host.ended, 0);
    return notice;
  };
  const shown = await migrations("show");
  assert.deepEqual(shown.pending, ["Badges1790000000000"]);
  assert.deepEqual(shown.applied, []); // the core's are the server's to tell
  assert.deepEqual((await migrations("run")).done, ["Badges1790000000000"]);
  assert.deepEqual((await migrations("revert")).done, ["Badges1790000000000"]);
  assert.deepEqual((await migrations("run")).done, ["Badges1790000000000"]);
  assert.deepEqual((await migrations("run")).done, []);
});

await check("modules of the project's and of the second generation migrate themselves, and a link between two of them gets its table", async () => {
  const project = shop();
  for (const [name, key] of [["goods", "productService"], ["prices", "pricingService"]]) {
    mkdirSync(join(project, "modules", name), { recursive: true });
    writeFileSync(join(project, "modules", name, "index.js"), `
      Object.defineProperty(exports, "__esModule", { value: true });
      class Service { __joinerConfig() { return { serviceName: "${key}", primaryKeys: ["id"], linkableKeys: {}, schema: "", alias: [] }; } }
      exports.default = { service: Service };
      exports.runMigrations = async ({ options }) => require("node:fs").appendFileSync(process.env.SHOP_HEARD + ".migrated", JSON.stringify(["${name}", options.database.clientUrl]) + "\\n");`);
  }
  const migrated = join(project, "heard");
  const own = (await copy(await template("stheno"))).replace("127.0.0.1", "localhost"); // links ask any other host for TLS
  const modules = { productService: { resolve: join(project, "modules/goods") }, pricingService: { resolve: join(project, "modules/prices") } };
  const tables = () => sql(own, "select table_name from information_schema.tables where table_name = 'product_variant_price_set'");
  const run = async (given) => {
    const other = startHost({ project, mode: "migrations", action: "run", environment: { ...environmentOf(own, { SHOP_HEARD: migrated }), ...given } });
    const { message } = await other.until("migrations", "failed");
    assert.equal(message, undefined, other.output);
    assert.equal(await other.ended, 0);
  };
  await run({});
  assert.deepEqual(await tables(), [], "without such modules nothing is started");
  await run({ SHOP_MODULES: JSON.stringify(modules) });
  assert.deepEqual(readFileSync(`${migrated}.migrated`, "utf8").trim().split("\n").map((line) => JSON.parse(line)), [["goods", own], ["prices", own]]);
  assert.equal((await tables()).length, 1);
});

const host = start();
let report;
await check("the project boots", async () => {
  report = await host.ready();
  assert.equal(host.told("hello").medusa, "1.20.11");
  assert.deepEqual(report.plugins.map(({ name, version }) => `${name} ${version}`), ["medusa-fulfillment-manual 1.1.41", "medusa-payment-manual 1.0.25", "providers 2.1.0", "empty 0.0.1"]);
  assert.deepEqual(report.jobs, ["nightly"]);
  assert.match(host.output, /You don't have Redis configured\. Scheduled jobs will not be enabled/);
  assert.deepEqual(report.warnings, [{ plugin: "empty", text: "The plugin empty@0.0.1 has no services, subscribers, api, loaders, models or strategies: its package came without code." }]);
  assert.ok(report.memory > 50e6);
});
if (!report) finish();

const route = (name) => report.routes.find(({ method, path }) => `${method} ${path}` === name);
const why = (name) => route(name)?.why;
const routes_because = (pattern) => report.routes.filter(({ why: text, nested }) => !nested && pattern.test(text)).map(({ method, path }) => `${method} ${path}`);

await check("an overridden method sends the routes that reach it", async () => {
  assert.match(why("GET /store/carts/:id"), /dist\/services\/cart\.js overrides CartService\.decorateTotals/);
  assert.match(why("POST /store/carts/:id/line-items"), /CartService\.decorateTotals/);
  assert.ok(!routes_because(/CartService/).includes("GET /store/products"));
  assert.ok(!routes_because(/CartService/).includes("GET /admin/regions"));
});
await check("a constructor that adds fields is no change, one that changes them is one of the whole class", async () => {
  assert.ok(!report.routes.some(({ why: text }) => /overrides CartService(;|$)/.test(text)));
  assert.deepEqual(routes_because(/overrides NoteService$/).sort(), ["DELETE /admin/notes/:id", "GET /admin/notes", "GET /admin/notes/:id", "POST /admin/notes", "POST /admin/notes/:id"]);
});
await check("a method for API tokens sends only requests that have one", async () => {
  assert.deepEqual({ ...route("GET /admin/currencies"), why: undefined }, { method: "GET", path: "/admin/currencies", why: undefined, when: "api_token" });
  assert.equal(route("GET /admin/notes").when, undefined);
});
await check("repositories, validators, lists, files of routes and middlewares are found", async () => {
  assert.match(why("GET /admin/gift-cards"), /dist\/repositories\/gift-card\.js overrides GiftCardRepository\.listGiftCardsAndCount/);
  assert.match(why("POST /admin/collections"), /dist\/api\/index\.js registers the validator AdminPostCollectionsReq/);
  assert.match(why("GET /admin/variants"), /changes defaultAdminVariantRelations/);
  assert.match(why("GET /admin/collections/:id"), /dist\/api.* answers \/admin\/collections\/:any/);
  assert.match(why("GET /store/collections/:id"), /dist\/api\/middlewares\.js has a middleware on \/store\/collections\/\*/);
  assert.match(why("POST /store/carts/:id/complete"), /dist\/api\/index\.js answers \/store\/carts\/:any\/complete/);
});
await check("a path of the project below a core route's is its own", async () => {
  assert.deepEqual(report.own.filter(({ path }) => path.includes("products")).map(({ method, path }) => `${method} ${path}`), ["GET /store/products/featured"]);
  assert.match(why("GET /store/products/:id"), /dist\/api.* answers \/store\/products\/featured/);
});
await check("body parsers, cors and logins send nothing", async () => {
  for (const free of ["GET /store/products", "GET /store/regions", "POST /store/auth"]) assert.ok(!route(free) || route(free).entities, `${free}: ${why(free)}`);
});
await check("an extended entity is told with its columns and relations", async () => {
  const [store] = report.entities.extended;
  assert.deepEqual([store.name, store.table, store.by], ["Store", "store", "dist/models/store.js"]);
  assert.deepEqual(store.columns.map(({ property, type, nullable, select }) => [property, type, nullable, select]), [["motto", "text", true, true]]);
  assert.deepEqual(store.relations.map(({ property, type, entity, inverse }) => [property, type, entity, inverse]), [["badges", "one-to-many", "Badge", "store"]]);
  assert.deepEqual(report.entities.added.map(({ name, table }) => [name, table]), [["Badge", "badge"]]);
  assert.match(why("GET /admin/store"), /dist\/models\/store\.js extends Store/);
  assert.ok(!/extends Store/.test(why("GET /store/products") ?? ""), why("GET /store/products"));
});
await check("who hears what is told", async () => {
  assert.equal(report.subscribers.all, true);
  for (const name of ["hello.said", "product.updated", "cart.customer_updated"]) assert.ok(report.subscribers.events.includes(name), name);
  assert.ok(!report.subscribers.events.includes("batch.created"));
});

let session;
await check("HTTP is answered over the socket, with sessions of the server", async () => {
  assert.equal((await host.http("GET", "/store/products?limit=1")).json.products.length, 1);
  const login = await host.http("POST", "/admin/auth", { body: admin });
  assert.equal(login.status, 200, login.text);
  session = login.headers["set-cookie"][0].split(";")[0];
  assert.equal((await host.http("GET", "/admin/auth", { headers: { cookie: session } })).json.user.email, admin.email);
  assert.ok([...host.sessions.values()].some(({ user_id }) => user_id));
  // The server keeps no more of the cookie than how long it lives.
  for (const session_ of host.sessions.values()) session_.cookie = { originalMaxAge: session_.cookie.originalMaxAge };
  const again = await host.http("POST", "/store/hello", { headers: { cookie: session }, body: { order_id: "order_none" } });
  assert.deepEqual(again.json, { seen: 1 });
  assert.match(again.headers["set-cookie"][0], /^connect\.sid=.*; Path=\/; Expires=.* GMT; HttpOnly$/);
  host.sessions.clear();
  assert.equal((await host.http("GET", "/admin/auth", { headers: { cookie: session } })).status, 401);
  const token = (await host.http("POST", "/admin/auth/token", { body: admin })).json.access_token;
  assert.equal((await host.http("GET", "/admin/auth", { headers: { authorization: `Bearer ${token}` } })).status, 200);
});
await check("the app sees the address that the server has seen, and none of its headers", async () => {
  const { json } = await host.http("GET", "/store/hello", { peer: "198.51.100.9", headers: { "x-stheno-other": "1" } });
  assert.deepEqual(json, { greeting: "hello", address: "198.51.100.9", ip: "198.51.100.9", stheno: [], session: 0 });
  assert.equal((await host.http("GET", "/store/hello", { peer: "198.51.100.9", headers: { "x-forwarded-for": "203.0.113.5" } })).json.ip, "203.0.113.5");
});
await check("routes of plugins answer, old ones too", async () => {
  assert.deepEqual((await host.http("GET", "/store/purses/7")).json, { purse: "7", colour: "brown" });
  assert.deepEqual((await host.http("GET", "/legacy")).json, { legacy: true });
  assert.equal((await host.http("GET", "/store/collections/x", { headers: { "x-deny": "1" } })).status, 403);
});

await check("subscribers run once for an event, and one that fails harms nobody", async () => {
  rmSync(heard, { force: true });
  const event = { id: "job_1", name: "product.updated", data: { id: "prod_1" } };
  const { failed } = await host.request("events", { events: [event] });
  assert.deepEqual(failed.map(({ id, message }) => [id, message]), [["job_1", "as the test wants it"]]);
  assert.deepEqual((await host.request("events", { events: [event] })).failed, []);
  assert.deepEqual(what_was_heard().map(({ by, eventName }) => `${by} ${eventName}`).sort(), ["everything product.updated", "function product.updated"]);
});
await check("what is emitted past the outbox goes into it", async () => {
  await sql(database, "delete from staged_job");
  const said = await host.http("POST", "/store/hello", { body: { order_id: "order_none" } });
  assert.equal(said.status, 200, said.text);
  assert.deepEqual(await staged(), [{ name: "hello.said", data: { seen: 1 } }, { name: "order.placed", data: { id: "order_none", stheno_child: true } }]);
});
await check("discounts are counted here only for orders that were made here", async () => {
  const placed = (id, data) => host.request("events", { events: [{ id, name: "order.placed", data }] });
  assert.deepEqual((await placed("job_2", { id: "order_of_the_server" })).failed, []);
  const { failed } = await placed("job_3", { id: "order_none", stheno_child: true });
  assert.equal(failed.length, 2); // both handlers look for the order
  assert.match(failed[0].message, /order_none was not found/);
});

const ask = async (port, provider, method, given) => host.ask({ port, provider, method, arguments: given });
const answer = async (...of) => { const reply = await ask(...of); assert.equal(reply.error, undefined, JSON.stringify(reply)); return reply.answer; };
await check("the providers of plugins are offered", async () => {
  const offers = [["payment", "purse"], ["payment", "old-purse"], ["fulfillment", "courier"], ["tax", "taxes"]].map(([port, id]) => ({ port, id, knows_keys: false, package: "providers" }));
  const order = (list) => [...list].sort((a, b) => `${a.port} ${a.id}`.localeCompare(`${b.port} ${b.id}`));
  assert.deepEqual(order(report.providers), order(offers));
  assert.deepEqual(order(await answer("", "host", "providers", {})), order(offers));
  const [[count]] = await sql(database, "select count(*) from payment_provider where is_installed and id in ('purse', 'old-purse', 'manual')");
  assert.equal(count, "3");
});
await check("a payment processor is asked as 1.20 asks it", async () => {
  const context = { resource_id: "cart_1", amount: 1200, currency_code: "eur", email: "shopper@shop.test", customer: null, billing_address: null, context: {} };
  const opened = await answer("payment", "purse", "create_session", context);
  assert.deepEqual(opened, { opened: 1, purse: "brown", amount: 1200, currency_code: "eur", resource_id: "cart_1", paymentSessionData: {} });
  assert.deepEqual(await answer("payment", "purse", "update_session", { data: opened, context: { ...context, amount: 5 } }), { ...opened, amount: 5 });
  assert.deepEqual(await ask("payment", "purse", "update_session", { data: opened, context: { ...context, amount: 0 } }), {});
  assert.deepEqual(await answer("payment", "purse", "update_session_data", { data: opened, update: { note: 1 }, session_id: "ps_1" }), { note: 1, of: "ps_1" });
  assert.deepEqual(await answer("payment", "purse", "authorize", { session_id: "ps_1", data: { a: 1 }, amount: 1200, context: { cart_id: "cart_1" } }), { status: "authorized", data: { a: 1, cart: "cart_1" } });
  assert.deepEqual(await answer("payment", "purse", "payment_data", { data: { a: 1 } }), { a: 1, retrieved: true });
  assert.equal(await answer("payment", "purse", "status", { data: {} }), "authorized");
  const payment = { id: "pay_1", data: { a: 1 }, amount: 1200, amount_refunded: 0, currency_code: "eur" };
  assert.deepEqual(await answer("payment", "purse", "capture", payment), { data: { a: 1, captured: true } });
  assert.deepEqual(await answer("payment", "purse", "refund", { payment, refund: { amount: 200, reason: "other", note: null, order_id: null } }), { data: { a: 1, refunded: 200 } });
  assert.deepEqual(await answer("payment", "purse", "cancel", payment), { data: { a: 1 } });
  assert.deepEqual(await answer("payment", "purse", "saved_methods", { customer: { id: "cus_1" } }), []);
  await answer("payment", "purse", "delete_session", { data: opened });
});
await check("what a payment processor refuses is an error of 1.20's kind", async () => {
  const refused = await ask("payment", "purse", "create_session", { resource_id: "cart_1", amount: 1, currency_code: "eur", email: "refused@shop.test", customer: null, billing_address: null, context: {} });
  assert.deepEqual(refused, { error: { type: "invalid_data", message: "No purse:\nIt is lost", code: "purse_missing" } });
  assert.deepEqual((await ask("payment", "purse", "authorize", { session_id: "ps_1", data: { refuse: true }, amount: 1, context: {} })).error.message, "Refused");
  assert.equal((await ask("payment", "nobody", "status", { data: {} })).error.type, "not_found");
  assert.equal((await ask("payment", "purse", "dance", {})).error.type, "invalid_argument");
});
await check("a provider that changes the customer is not asked twice for one session", async () => {
  const { json } = await host.http("POST", "/store/customers", { body: { email: "purse@shop.test", password: "supersecret", first_name: "P", last_name: "U" } });
  const context = { resource_id: "cart_2", amount: 700, currency_code: "eur", email: "purse@shop.test", customer: { id: json.customer.id, metadata: null, updated_at: "2026-01-01T00:00:00.000Z" }, billing_address: null, context: {} };
  const first = await answer("payment", "purse", "create_session", context);
  assert.deepEqual(JSON.parse((await sql(database, `select metadata from customer where id = '${json.customer.id}'`))[0][0]), { purse: "known" });
  const changed = { ...context, customer: { ...context.customer, metadata: { purse: "known" }, updated_at: "2026-01-02T00:00:00.000Z" } };
  assert.deepEqual(await answer("payment", "purse", "create_session", changed), first);
  assert.equal((await answer("payment", "purse", "create_session", changed)).opened, first.opened + 1);
});
await check("an older payment service gets the cart, and a transaction", async () => {
  const region = (await host.http("GET", "/store/regions")).json.regions[0];
  const { cart } = (await host.http("POST", "/store/carts", { body: { region_id: region.id } })).json;
  assert.equal(cart.shown_by, "the shop");
  const context = { resource_id: cart.id, amount: 900, currency_code: region.currency_code, email: "old@shop.test", customer: null, billing_address: null, context: {} };
  assert.deepEqual(await answer("payment", "old-purse", "create_session", context), { items: 0, of: cart.id, total: 900, in_transaction: true });
  assert.deepEqual(await answer("payment", "old-purse", "create_session", { ...context, resource_id: "paycol_1" }), { of: "", total: 900, in_transaction: true });
  assert.deepEqual(await answer("payment", "old-purse", "authorize", { session_id: "ps_none", data: { a: 1 }, amount: 900, context: { cart_id: cart.id } }), { status: "requires_more", data: { a: 1, provider: "old-purse", cart: cart.id } });
  assert.deepEqual(await answer("payment", "old-purse", "capture", { id: "pay_none", data: { a: 1 }, amount: 1, amount_refunded: 0, currency_code: "eur" }), { data: { a: 1, of: "pay_none" } });
  assert.deepEqual(await answer("payment", "old-purse", "cancel", { id: "pay_none", data: { a: 1 } }), { data: { a: 1, canceled: true } });
  assert.deepEqual(await answer("payment", "old-purse", "saved_methods", { customer: { id: "cus_1" } }), [{ of: "cus_1" }]);
});
await check("a carrier is asked as 1.20 asks it", async () => {
  const cart = { id: "cart_1", created_at: "2026-03-01T00:00:00.000Z", items: [{ id: "item_1" }, { id: "item_2" }] };
  assert.deepEqual(await answer("fulfillment", "courier", "options", {}), [{ id: "bicycle" }]);
  assert.equal(await answer("fulfillment", "courier", "validate_option", { data: { id: "bicycle" } }), true);
  assert.deepEqual(await answer("fulfillment", "courier", "validate_data", { option_data: {}, data: { door: 3 }, cart }), { door: 3, of: "cart_1", year: 2026 });
  assert.deepEqual((await ask("fulfillment", "courier", "validate_data", { option_data: {}, data: {}, cart })).error, { type: "invalid_data", message: "Which door?" });
  assert.equal(await answer("fulfillment", "courier", "calculate_price", { option_data: {}, data: {}, cart }), 200);
  assert.deepEqual(await answer("fulfillment", "courier", "create_fulfillment", { data: {}, items: [{}], order: { id: "order_1" }, fulfillment: { id: "ful_1" } }), { label: "ful_1", items: 1, order: "order_1" });
  assert.deepEqual(await answer("fulfillment", "courier", "cancel_fulfillment", { data: { label: "ful_1" } }), { canceled: "ful_1" });
  assert.deepEqual(await answer("fulfillment", "courier", "create_return", { return: { id: "ret_1" } }), { label: "ret_1" });
});
await check("a tax provider is asked as 1.20 asks it", async () => {
  assert.deepEqual(await answer("tax", "taxes", "tax_lines", { items: [{ item: { id: "item_1" }, rates: [{ rate: 10, name: "n", code: "c" }] }], methods: [{ method: { id: "sm_1" }, rates: [] }], context: { region: { name: "EU" }, shipping_address: null, customer: null } }),
    [{ item_id: "item_1", at: 0, rate: 20, name: "EU", code: "double" }, { shipping_method_id: "sm_1", at: 0, rate: 1, name: "1", code: null }]);
});

await check("the child answers while it is asked much, and ends with the server", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => host.request("ping")));
  assert.equal(answers.length, 200);
  const began = performance.now();
  assert.equal(await host.end(), 0);
  assert.ok(performance.now() - began < 3000);
});
await check("a stop is a goodbye within five seconds", async () => {
  const other = start();
  await other.ready();
  const began = performance.now();
  other.send({ method: "stop", arguments: {} });
  assert.equal(await other.ended, 0);
  assert.ok(performance.now() - began < 5500);
});

await check("with a queue in Redis the child works on its jobs, and the server hears of its own", async () => {
  const { url, cli, stop: stop_redis } = await newRedis();
  rmSync(heard, { force: true });
  await sql(database, "delete from staged_job");
  const other = start({ environment: { SHOP_REDIS: url }, events: "own", sessions: "redis", settings: { native_events: ["batch.created", "batch.confirmed"] } });
  const told = await other.ready();
  assert.deepEqual(told.batch_jobs, undefined);
  // 1. Sessions are where the server keeps its own.
  const login = await other.http("POST", "/admin/auth", { body: admin });
  assert.equal(login.status, 200, login.text);
  assert.equal(other.sessions.size, 0);
  assert.match(await cli("keys", "sess:*"), /sess:/);
  // 2. What the project emits is staged, and stays: the server puts it into the queue.
  await other.http("POST", "/store/hello", { body: { order_id: "order_none" } });
  await until(() => what_was_heard().some(({ by }) => by === "function"), { describe: () => other.output }); // that one went into the queue at once
  assert.deepEqual((await staged()).map(({ name }) => name), ["order.placed"]);
  // 3. What the server puts there is heard here, and by the server where it waits for it.
  const queue = new (createRequire(join(modules, "@medusajs/event-bus-redis/package.json"))("bullmq").Queue)("events-queue", { prefix: "RedisEventBusService", connection: { host: "127.0.0.1", port: new URL(url).port } });
  await queue.add("batch.created", { eventName: "batch.created", data: { id: "batch_none" } });
  await queue.add("product.updated", { eventName: "product.updated", data: { id: "prod_1" } });
  await until(() => other.events.length && what_was_heard().some(({ by, eventName }) => by === "function" && eventName === "product.updated"), { describe: () => other.output });
  assert.deepEqual(other.events, [{ name: "batch.created", data: { id: "batch_none" } }]);
  assert.ok(!other.output.includes("batch_none")); // the core's own subscriber left it alone
  // 4. Its scheduled job stands in the queue of the package's scheduler.
  assert.match(await cli("keys", "*scheduled-jobs*"), /repeat/);
  await queue.close();
  await other.end();
  // 5. A tick runs once, however many servers there are.
  writeFileSync(join(folder, "dist", "jobs", "second.js"), 'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = async () => require("node:fs").appendFileSync(process.env.SHOP_HEARD + ".ticks", "."); exports.config = { name: "second", schedule: "* * * * * *", data: {} };');
  const servers = [0, 1].map(() => start({ environment: { SHOP_REDIS: url }, events: "own", sessions: "redis" }));
  await Promise.all(servers.map((each) => each.ready()));
  const ticks = () => { try { return readFileSync(`${heard}.ticks`, "utf8").length; } catch { return 0; } };
  const [before, began] = [ticks(), performance.now()];
  await until(() => ticks() - before >= 4, { describe: () => servers[0].output });
  assert.ok(ticks() - before <= (performance.now() - began) / 1000 + 2, `${ticks() - before} ticks`);
  await Promise.all(servers.map((each) => each.end()));
  await stop_redis();
});

await dropAll();
finish();
