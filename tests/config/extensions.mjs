#!/usr/bin/env node
// plugins and modules: which packages the server stands in for, where others are looked for, how entries may be written.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { temporaryDirectory } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { newRedis, postgres, sql } from "../lib/services.mjs";

const database = await copy(await template("stheno"));
const redis = await newRedis();
const manual = ["medusa-payment-manual", "medusa-fulfillment-manual"];
const config = (rest, more = {}) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...more }, ...rest });
const installed = async (table) => (await sql(database, `select id from ${table} where is_installed order by id`)).flat();
const says = async (rest, options, body = () => {}) => { let text; await serves(config(rest), options, async (server) => { await body(server); text = server.output(); }); return text; };
const aPackage = (name) => ({ [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0" }) });

// ---- plugins
await check("plugins: names and objects; what they provide is installed, and nothing else", async () => {
  for (const [plugins, payment, fulfillment] of [
    [manual, ["manual"], ["manual"]],
    [manual.map((resolve) => ({ resolve })), ["manual"], ["manual"]],
    [[{ resolve: manual[0], options: { any: 1 } }, { resolve: manual[1], options: undefined }], ["manual"], ["manual"]],
    [[manual[1]], [], ["manual"]],
    [[], [], []],
    [undefined, [], []],
    [[...manual, ...manual], ["manual"], ["manual"]],
  ])
    await says({ plugins }, {}, async () => {
      assert.deepEqual([await installed("payment_provider"), await installed("fulfillment_provider")], [payment, fulfillment], JSON.stringify(plugins));
    });
});
await check("plugins: those that the server stands in for need not be installed", async () => {
  const output = await says({ plugins: [...manual, { resolve: "@medusajs/file-local", options: { upload_dir: "uploads", backend_url: "http://localhost:9000" } }, "@medusajs/admin"] });
  assert.doesNotMatch(output, /plugins\[\d\]/);
});
await check("plugins: the options of @medusajs/admin, each by its place", async () => {
  const admin = (options) => config({ plugins: [{ resolve: "@medusajs/admin", options }] });
  const output = await refuses(admin({ serve: "false", path: 7, outDir: true, backend: [], autoRebuild: "yes", develop: "open" }));
  for (const [name, found, accepts] of [["serve", "a text", "true or false"], ["path", "a number", "a text"], ["outDir", "true", "a text"], ["backend", "a list", "a text"], ["autoRebuild", "a text", "true or false"], ["develop", "a text", "an object"]])
    assert.ok(output.includes(`plugins[0].options.${name} is ${found}; it accepts ${accepts}`), `${name}\n${output}`);
  for (const path of ["app", "/app/", "//app", "/app/:id", "/a*", "/a b"]) assert.match(await refuses(admin({ path })), /plugins\[0\]\.options\.path is ".*"; it accepts a path that begins with a slash and doesn't end with one/, path);
  for (const path of ["/admin", "/Store", "/health"]) assert.match(await refuses(admin({ path })), /it accepts a path on which the API doesn't stand/, path);
  const all = { serve: true, path: "/dash/board", outDir: "out", backend: "/", autoRebuild: false, develop: { open: false, port: 7002 } };
  assert.match(await says({ plugins: [{ resolve: "@medusajs/admin", options: { ...all, buildDir: "x" } }] }), /plugins\[0\]\.options\.buildDir is without effect/);
  await says({ plugins: [{ resolve: "@medusajs/admin", options: { serve: undefined, path: null, backend: undefined } }] });
});
await check("plugins: a package that is not there, in 1.20's words", async () => {
  for (const plugins of [["medusa-payment-stripe"], [{ resolve: "medusa-payment-stripe", options: { api_key: "topsecret" } }]]) {
    const output = await refuses(config({ plugins }));
    assert.match(output, /plugins\[0\]: Unable to find plugin "medusa-payment-stripe"\. Perhaps you need to install its package\?/);
    assert.ok(!output.includes("topsecret"));
  }
});
await check("plugins: one that is JavaScript needs the package that it runs in", async () => {
  const files = aPackage("medusa-payment-stripe");
  const plugins = [...manual, { resolve: "medusa-payment-stripe", options: { api_key: "topsecret" } }];
  const output = await refuses(config({ plugins }), { files });
  assert.match(output, /plugins\[2\] names medusa-payment-stripe, which runs in the project's own Medusa, and the package @medusajs\/medusa is not installed: run `npm install`/);
  // An option of earlier days, when such plugins could be left out.
  const args = ["--ignore-unsupported-plugins"];
  assert.match(await says({ plugins: manual }, { args }), /--ignore-unsupported-plugins is without effect: plugins, modules and the project's own code run in the project's own Medusa/);
  assert.match(await refuses(config({ plugins }), { files, args }), /plugins\[2\] names medusa-payment-stripe/);
});
await check("plugins: looked for above the project, by a path, and in the project's own folder first", async () => {
  const above = temporaryDirectory("workspace");
  mkdirSync(join(above, "node_modules", "hoisted"), { recursive: true });
  writeFileSync(join(above, "node_modules", "hoisted", "package.json"), "{}");
  const shop = join(above, "packages", "shop");
  mkdirSync(shop, { recursive: true });
  writeFileSync(join(shop, "package.json"), "{}");
  writeFileSync(join(shop, "medusa-config.js"), `module.exports = ${JSON.stringify(config({ plugins: ["hoisted", "not-hoisted"] }))}`);
  const output = await refuses(undefined, { folder: shop });
  assert.match(output, /plugins\[0\] names hoisted, which runs in the project's own Medusa/);
  assert.match(output, /plugins\[1\]: Unable to find plugin "not-hoisted"/);
  assert.match(await refuses(config({ plugins: [join(above, "node_modules", "hoisted")] })), /plugins\[0\] names .*hoisted, which runs in the project's own Medusa/);
  // The project's own plugin of a native name is not the native one.
  const own = { "plugins/medusa-payment-manual/package.json": "{}" };
  assert.match(await refuses(config({ plugins: manual }), { files: own }), /plugins\[0\] names medusa-payment-manual, which runs in the project's own Medusa/);
  assert.match(await refuses(config({ plugins: ["mine"] }), { files: { "plugins/mine/index.js": "" } }), /plugins\[0\]: Plugin mine requires a package\.json file/);
  // A file of that name in the project hides the folder, as in 1.20.
  assert.match(await refuses(config({ plugins: ["mine"] }), { files: { mine: "", "plugins/mine/package.json": "{}" } }), /Unable to find plugin "mine"/);
});
await check("plugins: wrong types are refused, each by its place", async () => {
  const output = await refuses(config({ plugins: [7, { options: {} }, "", null, "medusa-payment-manual"] }));
  for (const [index, found] of [[0, "a number"], [1, "an object"], [2, "an empty text"], [3, "null"]]) assert.ok(output.includes(`plugins[${index}] is ${found}; it accepts a package name, or an object with \`resolve\``), output);
  assert.match(await refuses(config({ plugins: "medusa-payment-manual" })), /plugins is .*; it accepts a list/);
});
await check("the project's own code needs the package that it runs in", async () => {
  const files = { "dist/services/gift.js": "", "dist/api/store/custom/route.js": "", "dist/api/README.md": "", "dist/loaders/README.md": "", "dist/types/index.d.ts": "" };
  assert.match(await refuses(config({ plugins: manual }), { files }), /dist holds code of the project, which runs in the project's own Medusa, and the package @medusajs\/medusa is not installed/);
  assert.doesNotMatch(await says({ plugins: manual }, { files: { "dist/api/README.md": "" } }), /holds code/);
});

// ---- modules
const redisBus = { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis.url } };
const redisCache = { resolve: "@medusajs/cache-redis", options: { redisUrl: redis.url } };
// Which modules count is seen by the tables that they bring.
async function tables(modules, options) {
  const url = await (await postgres()).create("config_modules");
  try {
    const done = await command(folderWith(config({ modules }, { database_url: url }), options?.files), ["migrations", "run"]);
    assert.equal(done.code, 0, done.output);
    return (await sql(url, "select table_name from information_schema.tables where table_name in ('inventory_item', 'stock_location') order by 1")).flat();
  } finally { await (await postgres()).drop("config_modules"); }
}
const both = ["inventory_item", "stock_location"];
await check("modules: true, a package's name and an object are the module; false, null and nothing are none", async () => {
  for (const [inventoryService, stockLocationService, expected] of [
    [true, true, both],
    ["@medusajs/inventory", "@medusajs/stock-location", both],
    [{ resolve: "@medusajs/inventory" }, { resolve: "@medusajs/stock-location", options: {}, resources: "shared", alias: "places", main: true }, both],
    [{}, { options: {} }, both],
    [false, null, []],
    [undefined, undefined, []],
    [true, false, ["inventory_item"]],
  ]) assert.deepEqual(await tables({ inventoryService, stockLocationService }), expected, JSON.stringify({ inventoryService, stockLocationService }));
});
await check("modules: event bus and cache in each form", async () => {
  for (const modules of [{ eventBus: true, cacheService: true }, { eventBus: "@medusajs/event-bus-local", cacheService: "@medusajs/cache-inmemory" }, { eventBus: { resolve: "@medusajs/event-bus-local" }, cacheService: { resolve: "@medusajs/cache-inmemory", options: { ttl: "30" } } }, { eventBus: redisBus, cacheService: { ...redisCache, options: { ...redisCache.options, ttl: 30, namespace: "shop", redisOptions: { connectionName: "cache" } } } }])
    await says({ modules });
});
await check("modules: what is required and missing, in 1.20's words", async () => {
  for (const eventBus of ["@medusajs/event-bus-redis", { resolve: "@medusajs/event-bus-redis" }, { resolve: "@medusajs/event-bus-redis", options: { redisUrl: "" } }])
    assert.match(await refuses(config({ modules: { eventBus } })), /modules\.eventBus\.options\.redisUrl: No `redis_url` provided in project config\. It is required for the Redis Event Bus\./);
  for (const cacheService of ["@medusajs/cache-redis", { resolve: "@medusajs/cache-redis", options: { ttl: 3 } }])
    assert.match(await refuses(config({ modules: { cacheService } })), /modules\.cacheService\.options\.redisUrl: No `redisUrl` provided in `cacheService` module options\. It is required for the Redis Cache Module\./);
});
await check("modules: resources", async () => {
  const inventory = (rest) => ({ modules: { inventoryService: { resolve: "@medusajs/inventory", ...rest } } });
  assert.match(await refuses(config(inventory({ resources: "isolated" }))), /modules\.inventoryService: Database config is not present at module config "options\.database"/);
  const elsewhere = inventory({ resources: "isolated", options: { database: { type: "postgres", url: "postgres://elsewhere/x" } } });
  assert.match(await refuses(config(elsewhere)), /modules\.inventoryService: Cannot find module '@medusajs\/inventory', and only it knows tables in another database/);
  assert.match(await refuses(config(elsewhere), { files: aPackage("@medusajs/inventory") }), /modules\.inventoryService names @medusajs\/inventory, which runs in the project's own Medusa/);
  assert.deepEqual(await tables({ inventoryService: { resolve: "@medusajs/inventory", resources: "shared" } }), ["inventory_item"]);
  assert.match(await refuses(config(inventory({ resources: "mine" }))), /modules\.inventoryService\.resources is a text; it accepts "shared" or "isolated"/);
  assert.match(await refuses(config(inventory({ scope: "external" }))), /External Modules are not supported yet\./);
});
await check("modules: wrong types, unknown keys, packages at the wrong place", async () => {
  const output = await refuses(config({ modules: { eventBus: 7, cacheService: { resolve: 3, options: "x", alias: [], main: "yes" }, cash: true, inventoryService: "@medusajs/cache-inmemory" } }));
  for (const sentence of [
    "modules.eventBus is a number; it accepts true, false, a package name, or an object with `resolve` and `options`",
    "modules.cacheService.resolve is a number; it accepts a package name", "modules.cacheService.options is a text; it accepts an object",
    "modules.cacheService.alias is a list; it accepts a text", "modules.cacheService.main is a text; it accepts true or false",
    "modules.cash is no module of 1.20; the keys are eventBus,", "modules.inventoryService names @medusajs/cache-inmemory, which is for modules.cacheService",
  ]) assert.ok(output.includes(sentence), `${sentence}\n${output}`);
  const options = await refuses(config({ modules: { eventBus: { ...redisBus, options: { redisUrl: 3, queueName: {}, redisOptions: { db: "x" } } }, cacheService: { ...redisCache, options: { redisUrl: redis.url, ttl: -1, namespace: 7 } } } }));
  for (const sentence of ["eventBus.options.redisUrl is a number; it accepts a text", "eventBus.options.queueName is an object; it accepts a text", "eventBus.options.redisOptions.db has a value of another kind", "cacheService.options.ttl is a number; it accepts a whole number from 0", "cacheService.options.namespace is a number; it accepts a text"]) assert.ok(options.includes(sentence), `${sentence}\n${options}`);
  assert.match(await refuses(config({ modules: [] })), /modules is .*; it accepts an object/);
});
await check("modules: packages that are JavaScript, and those that are not there", async () => {
  const modules = { cacheService: { resolve: "cache-of-mine", options: {} } };
  assert.match(await refuses(config({ modules })), /modules\.cacheService: Cannot find module 'cache-of-mine'/);
  assert.match(await refuses(config({ modules }), { files: aPackage("cache-of-mine") }), /modules\.cacheService names cache-of-mine, which runs in the project's own Medusa/);
  assert.match(await refuses(config({ modules: { productService: true } }), { files: aPackage("@medusajs/product") }), /modules\.productService names @medusajs\/product, which runs in the project's own Medusa/);
});

await redis.stop();
await dropAll();
finish();
