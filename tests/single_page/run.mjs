#!/usr/bin/env node
// The dashboard of @medusajs/admin, served from its build: its page and files, how long browsers keep them, what the plugin's options
// change, what a start says where there is no build, and the build at start (autoRebuild).
//   node tests/single_page/run.mjs
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folderWith, serves } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { send } from "../lib/script.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { lay, page, script, secret } from "./build.mjs";

const database = await copy(await template("stheno"));
const config = (plugin) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual", plugin] });
const withOptions = (options) => ({ resolve: "@medusajs/admin", options });
// A server of a project with that plugin and a build; `build`: its folder, null for none.
async function shown(plugin, body, { build = "build", files = {}, args = [] } = {}) {
  const folder = folderWith(config(plugin), files);
  if (build) lay(folder, build);
  return serves(undefined, { folder, args }, async (server) => {
    const get = (path, headers = {}, method = "GET") => send(server.base, { method, path, headers });
    return body(get, { ...server, output: server.output, folder });
  });
}
const lasting = "max-age=31536000, immutable";

await check("the page is shown at /app and below it, and is asked for again each time", () => shown("@medusajs/admin", async (get) => {
  for (const path of ["/app", "/app/", "/APP", "/app/a/products/prod_1", "/app/login?from=/a", "/app/a.b", "/app/missing.6e73783d.js", "/app/%zz", "/app/public"]) {
    const { status, text, headers } = await get(path);
    assert.deepEqual([path, status, text, headers["content-type"], headers["cache-control"], headers.vary, headers["content-encoding"]], [path, 200, page, "text/html; charset=utf-8", "no-cache", "Origin, Cache-Control", undefined]);
    assert.equal((await get(path, { "if-none-match": headers.etag })).status, 304);
  }
  for (const path of ["/application", "/ap"]) assert.equal((await get(path)).status, 404, path);
  const head = await get("/app/a/orders", {}, "HEAD");
  assert.deepEqual([head.status, head.text, head.headers["content-length"]], [200, "", String(page.length)]);
  assert.match((await get("/app/a/orders", {}, "POST")).text, /Cannot POST \/app\/a\/orders/);
}));
await check("files whose names hold a hash are kept for a year; others are asked for again", () => shown("@medusajs/admin", async (get) => {
  for (const [path, type, kept] of [
    ["main.6e73783d.js", "application/javascript; charset=UTF-8", lasting], ["230.dc47245d0b0486c4fdb1.css", "text/css; charset=UTF-8", lasting], ["442f6a4cc2f03aaf41f6.ttf", "font/ttf", lasting],
    ["images/icon-plus-gray-4813505451ce489532e3.svg", "image/svg+xml", lasting], ["public/logo.svg", "image/svg+xml", "no-cache"], ["public/locales/de/translation.json", "application/json; charset=UTF-8", "no-cache"], ["index.html", "text/html; charset=UTF-8", "no-cache"],
  ]) {
    const { status, headers } = await get(`/app/${path}`);
    assert.deepEqual([path, status, headers["content-type"], headers["cache-control"], headers.vary], [path, 200, type, kept, "Origin, Cache-Control"]);
    for (const fresh of [{ "if-none-match": headers.etag }, { "if-modified-since": headers["last-modified"] }]) {
      const again = await get(`/app/${path}`, fresh);
      assert.deepEqual([again.status, again.text], [304, ""]);
    }
  }
}));
await check("HEAD, parts of files, and nothing compressed, as everywhere ahead of the API", () => shown("@medusajs/admin", async (get) => {
  const head = await get("/app/main.6e73783d.js", {}, "HEAD");
  assert.deepEqual([head.status, head.text, head.headers["content-length"], head.headers["accept-ranges"]], [200, "", String(script.length), "bytes"]);
  const part = await get("/app/main.6e73783d.js", { range: "bytes=3-8" });
  assert.deepEqual([part.status, part.text, part.headers["content-range"]], [206, script.slice(3, 9), `bytes 3-8/${script.length}`]);
  assert.equal((await get("/app/main.6e73783d.js", { range: "bytes=99999-" })).status, 416);
  const whole = await get("/app/main.6e73783d.js", { "accept-encoding": "gzip, br" });
  assert.deepEqual([whole.text, whole.headers["content-encoding"]], [script, undefined]);
}));
await check("no path leads out of the build, and hidden files stay hidden", () => shown("@medusajs/admin", async (get) => {
  for (const path of ["../secret.js", "%2e%2e/secret.js", "..%2fsecret.js", "public/../../secret.js", "..%5csecret.js", "%2fetc/passwd", ".hidden", "%2ehidden", "link.6e73783d.js", "main.6e73783d.js%00", "//secret.js"]) {
    const { status, text } = await get(`/app/${path}`);
    assert.ok(!text.includes(secret) && !text.includes("root:"), path);
    assert.ok(status === 200 ? text === page : status === 404 || status === 400, `${path}: ${status} ${text.slice(0, 100)}`);
  }
}));
await check("path, outDir and serve", async () => {
  await shown(withOptions({ path: "/panel/of-gorgons", outDir: "dist/panel" }), async (get) => {
    assert.deepEqual([(await get("/panel/of-gorgons/orders")).text, (await get("/app")).status, (await get("/panel")).status], [page, 404, 404]);
  }, { build: "dist/panel" });
  await shown(withOptions({ path: "/" }), async (get) => {
    assert.equal((await get("/")).text, page);
    assert.equal((await get("/main.6e73783d.js")).headers["cache-control"], lasting);
    assert.ok((await get("/store/regions")).json.regions);
    for (const path of ["/orders", "/admin/orders", "/store/index.html"]) assert.notEqual((await get(path)).status, 200, path);
  });
  for (const build of ["build", null]) await shown(withOptions({ serve: false }), async (get, server) => {
    assert.deepEqual([(await get("/app")).text, (await get("/app/main.6e73783d.js")).status, (await get("/app/orders")).status], ["Admin not enabled", 404, 404]);
    assert.doesNotMatch(server.output(), /dashboard/);
  }, { build });
});
await check("without a build the shop starts, and says which command makes it; once that has run, it is there", () => shown("@medusajs/admin", async (get, server) => {
  assert.match(server.output(), /plugins: the dashboard is not built, so that there is nothing at \/app \(.*build\); `npx medusa-admin build` in the project's folder builds it/);
  assert.equal((await get("/app")).status, 404);
  assert.ok((await get("/store/regions")).json.regions);
  lay(server.folder);
  assert.equal((await get("/app/orders")).text, page);
  rmSync(join(server.folder, "build"), { recursive: true });
  assert.equal((await get("/app/orders")).status, 404);
}, { build: null }));
await check("a build that was made for something else is named", async () => {
  const manifest = (options) => ({ ".cache/admin-build-manifest.json": JSON.stringify({ options }) });
  const says = (options, built) => { let text; return shown(withOptions(options), (_, server) => { text = server.output(); }, { files: manifest(built) }).then(() => text); };
  assert.match(await says({ path: "/panel" }, { outDir: "build", path: "/app", backend: "/" }), /the dashboard was built for the path \/app, and stands at \/panel; `npx medusa-admin build`/);
  assert.match(await says({ backend: "https://api.shop.test" }, { outDir: "build", path: "/app", backend: "/" }), /was built for the backend \/; .* for https:\/\/api\.shop\.test/);
  assert.match(await says({}, { outDir: "build", path: "/app", backend: "/", deployment: true }), /was built to be served elsewhere/);
  for (const good of [{ outDir: "build", path: "/app", backend: "/" }, null, "text"]) assert.doesNotMatch(await says({}, good), /dashboard/);
});

// ---- autoRebuild: a package whose builder writes down that it ran.
const builder = (body) => ({ "node_modules/@medusajs/admin/package.json": '{"name": "@medusajs/admin", "version": "7.1.18"}', "node_modules/@medusajs/admin/setup/index.js": `const fs = require("fs");\nexports.default = async () => { ${body} };\n` });
await check("autoRebuild: the package's own builder runs ahead of the start, and its progress is in the log", () => shown(withOptions({ autoRebuild: true }), async (get, server) => {
  assert.equal((await get("/app/orders")).text, "built anew");
  assert.equal(readFileSync(join(server.folder, "ran"), "utf8"), server.folder);
  for (const text of ["The dashboard's build: half of it", "The dashboard's build: and a warning"]) assert.equal(server.lines(text).length, 1, server.output());
  assert.doesNotMatch(server.output(), /not built/);
}, { build: null, files: builder('console.log("\\x1b[32mhalf of it\\x1b[0m\\n"); console.error("and a warning"); await new Promise((done) => setTimeout(done, 50)); fs.mkdirSync("build"); fs.writeFileSync("build/index.html", "built anew"); fs.writeFileSync("ran", process.cwd());') }));
await check("autoRebuild: a build that fails is told, and the shop starts", async () => {
  for (const [files, why] of [[builder('throw new Error("no memory");'), "no memory"], [{}, "Cannot find module '@medusajs/admin/setup'"]])
    await shown(withOptions({ autoRebuild: true }), async (get, server) => {
      assert.ok(server.lines(why).length > 0, server.output());
      assert.equal(server.lines("The dashboard could not be built").length, 1);
      assert.equal((await get("/app")).text, page);
    }, { files });
});
await check("autoRebuild: nothing is built where the dashboard isn't served, and nothing is looked for without it", async () => {
  for (const options of [{ autoRebuild: true, serve: false }, { autoRebuild: false }])
    await shown(withOptions(options), (_, server) => assert.doesNotMatch(server.output(), /build/i), { files: builder('console.log("ran");') });
});

await dropAll();
finish();
