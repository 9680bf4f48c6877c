#!/usr/bin/env node
// featureFlags and MEDUSA_FF_*: which value counts, and what each flag does to columns, bodies and routes; the real Medusa beside
// it where it is installed.
import assert from "node:assert/strict";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { send, signJwt } from "../lib/script.mjs";
import { peer, serve } from "../lib/servers.mjs";
import { redis, sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno")); // migrated with product_categories
const [[user]] = await sql(database, `select id from "user" limit 1`);
const flags = ["analytics", "order_editing", "product_categories", "publishable_api_keys", "sales_channels", "tax_inclusive_pricing"];
const defaults = { analytics: true, order_editing: true, product_categories: false, publishable_api_keys: true, sales_channels: true, tax_inclusive_pricing: false };
const all = (value) => Object.fromEntries(flags.map((key) => [key, value]));
const config = (featureFlags, url = database) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: url }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"], ...(featureFlags === undefined ? {} : { featureFlags }) });
const authorization = `Bearer ${signJwt({ secret: "j", user_id: user, domain: "admin" })}`;
const ask = (base, method, path, body) => send(base, { method, path, headers: { ...(path.startsWith("/admin") ? { authorization } : {}), ...(body ? { "content-type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
const get = async (base, path) => { const { status, json } = await ask(base, "GET", path); return { status, json }; };

// ---- which value counts
const shown = async (featureFlags, environment) => {
  const { output } = await command(folderWith(config(featureFlags)), ["config", "show", "--json"], { environment });
  return Object.fromEntries(JSON.parse(output).settings.filter(({ key }) => flags.includes(key.split(".")[1])).map(({ key, value }) => [key.split(".")[1], value]));
};
const variables = (value) => Object.fromEntries(flags.map((key) => [`MEDUSA_FF_${key.toUpperCase()}`, value]));
await check("defaults, where nothing is said of a flag", async () => {
  assert.deepEqual(await shown(undefined, {}), defaults);
  assert.deepEqual(await shown({}, {}), defaults);
});
await check("the environment before the file before the default, for each flag", async () => {
  assert.deepEqual(await shown(all(true), {}), all(true));
  assert.deepEqual(await shown(all(false), {}), all(false));
  assert.deepEqual(await shown(all(true), variables("false")), all(false));
  assert.deepEqual(await shown(all(false), variables("true")), all(true));
  assert.deepEqual(await shown(undefined, variables("TRUE")), all(true));
});
await check("of a text only true is true; of other values, what JavaScript takes as true; a list in a variable is", async () => {
  for (const value of ["1", "yes", "on", ""]) assert.deepEqual([await shown(all(value), {}), await shown(all(true), variables(value))], [all(false), all(false)], value);
  for (const [value, on] of [[1, true], [{ a: true }, true], [[], true], [0, false], ["True", true]]) assert.deepEqual(await shown(all(value), {}), all(on), JSON.stringify(value));
  assert.deepEqual(await shown({}, variables("a,b.c")), all(true));
  assert.deepEqual(await shown(all(null), {}), defaults);
});
await check("medusa_v2 and workflows are refused when on, by file and by environment; off they are nothing", async () => {
  for (const key of ["medusa_v2", "workflows"]) {
    assert.match(await refuses(config({ [key]: true })), new RegExp(`featureFlags\\.${key}: it turns on`));
    assert.match(await refuses(config({ [key]: false }), { environment: { [`MEDUSA_FF_${key.toUpperCase()}`]: "true" } }), new RegExp(`MEDUSA_FF_${key.toUpperCase()}: it turns on`));
    await serves(config({ [key]: true }), { environment: { [`MEDUSA_FF_${key.toUpperCase()}`]: "false" } }, async ({ base }) => assert.equal((await get(base, "/health")).status, 200));
  }
});

// ---- what they do
const listed = async (base) => Object.fromEntries((await get(base, "/admin/store")).json.store.feature_flags.map(({ key, value }) => [key, value]));
const requests = [
  ["GET", "/store/regions?limit=1"], ["GET", "/store/products?limit=1&expand=variants,variants.prices"], ["GET", "/store/product-categories"], ["GET", "/store/shipping-options"], ["POST", "/store/carts", { region_id: "reg_eu" }],
  ["GET", "/admin/store"], ["GET", "/admin/currencies"], ["GET", "/admin/orders?limit=1"], ["GET", "/admin/sales-channels?limit=1"], ["GET", "/admin/publishable-api-keys?limit=1"],
  ["GET", "/admin/analytics-configs"], ["POST", "/admin/currencies/eur", { includes_tax: true }],
];
// Types and order of members, of lists their first item: what flags change.
const shape = (value) => (Array.isArray(value) ? value.slice(0, 1).map(shape) : value && typeof value === "object" ? Object.entries(value).map(([key, item]) => [key, shape(item)]) : value === null ? null : typeof value);
const seen = async (base, request) => { const { status, json } = await ask(base, ...request); return { status, body: status === 200 ? shape(json) : undefined }; };
const has = (json, name) => JSON.stringify(json).includes(`"${name}"`);

await check("all off: without the routes, columns and members that hang on them", () => serves(config(all(false)), {}, async ({ base }) => {
  assert.deepEqual(await listed(base), { ...all(false), medusa_v2: false, workflows: false });
  for (const path of ["/admin/sales-channels", "/admin/analytics-configs"]) assert.equal((await get(base, path)).status, 404, path);
  // Of publishable_api_keys and order_editing 1.20 asks nowhere.
  assert.equal((await get(base, "/admin/publishable-api-keys")).status, 200);
  const cart = (await ask(base, "POST", "/store/carts", { region_id: "reg_eu" })).json;
  assert.ok(!has(cart, "sales_channel_id") && !has(cart, "includes_tax"));
  assert.ok(!has((await get(base, "/admin/store")).json, "default_sales_channel_id"));
  assert.ok(!has((await get(base, "/store/regions")).json, "includes_tax"));
}));
await check("by default: sales channels, and no taxes in prices", () => serves(config(), {}, async ({ base }) => {
  assert.deepEqual(await listed(base), { ...defaults, medusa_v2: false, workflows: false });
  assert.equal((await get(base, "/admin/sales-channels")).status, 200);
  assert.ok(!has((await get(base, "/store/regions")).json, "includes_tax"));
  assert.ok(has((await ask(base, "POST", "/store/carts", { region_id: "reg_eu" })).json, "sales_channel_id"));
  assert.ok(has((await get(base, "/admin/store")).json, "default_sales_channel_id"));
}));
await check("one flag by the environment changes that flag alone", () => serves(config(all(false)), { environment: { MEDUSA_FF_SALES_CHANNELS: "true" } }, async ({ base }) => {
  assert.deepEqual(await listed(base), { ...all(false), sales_channels: true, medusa_v2: false, workflows: false });
  assert.equal((await get(base, "/admin/sales-channels")).status, 200);
  assert.equal((await get(base, "/admin/analytics-configs")).status, 404);
}));

const inclusive = await copy(await template("stheno"));
await check("tax_inclusive_pricing without its migration: the start says what is missing; with it, includes_tax is in the bodies", async () => {
  const folder = folderWith(config(all(true), inclusive));
  assert.match(await refuses(undefined, { folder }), /Migrations missing .*Run `stheno migrations run`/);
  const { code, output } = await command(folder, ["migrations", "run"]);
  assert.equal(code, 0, output);
  await serves(undefined, { folder }, async ({ base }) => {
    assert.deepEqual(await listed(base), { ...all(true), medusa_v2: false, workflows: false });
    assert.ok(has((await get(base, "/store/regions")).json, "includes_tax"));
    assert.equal((await ask(base, "POST", "/admin/currencies/eur", { includes_tax: true })).json.currency.includes_tax, true);
  });
});

const { missing } = peer();
if (missing) skip("flags beside the real Medusa", missing);
else
  for (const [what, featureFlags, url] of [["all off", all(false), database], ["all on", all(true), inclusive]]) {
    const more = { modules: { eventBus: { resolve: "@medusajs/event-bus-local" }, cacheService: { resolve: "@medusajs/cache-inmemory" } } };
    const folder = folderWith({ ...config(featureFlags, url), ...more });
    const environment = { NODE_ENV: "development", REDIS_URL: "" };
    const servers = [await serve("stheno", { folder, database: url, environment }), await serve("medusa", { folder, database: url, environment, redis: await redis() })];
    for (const request of requests)
      await check(`beside the real Medusa, ${what}: ${request.slice(0, 2).join(" ")}`, async () => assert.deepEqual(await seen(servers[0].base, request), await seen(servers[1].base, request)));
    await Promise.all(servers.map((server) => server.stop()));
  }

await dropAll();
finish();
