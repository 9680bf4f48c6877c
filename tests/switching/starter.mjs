#!/usr/bin/env node
// A shop as medusa-starter-default of 1.20 makes it, under shoppers of the Next.js starter and of medusa-react's hooks, goes from
// `medusa start` to `stheno start` and back, as docs/switching.md says, behind its nginx: no request fails, each order is there and paid once,
// carts, tokens and sessions go on.
//   node tests/switching/starter.mjs [--project FOLDER] [--shoppers N] [--visits N] [--self]
//   --project    a checkout of medusajs/medusa-starter-default, branch v1, in the place of the folder of the same shape here
//   --shoppers   of each storefront at a time (2)
//   --visits     that begin and end in each of the five stretches of the way (2)
//   --self       the real Medusa in both places: the test must stand alone
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { verdict } from "../lib/buyers.mjs";
import { block, installed, nginx, weighed } from "../lib/fronts.mjs";
import { help } from "../lib/help.mjs";
import { sharedPackages } from "../lib/packages.mjs";
import { freePort, pause, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { cli, peer, root, serve } from "../lib/servers.mjs";
import { newRedis, sql, sqlSession } from "../lib/services.mjs";
import { copy, dropAll } from "../lib/shop.mjs";
import { lay } from "../single_page/build.mjs";
import { ReactShopper, reactVisit } from "./starter/hooks.mjs";
import { NextShopper, nextVisit } from "./starter/nextjs.mjs";
import { Ledger, answering, visitor } from "./starter/visits.mjs";

help(import.meta.url);
const here = join(dirname(fileURLToPath(import.meta.url)), "starter");
const { values: option } = parseArgs({ options: { project: { type: "string" }, shoppers: { type: "string", default: "2" }, visits: { type: "string", default: "2" }, self: { type: "boolean" } } });
const { app, missing } = peer();
if (missing) { skip("starter", missing); finish(); }
if (!installed("nginx")) { skip("starter", "nginx is not installed"); finish(); }
const clients = sharedPackages(join(here, "packages"));
if (clients.missing) { skip("starter", clients.missing); finish(); }
const packages = createRequire(join(clients.path, "of-the-clients.js"));
const { default: Medusa } = packages("@medusajs/medusa-js");

// --- The project.
const folder = temporaryDirectory("starter");
cpSync(option.project ? resolve(option.project) : join(here, "project"), folder, { recursive: true, filter: (path) => !/\/(node_modules|\.git|__tests__)$/.test(path) });
if (!option.project) cpSync(join(root, "demo", "seed.json"), join(folder, "data", "seed.json"));
symlinkSync(join(app, "node_modules"), join(folder, "node_modules"));
// What an owner does before the shop opens: Redis, by the starter's own comments, and a dashboard that is built already.
lay(folder);
appendFileSync(join(folder, "medusa-config.js"), `
const { REDIS_URL: redisUrl } = process.env;
module.exports.projectConfig.redis_url = redisUrl;
module.exports.modules.eventBus = { resolve: "@medusajs/event-bus-redis", options: { redisUrl } };
module.exports.modules.cacheService = { resolve: "@medusajs/cache-redis", options: { redisUrl } };
for (const { resolve, options } of module.exports.plugins) if (resolve === "@medusajs/admin") options.autoRebuild = false;
`);
writeFileSync(join(folder, ".env.production"), "JWT_SECRET=something\nCOOKIE_SECRET=something\n");
const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const lacking = Object.keys(dependencies).filter((name) => !existsSync(join(app, "node_modules", name)));
console.log(`    left out: the build of the dashboard (one is laid in)${lacking.length ? `, and what is not installed beside the real Medusa: ${lacking.join(", ")}` : ""}`);

const names = option.self ? ["medusa", "medusa"] : ["medusa", "stheno"];
const database = await copy();
const redis = await newRedis();
const options = { folder, database, redis: redis.url, environment: { MEDUSA_FF_PRODUCT_CATEGORIES: "true" }, seconds: 180 };
const seed = JSON.parse(readFileSync(join(folder, "data", "seed.json"), "utf8"));
let ready = false;
await check("the project is built, migrated and seeded as the starter says", async () => {
  execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "-p", join(folder, "tsconfig.server.json")], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  cli("medusa", ["migrations", "run"], options);
  cli("medusa", ["seed", "-f", "./data/seed.json"], options);
  await sql(database, "update product_variant set inventory_quantity = 1000000");
  ready = true;
});
if (!ready) { await dropAll(); finish(); }
if (!option.self) await check("stheno finds nothing to migrate, and nothing to refuse in the configuration", () => {
  const lines = cli("stheno", ["migrations", "show"], options).trim().split("\n");
  assert.ok(lines.filter((line) => line.startsWith("[X]")).length > 50);
  assert.deepEqual(lines.filter((line) => line.startsWith("[ ]")), []);
  cli("stheno", ["config", "check"], options);
});

// --- Both servers behind the document's nginx, which ends TLS; who answered is told.
const ports = { 9000: await freePort(), 9001: await freePort() };
const open = async (index) => {
  const running = await serve(names[index], { ...options, port: ports[9000 + index] });
  // The project has code of its own.
  if (running.server === "stheno") await until(async () => (await fetch(`${running.base}/health`)).headers.get("x-stheno-plugins") === "ready", { seconds: 300, child: running.process, describe: () => running.process.tail(40) });
  assert.equal((await fetch(`${running.base}/store/custom`)).status, 200);
  return running;
};
const running = [await open(0)];
const site = block("switching.md", "nginx", "weight=1").replace("$scheme", "https").replace("proxy_http_version", "add_header X-Answered-By $upstream_addr always;\n        proxy_http_version");
const front = await nginx(weighed(site, "weight=1", "down"), ports);
const ledger = new Ledger();
const visit = (origin) => visitor({ Medusa, ledger, base: front.base, origin });

// --- The owner, who stays logged in to the dashboard.
const owner = visit("http://localhost:7001").medusa;
const [{ email, password: word }] = seed.users;
const code = "STARTER10";
await check("the owner logs in, makes a collection and a discount", async () => {
  await owner.admin.auth.createSession({ email, password: word });
  const { products } = await owner.admin.products.list({ limit: 20 });
  const { collection } = await owner.admin.collections.create({ title: "Of this week" });
  await owner.admin.collections.addProducts(collection.id, { product_ids: products.slice(0, 3).map(({ id }) => id) });
  const { regions } = await owner.admin.regions.list();
  await owner.admin.discounts.create({ code, is_dynamic: false, is_disabled: false, regions: regions.map(({ id }) => id), rule: { type: "percentage", value: 10, allocation: "total" } });
});
let step = 0;
const onboarding = (change) => owner.admin.custom[change ? "post" : "get"]("/onboarding", change);

// Some seconds after a cart got its customer's e-mail, Medusa goes over its payment sessions; whoever chooses one and completes meanwhile can lose
// the choice and is refused. Shoppers read longer than that: until the cart's events are out of the table, and nothing waits in the queue.
const rows = sqlSession(database);
const lists = ["wait", "active", "prioritized"].map((list) => `RedisEventBusService:events-queue:${list}`);
const think = (cart) => until(async () => (await rows(`select 1 from staged_job where data::text like '%${cart}%' limit 1`)).length === 0 && (await redis.cli("exists", ...lists)) === "0",
  { seconds: 90, every: 300, describe: () => "a cart's events don't arrive" });

// Medusa reads a variant's stock, subtracts, and writes it; two who buy the same at one moment count as one there. So each shopper buys what
// no other buys, and a unit that lacks was lost by the way.
const parts = 2 * Number(option.shoppers) + 1;
const shareOf = (index) => (variants) => variants.sort((a, b) => (a.id < b.id ? -1 : 1)).filter((_, at) => at % parts === index);

// --- Two customers whose visits last for the whole way: one with a token, one with a session.
const long = {
  token: new NextShopper(visit(), ledger, { email: "token@example.com", think, share: shareOf(0) }),
  session: new ReactShopper(packages, visit("http://localhost:8000"), ledger, { email: "session@example.com", think, share: shareOf(0) }),
};
let variant;
await check("two customers fill carts", async () => {
  await long.token.home();
  await long.token.register();
  [variant] = long.token.share((await long.token.store()).flatMap((product) => product.variants));
  await long.token.addToCart(variant.id, 1);
  await long.session.register();
  await long.session.fill(await long.session.browse());
});
const units = ({ items }) => items.reduce((sum, { quantity }) => sum + quantity, 0);
let wanted = { token: 1, session: units((await long.session.reads("useGetCart", long.session.cart)).cart) };
const goOn = (where) => check(`${where}: the owner's session, the customers' token and session, and their carts go on`, async () => {
  assert.equal((await owner.admin.auth.getSession()).user.email, email);
  assert.ok((await owner.admin.orders.list({ limit: 15, offset: 0, expand: "customer,items" })).count > 0);
  assert.equal((await onboarding()).status.current_step, step ? `step ${step}` : null);
  assert.equal((await onboarding({ current_step: `step ${++step}` })).status.current_step, `step ${step}`);
  assert.equal((await long.token.account()).customer.email, "token@example.com");
  assert.equal(units(await long.token.cartPage()), wanted.token);
  wanted.token = units(await long.token.addToCart(variant.id, 1));
  const { session } = long;
  assert.equal((await session.account()).customer.email, "session@example.com");
  const { cart } = await session.reads("useGetCart", session.cart);
  assert.equal(units(cart), wanted.session);
  wanted.session = units((await session.does("useCreateLineItem", { variant_id: variant.id, quantity: 1 }, session.cart)).cart);
});

// --- The others, one visit after the other.
const visits = [], troubles = [];
let stopping = false, count = 0;
const run = async (kind, go) => {
  while (!stopping) {
    const began = performance.now(), number = ++count;
    try { await go(number); visits.push({ kind, began }); } catch (error) { troubles.push(`${kind} ${number}: ${error.stack?.split("\n").slice(0, 4).join(" ")}`); if (troubles.length > 20) return; }
    await pause(500); // a load, not as much as one server can take
  }
};
const shoppers = Array.from({ length: Number(option.shoppers) }, (_, index) => [
  run("Next.js starter", async (number) => {
    const customer = (number + index) % 2 === 0;
    await nextVisit(new NextShopper(visit(), ledger, { country: customer ? "de" : "us", email: `next-${number}@example.com`, discount: number % 3 === 0 ? code : undefined, think, share: shareOf(2 * index + 1) }), { customer });
  }),
  run("medusa-react", async (number) => {
    const shopper = new ReactShopper(packages, visit("http://localhost:8000"), ledger, { email: `react-${number}@example.com`, think, share: shareOf(2 * index + 2) });
    await reactVisit(shopper, { customer: (number + index) % 2 === 0 });
  }),
]).flat();
const stretch = async (name) => {
  const from = performance.now();
  const done = () => visits.filter(({ began }) => began >= from);
  await until(() => done().length >= Number(option.visits) || troubles.length > 20, { seconds: 600, every: 50, describe: () => `${name}: ${done().length} visits\n${troubles.slice(0, 5).join("\n")}\n${ledger.failed.slice(0, 5).join("\n")}` });
  console.log(`figure ${name}: ${done().length} visits in ${((performance.now() - from) / 1000).toFixed(1)} s`);
};
// What the load balancer has sent to the other server is answered before that one is told to stop.
const moved = async (first, second) => {
  front.reload(weighed(site, first, second));
  const only = first === "down" ? ports[9001] : second === "down" ? ports[9000] : undefined;
  if (!only) return;
  const answers = () => Promise.all(Array.from({ length: 5 }, () => answering(front.base)));
  await until(async () => (await answers()).every((server) => server === `127.0.0.1:${only}`), { seconds: 30 });
  const now = performance.now();
  await until(() => [...ledger.open.values()].every((began) => began > now), { seconds: 60, describe: () => "requests from before don't end" });
};

const way = `${names[0]}, ${names[1]}, ${names[0]}`;
await check(`the way under shoppers: ${way}`, async () => {
  await stretch(names[0]);
  await goOn(names[0]);
  running[1] = await open(1);
  await moved("weight=1", "weight=1");
  await stretch("both");
  await goOn("both");
  await moved("down", "weight=1");
  const left = running[0].process.stop("SIGTERM", 30);
  await stretch(names[1]);
  await goOn(names[1]);
  console.log(`figure ${names[0]} stopped: ${await left}`);
  running[0] = await open(0);
  await moved("weight=1", "weight=1");
  await stretch("both again");
  await moved("weight=1", "down");
  const end = running[1].process.stop("SIGTERM", 30);
  await stretch(`${names[0]} again`);
  await goOn(`${names[0]} again`);
  console.log(`figure ${names[1]} stopped: ${await end}`);
}, { seconds: 2000 });
stopping = true;
await Promise.all(shoppers);
await check("the two customers buy what is in their carts", async () => {
  for (const shopper of [long.token, long.session]) {
    const order = await shopper.buy();
    assert.equal(order.items.reduce((sum, { quantity }) => sum + quantity, 0), wanted[shopper === long.token ? "token" : "session"]);
    assert.deepEqual((await shopper.account()).orders.map(({ id }) => id), [order.id]);
  }
});
long.session.stop();

// --- What came of it.
const answeredBy = Object.fromEntries([...ledger.servers].map(([server, times]) => [server.endsWith(ports[9000]) ? "the first" : server.endsWith(ports[9001]) ? "the second" : server, times]));
console.log(`figure ${way}: ${visits.length} visits, ${ledger.requests} requests (${JSON.stringify(answeredBy)}), ${ledger.failed.length} failed, ${ledger.orders.size} orders`);
await check("no request failed, and no visit ended early", () => assert.deepEqual([...ledger.failed.slice(0, 20), ...troubles.slice(0, 10)], []));
await check("both servers had a share, and both storefronts", () => {
  for (const one of ["the first", "the second"]) assert.ok(answeredBy[one] > 100, JSON.stringify(answeredBy));
  for (const kind of ["Next.js starter", "medusa-react"]) assert.ok(visits.some((one) => one.kind === kind), kind);
});
await check("each order is there once, and paid once with what was shown", async () => {
  assert.deepEqual(await verdict(database, ledger), { lost: [], doubled: [], unheard: 0 });
  const paid = await sql(database, 'select o.id, o.email, count(p.id), coalesce(sum(p.amount), 0), count(p.canceled_at) from "order" o left join payment p on p.order_id = o.id group by o.id order by o.id');
  assert.deepEqual(paid, [...ledger.orders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, { email: of, total }]) => [id, of, "1", String(total), "0"]));
  assert.deepEqual(await sql(database, "select count(*) from payment where order_id is null"), [["0"]]);
});
await check("stock lacks exactly what was sold", async () => {
  const rows = await sql(database, "select v.id, 1000000 - v.inventory_quantity, coalesce((select sum(i.quantity) from line_item i where i.variant_id = v.id and i.order_id is not null), 0) from product_variant v");
  assert.deepEqual(rows.filter(([, gone, sold]) => gone !== sold), []);
  assert.ok(rows.some(([, gone]) => Number(gone) > 0));
});
if (!option.project) await check("the project's subscriber has heard of each order", async () => {
  const unheard = () => sql(database, 'select o.id from "order" o where not exists (select from order_heard h where h.order_id = o.id)');
  await until(async () => (await unheard()).length === 0, { seconds: 90, every: 200, describe: () => "some orders were not told" });
  const [[twice, processes]] = await sql(database, "select count(*) - count(distinct order_id), count(distinct process) from order_heard");
  console.log(`figure heard: by ${processes} processes, ${twice} orders more than once`);
});
// Medusa counts a discount's use when it hears of the order; while it works on the queue beside this server, which has counted, it counts again.
await until(async () => (await rows("select 1 from staged_job limit 1")).length === 0 && (await redis.cli("exists", ...lists)) === "0", { seconds: 60, every: 300, describe: () => "events are still on their way" });
rows.stop();
const [[used, with_]] = await sql(database, `select d.usage_count, (select count(*) from order_discounts o where o.discount_id = d.id) from discount d where d.code = '${code}'`);
console.log(`figure the discount: counted ${used} times in ${with_} orders`);

await Promise.all([...running.map((one) => one.stop()), front.stop()]);
await redis.stop();
await dropAll();
finish();
