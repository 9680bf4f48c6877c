#!/usr/bin/env node
// The cache in Redis, shared with Medusa 1.20.11's own package: what is changed here is not shown there any more.
//   node tests/queue/cache.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { refuses, serves } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { admin, root } from "../lib/servers.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { medusaCache, Redis } from "./medusa.mjs";

const database = await copy(await template("stheno"));
const redis = await newRedis();
const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
connection.on("error", () => {});
const config = (options = {}, module = "@medusajs/cache-redis") => ({
  projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database },
  modules: { cacheService: { resolve: module, options: { redisUrl: redis.url, ...options } } }, featureFlags: { tax_inclusive_pricing: false },
});
const [[variant, product, other]] = await sql(database, "select v.id, v.product_id, (select id from product_variant where product_id <> v.product_id limit 1) from product_variant v order by v.id limit 1");
const price = (id) => `ps:${id}:reg_eu:eur:undefined:undefined:true:0`;
const rate = `txrtcache:${product}:reg_eu`;

// An admin of a server with such a cache: body(ask, cache), the cache being the real package's.
async function shared(options, body) {
  await connection.flushall();
  const cache = medusaCache(connection, options);
  await serves(config(options), {}, async ({ base, output }) => {
    const { access_token } = await (await fetch(`${base}/admin/auth/token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) })).json();
    const ask = async (method, path, content, status = 200) => {
      const answer = await fetch(base + path, { method, headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" }, body: content && JSON.stringify(content) });
      assert.equal(answer.status, status, `${path}: ${await answer.clone().text()}\n${output()}`);
      return answer.json();
    };
    await body(ask, cache, output);
  });
}
async function fill(cache, keys = [price(variant), price(other), rate]) {
  for (const key of keys) await cache.set(key, { amount: 1 });
}
const left = async (cache, keys = [price(variant), price(other), rate]) => (await Promise.all(keys.map(async (key) => (await cache.get(key)) !== null)));

await check("a variant's changed prices: its keys go, others stay", () => shared({ namespace: "shop", ttl: 60 }, async (ask, cache) => {
  await fill(cache);
  await ask("POST", `/admin/products/${product}/variants/${variant}`, { prices: [{ currency_code: "eur", amount: 4321 }] });
  assert.deepEqual(await left(cache), [false, true, true]);
  // What is refused has changed nothing.
  await fill(cache);
  await ask("POST", `/admin/products/${product}/variants/${variant}`, { prices: [{ region_id: "reg_nowhere", amount: 1 }] }, 404);
  assert.deepEqual(await left(cache), [true, true, true]);
  // What is no price takes none away.
  await ask("POST", `/admin/products/${product}/variants/${variant}`, { material: "wool" });
  assert.deepEqual(await left(cache), [true, true, true]);
}));

await check("tax rates, a region's rate: cached rates go", () => shared({}, async (ask, cache) => {
  await fill(cache);
  const { tax_rate } = await ask("POST", "/admin/tax-rates", { code: "c", name: "n", region_id: "reg_eu", rate: 7 });
  assert.deepEqual(await left(cache), [true, true, false]);
  for (const [method, path, body] of [["POST", `/admin/tax-rates/${tax_rate.id}`, { rate: 8 }], ["POST", `/admin/tax-rates/${tax_rate.id}/products/batch`, { products: [product] }], ["DELETE", `/admin/tax-rates/${tax_rate.id}/products/batch`, { products: [product] }], ["DELETE", `/admin/tax-rates/${tax_rate.id}`], ["POST", "/admin/regions/reg_eu", { tax_rate: 3 }]]) {
    await fill(cache);
    await ask(method, path, body);
    assert.deepEqual(await left(cache), [true, true, false], path);
  }
  await fill(cache);
  await ask("POST", "/admin/regions/reg_eu", { name: "Europe" });
  assert.deepEqual(await left(cache), [true, true, true]);
}));

await check("a Redis that is away does not keep a change from being made", () => shared({ redisOptions: { commandTimeout: 100 } }, async (ask, cache, output) => {
  await redis.stop("SIGKILL");
  try {
    await ask("POST", `/admin/products/${product}/variants/${variant}`, { prices: [{ currency_code: "eur", amount: 1234 }] });
    await until(() => /The shared cache may show what has changed until it forgets by itself/.test(output()), { describe: output });
  } finally {
    await redis.start(); // a client of ioredis waits for it for ever
  }
}));

await check("nothing is read from it: a price that Medusa has cached is not shown here", () => shared({}, async (ask, cache) => {
  for (const quantity of ["undefined", "1"]) for (const rates of ["0", "0.07"]) await cache.set(`ps:${variant}:reg_eu:eur:undefined:${quantity}:true:${rates}`, { originalPrice: 1, calculatedPrice: 1, prices: [] });
  await cache.set(rate, [{ rate: 99, name: "x", code: "x" }]);
  const { variants } = await ask("GET", `/store/variants?ids=${variant}&region_id=reg_eu`);
  assert.equal(variants[0].calculated_price, 1234);
}));

await check("keys, values and times are the package's, in both directions", async () => {
  const program = resolve(root, process.env.STHENO_UNIT_TESTS ?? "build/checked/unit_tests");
  if (!existsSync(program)) return skip("values in both directions", "the unit tests are not built");
  await connection.flushall();
  const cache = medusaCache(connection);
  const value = { originalPrice: 1000, name: "Ä \"quoted\"", list: [1, 2.5, null, true] };
  await cache.set("from-medusa", value);
  execFileSync(program, ["--test-case=cache peer", "--no-skip"], { timeout: 60_000, env: { ...process.env, STHENO_TEST_REDIS_URL: redis.url } });
  assert.deepEqual(await cache.get("from-stheno"), value);
  const times = await Promise.all(["from-medusa", "from-stheno"].map((key) => connection.ttl(`medusa:${key}`)));
  assert.ok(times.every((seconds) => seconds > 20 && seconds <= 30), String(times));
});

await check("redisUrl is refused by name; in memory needs none", async () => {
  assert.match(await refuses(config({ redisUrl: "http://user:topsecret@x" })), /modules\.cacheService\.options\.redisUrl: .*scheme is http/);
  await serves(config({ redisUrl: undefined, ttl: 0 }, "@medusajs/cache-inmemory"), {}, async ({ base }) => assert.equal((await fetch(`${base}/store/products?limit=1`)).status, 200));
});

connection.disconnect();
await redis.stop();
await dropAll();
finish();
