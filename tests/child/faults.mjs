#!/usr/bin/env node
// What goes wrong in the process that a project's plugins run in, and what a deployment may do ahead: loaders that hang, code that ends
// the process or takes all of its memory, kills while requests are under way, what is served before anybody knows who answers what.
//   node tests/child/faults.mjs
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { execute } from "../lib/servers.mjs";
import { dropAll } from "../lib/shop.mjs";
import { alive, database, json, of, projectWithPlugin, ready, send, stateOf, withChild } from "./shop.mjs";

help(import.meta.url);

const ended = (script, environment = {}) => {
  const { code, out, err } = execute("stheno", ["start", "--port", "0"], { folder: projectWithPlugin(), database, environment: { ...of(script), ...environment } });
  return { code, said: out + err };
};
const append = (folder, text) => writeFileSync(join(folder, "medusa-config.js"), `${readFileSync(join(folder, "medusa-config.js"), "utf8")}\n${text}\n`);
const pid = async (base) => (await json(base, "/child/pid")).pid;
const routes = [{ method: "GET", path: "/store/regions/:id", why: "a test" }];

await check("a loader that does not end is named, and after three attempts the start ends", () => {
  const { code, said } = ended({ hangs: true, at_work: ["dist/loaders/warm.js", "a-plugin/loaders/index.js"] }, { STHENO_PLUGINS_LOAD_TIME: "1" });
  assert.equal(code, 1, said);
  assert.equal(said.match(/not ready after 1 s \(STHENO_PLUGINS_LOAD_TIME\), and is ended; what had not ended is dist\/loaders\/warm\.js, a-plugin\/loaders\/index\.js/g)?.length, 3, said);
});
await check("code that ends the process while it is loaded ends the start after three attempts, whatever its status", () => {
  for (const status of [0, 3]) {
    const { code, said } = ended({ ends_while_loading: status });
    assert.equal(code, 1, said);
    assert.equal(said.match(new RegExp(`The plugins' process has ended: its status is ${status}`, "g"))?.length, 3, said);
  }
});
await check("a plugin that takes all of the memory loses its own requests, and is started again", () => withChild({}, async (server) => {
  const first = await pid(server.base);
  const eating = send(server.base, { path: "/child/eat" });
  assert.equal((await send(server.base, { path: "/store/regions" })).status, 200);
  assert.equal((await eating).status, 503);
  await ready(server);
  assert.notEqual(await pid(server.base), first);
  // On a slow machine Node collects garbage for so long before it gives up that the supervisor takes it for hung.
  assert.match(server.process.tail(400), /it was killed by signal 6; Node ends so when its heap is full|does not answer any more; it is ended/);
}, { environment: { NODE_OPTIONS: "--max-old-space-size=48" } }));

await check("a kill while many requests are under way fails those of the child alone, and it is back at once, also after the third", () => withChild({ routes }, async (server) => {
  for (let kill = 0; kill < 3; kill++) {
    const first = await pid(server.base);
    const waiting = Array.from({ length: 8 }, () => send(server.base, { path: "/child/silent" }));
    const native = Array.from({ length: 8 }, () => send(server.base, { path: "/store/regions" }));
    await send(server.base, { path: "/child/echo" }); // those before it have arrived
    const began = performance.now();
    process.kill(first, "SIGKILL");
    const after = Array.from({ length: 8 }, () => send(server.base, { path: "/store/products?limit=1" }));
    assert.deepEqual((await Promise.all(waiting)).map(({ status }) => status), Array(8).fill(503));
    assert.deepEqual((await Promise.all([...native, ...after])).map(({ status }) => status), Array(16).fill(200));
    await until(async () => (await send(server.base, { path: "/child/echo" })).status === 200, { describe: () => server.process.tail(20) });
    assert.ok(performance.now() - began < 10_000, `${performance.now() - began} ms`);
    assert.notEqual(await pid(server.base), first);
  }
  assert.match(server.process.tail(400), /it was killed by signal 9; the system ends so what takes too much of its memory/);
}));
await check("a child takes what those before it have left, but not after one that did not come up", async () => {
  const folder = projectWithPlugin();
  await withChild({ starts_in: join(folder, "starts"), ends_at: 2 }, async (server) => {
    const kept = async () => (await json(server.base, "/child/settings")).kept;
    const killed = async () => {
      process.kill(await pid(server.base), "SIGKILL");
      await until(async () => (await send(server.base, { path: "/child/echo" })).status === 200, { describe: () => server.process.tail(20) });
    };
    const first = await kept();
    assert.deepEqual({ ...first, run: "" }, { folder: join(realpathSync(folder), ".stheno"), run: "", read: true });
    await killed(); // the second ends while it is loaded
    assert.deepEqual(await kept(), { ...first, read: false });
    await killed();
    assert.deepEqual(await kept(), first);
  }, { folder });
});
await check("no child outlives a server that is killed, also one that hears nothing", async () => {
  let last;
  await withChild({}, async (server) => {
    last = await pid(server.base);
    void send(server.base, { path: "/child/spin" }).catch(() => {});
    assert.equal((await send(server.base, { path: "/store/regions" })).status, 200);
    server.process.child.kill("SIGKILL");
    await server.process.exit;
  });
  await until(() => !alive(last), { seconds: 10, describe: () => "an orphan" });
});

await check("on the first start of a project its dashboard and /health are there before anybody knows who answers what", async () => {
  const folder = projectWithPlugin();
  append(folder, 'module.exports.plugins.push("@medusajs/admin");');
  mkdirSync(join(folder, "build"), { recursive: true });
  writeFileSync(join(folder, "build", "index.html"), "the dashboard");
  await withChild({ late: true, delay: 2000 }, async (server) => {
    const of_path = async (path) => { const { status, body } = await send(server.base, { path }); return [status, String(body)]; };
    assert.deepEqual([await of_path("/health"), await of_path("/app/orders")], [[200, "OK"], [200, "the dashboard"]]);
    assert.equal((await send(server.base, { path: "/store/regions" })).status, 503);
    assert.equal(await stateOf(server), "loading");
  }, { folder });
});
await check("`stheno routes --plugins` asks a project that has not been started, and the first start then knows", async () => {
  const folder = projectWithPlugin();
  const script = { routes, delay: 1000, late: true };
  const { code, out, err } = execute("stheno", ["routes", "--plugins"], { folder, database, environment: of(script) });
  assert.equal(code, 0, err);
  const lines = out.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
  assert.ok(lines.includes("GET /store/regions/:region_id plugins: a test") && lines.includes("GET /store/regions this server"), lines.filter((line) => line.includes("/store/regions")).join("\n"));
  assert.equal(lines.filter((line) => /stand-in|"level"/.test(line)).length, 0, "the log is no part of it");
  // What differs at each start means nothing.
  await withChild(script, async ({ base }) => {
    assert.equal((await send(base, { path: "/store/regions" })).status, 200);
    assert.equal((await send(base, { path: "/store/regions/reg_x" })).status, 503);
  }, { folder, environment: { INVOCATION_ID: "7", HOSTNAME: "another", npm_command: "start", SHLVL: "9" } });
  await withChild(script, async ({ base }) => assert.equal((await send(base, { path: "/store/regions" })).status, 503, "another environment, another report"), { folder, environment: { SHOP_WISH: "1" } });
  const failed = execute("stheno", ["routes", "--plugins"], { folder: projectWithPlugin(), database, environment: of({ fail: "The plugin a-plugin wants an api_key" }) });
  assert.equal(failed.code, 1);
  assert.match(failed.err, /The plugin a-plugin wants an api_key/);
});
await check("columns that a project adds are shown here, relations by the plugins", () => {
  const column = { property: "glaze", column: "glaze", type: "text", nullable: true, select: true };
  const entities = { extended: [{ name: "Region", columns: [column], relations: [], listeners: [] }, { name: "Product", columns: [], relations: [{ property: "maker" }], listeners: [] }] };
  const script = { entities, routes: [{ method: "GET", path: "/admin/regions", why: "dist/models/region.js extends Region", entities: ["Region"] }, { method: "GET", path: "/admin/products", why: "dist/models/product.js extends Product by maker, which other tables hold", entities: ["Product"] }] };
  const { out } = execute("stheno", ["routes", "--plugins"], { folder: projectWithPlugin(), database, environment: of(script) });
  const lines = out.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
  assert.ok(lines.includes("GET /admin/regions this server"), out);
  assert.ok(lines.includes("GET /admin/products plugins: dist/models/product.js extends Product by maker, which other tables hold"), out);
});
await check("the child's connections are a share of database_extra.max", async () => {
  // Behind PgBouncer in session mode nobody has more than its ten, unless the project says so.
  const alone = process.env.STHENO_TEST_POOLER === "session" ? 3 : undefined;
  for (const [max, share, module] of [[undefined, alone], [12, 4], [3, 2], [3, 3, "a-plugin"]]) {
    const folder = projectWithPlugin();
    if (module) append(folder, `module.exports.modules = { ...module.exports.modules, pricingService: { resolve: "${module}" } };`);
    if (max) append(folder, `module.exports.projectConfig.database_extra = { ...module.exports.projectConfig.database_extra, max: ${max} };`);
    await withChild({}, async ({ base }) => assert.equal((await json(base, "/child/settings")).settings.connections, share), { folder });
  }
});

await dropAll();
finish();
