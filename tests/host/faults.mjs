#!/usr/bin/env node
// What the host says of a project that can't be loaded, of loaders that don't end and code that ends the process; that the dashboard's
// package does nothing there, and that the pool of connections has the bound that the server sets. With the real package.
//   node tests/host/faults.mjs
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { peer } from "../lib/servers.mjs";
import { sqlSession } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { environmentOf, startHost } from "./server.mjs";
import { shop } from "./shop.mjs";

help(import.meta.url);
if (peer().missing) {
  skip("the host's faults", peer().missing);
  finish();
}
const database = await copy(await template("stheno"));
const environment = environmentOf(database, { SHOP_HEARD: join(shop(), "heard") });
{
  const host = startHost({ project: shop(), environment, mode: "migrations", action: "run" });
  await host.until("migrations", "failed");
  await host.ended;
}

// A project that can't be loaded, and the sentence that says so.
async function failure(change, given = {}) {
  const project = shop();
  change(project);
  const { ends = 1, ...variables } = typeof given === "function" ? given(project) : given;
  const other = startHost({ project, environment: { ...environment, ...variables } });
  const { message, plugin, final } = await other.until("failed", "ready");
  assert.equal(await other.ended, ends);
  return { message: message.replaceAll(project, "SHOP"), plugin, final };
}
function put(project, name, text) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}
const without_modules = (project) => { rmSync(join(project, "node_modules")); mkdirSync(join(project, "node_modules")); };
const with_medusa = (version) => (project) => {
  without_modules(project);
  mkdirSync(join(project, "node_modules/@medusajs/medusa"), { recursive: true });
  writeFileSync(join(project, "node_modules/@medusajs/medusa/package.json"), JSON.stringify({ name: "@medusajs/medusa", version }));
};
const faults = [
  ["a package that is not installed", without_modules, {}, { message: "@medusajs/medusa is not installed in SHOP, and the project's plugins and code need it. Run `npm install` there.", plugin: "@medusajs/medusa", final: true }],
  ["a package that is too old", with_medusa("1.12.3"), {}, { message: "@medusajs/medusa 1.12.3 in SHOP is older than 1.20. Install 1.20.11: `npm install @medusajs/medusa@1.20.11`.", plugin: "@medusajs/medusa", final: true }],
  ["a package of the second generation", with_medusa("2.0.1"), {}, { message: "@medusajs/medusa 2.0.1 in SHOP is of the second generation, and this server takes the place of 1.20. Install 1.20.11: `npm install @medusajs/medusa@1.20.11`.", plugin: "@medusajs/medusa", final: true }],
  ["a missing typeorm", with_medusa("1.20.11"), {}, { message: "typeorm is not installed in SHOP, and @medusajs/medusa needs it. Run `npm install typeorm@0.3.16` there.", plugin: "typeorm", final: true }],
  ["a plugin that is not installed", () => {}, { SHOP_PLUGINS: '["medusa-payment-nowhere"]' }, { message: "The plugin medusa-payment-nowhere is in medusa-config and not installed in SHOP. Run `npm install medusa-payment-nowhere` there, or take it out of medusa-config.", plugin: "medusa-payment-nowhere", final: true }],
  ["a plugin whose dependency is not installed", (project) => writeFileSync(join(project, "plugins/providers/services/purse.js"), 'require("some-bank-sdk");'), {}, { message: "some-bank-sdk is not installed in SHOP, and the plugin providers needs it. Run `npm install some-bank-sdk` there.", plugin: "providers", final: true }],
  ["a service that throws", (project) => writeFileSync(join(project, "dist/services/cart.js"), 'throw new Error("no cart today");'), {}, { message: "The project can't be loaded. The project's own code says: no cart today", plugin: null, final: false }],
  ["a configuration that throws", (project) => writeFileSync(join(project, "medusa-config.js"), 'throw new Error("no configuration");'), {}, { message: "medusa-config can't be loaded: no configuration", plugin: null, final: true }],
  ["a loader of a plugin that ends the process", (project) => put(project, "plugins/providers/loaders/ends.js", "exports.default = async () => { process.exit(7); };"), { ends: 7 }, { message: "providers/loaders/ends.js has ended the process (process.exit(7)) while the project was loaded", plugin: "providers", final: false }],
  ["a Node that is too old", (project) => put(project, "old.cjs", 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "16.20.2" } }); Object.defineProperty(process, "version", { value: "v16.20.2" });'), (project) => ({ NODE_OPTIONS: `--require "${project}/old.cjs"` }), { message: "The project's plugins and code need Node 18 or newer, and this is v16.20.2. Install a newer one, or put it first in PATH.", plugin: null, final: true }],
];
for (const [name, change, given, wanted] of faults) await check(`it says what is wrong: ${name}`, async () => assert.deepEqual(await failure(change, given), wanted));

await check("a file of middlewares that can't be loaded is told", async () => {
  const project = shop();
  writeFileSync(join(project, "dist/api/middlewares.js"), 'throw new Error("no middleware today");');
  const other = startHost({ project, environment });
  const { warnings } = await other.ready();
  assert.ok(warnings.some(({ text }) => text === "dist/api/middlewares.js can't be loaded, so what it adds is missing: no middleware today"), JSON.stringify(warnings));
  await other.end();
});

await check("loaders that have not ended are known by name, and the others are done", async () => {
  const project = shop();
  put(project, "dist/loaders/warm.js", "exports.default = () => new Promise(() => {});");
  put(project, "plugins/providers/loaders/quick.js", "exports.default = () => new Promise((done) => setTimeout(done, 50));");
  const other = startHost({ project, environment });
  const at_work = () => other.notices.filter(({ method }) => method === "at_work").map(({ names }) => [...names].sort().join());
  await until(() => at_work().includes("dist/loaders/warm.js,providers/loaders/quick.js") && at_work().at(-1) === "dist/loaders/warm.js", { seconds: 200, describe: () => `${at_work().join(" | ")}\n${other.output}` });
  await other.kill();
});
await check("code that ends the process later is named in the log", async () => {
  const project = shop();
  put(project, "dist/api/store/ends/route.js", "exports.GET = () => process.exit(9);");
  const other = startHost({ project, environment });
  await other.ready();
  await other.http("GET", "/store/ends").catch(() => {});
  assert.equal(await other.ended, 9);
  assert.match(other.output, /dist\/api\/store\/ends\/route\.js has ended the process \(process\.exit\(9\)\)/);
});
await check("the dashboard's package is loaded without a build, and builds none", async () => {
  const project = shop();
  const other = startHost({ project, environment: { ...environment, SHOP_PLUGINS: JSON.stringify([{ resolve: "@medusajs/admin", options: { autoRebuild: true } }]) } });
  const report = await other.ready();
  assert.deepEqual(report.plugins.map(({ name }) => name), ["medusa-fulfillment-manual", "medusa-payment-manual", "@medusajs/admin"]);
  assert.ok(!existsSync(join(project, "build")) && !existsSync(join(project, ".cache")));
  await other.end();
});
await check("the child never has more connections than its share, from its start to its last answer", async () => {
  const project = shop();
  // A pool forgets an idle connection before PostgreSQL has ended it, and the next one may be there before. Here none is idle so long.
  appendFileSync(join(project, "medusa-config.js"), "module.exports.projectConfig.database_extra = { idleTimeoutMillis: 600000 };\n");
  const ask = sqlSession(database);
  const open = async () => Number((await ask("select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"))[0][0]);
  await until(async () => (await open()) === 0, { seconds: 30 }); // those of the hosts before
  let most = 0, over = false;
  const watch = (async () => { while (!over) most = Math.max(most, await open()); })();
  const other = startHost({ project, environment, settings: { native_events: [], connections: 2 } });
  await other.ready();
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(Array.from({ length: 12 }, () => other.http("GET", "/store/products?limit=2")));
    for (const { status, text } of answers) assert.equal(status, 200, `${text}\n${other.output.slice(-2000)}`);
  }
  over = true;
  await watch;
  ask.stop();
  assert.equal(most, 2);
  await other.end();
});

await dropAll();
finish();
