#!/usr/bin/env node
// The dashboard with what a project (src/admin) and a plugin (enableUI) add to it, built by the real package at the start (autoRebuild),
// and served: a page of the project's own, and widgets of both.
//   node tests/single_page/extensions.mjs
// The build takes minutes, and is kept beside the test packages (tests/lib/packages.mjs) for all checkouts; needs the real Medusa.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "../lib/help.mjs";
import { shelf } from "../lib/packages.mjs";
import { temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { peer, serve } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

help(import.meta.url);
const modules = join(peer().app, "node_modules");
if (peer().missing || !existsSync(join(modules, "@medusajs", "admin", "package.json"))) {
  skip("what projects add to the dashboard", peer().missing ?? `@medusajs/admin is not installed in ${peer().app}`);
  finish();
}

const from = join(dirname(fileURLToPath(import.meta.url)), "extended");
const filesOf = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()).sort();
const hash = createHash("sha256");
for (const path of [...filesOf(from), join(modules, "@medusajs", "admin", "package.json")]) hash.update(readFileSync(path));
const kept = join(shelf(), `dashboard-${hash.digest("hex").slice(0, 16)}`);

const folder = temporaryDirectory("extended");
cpSync(from, folder, { recursive: true });
symlinkSync(modules, join(folder, "node_modules"));
// The builder looks whether these have changed.
for (const path of filesOf(join(folder, "src"))) utimesSync(path, 1_700_000_000, 1_700_000_000);
const parts = ["build", ".cache/admin-build-manifest.json"];
const known = existsSync(kept);
if (known) for (const part of parts) cpSync(join(kept, part), join(folder, part), { recursive: true });

let server;
const ended = () => server?.process.tail(400);
await check("a start builds the dashboard with what is added to it, and the next ones leave it", async () => {
  const options = { folder, database: await copy(await template("stheno")), seconds: 1500 };
  server = await serve("stheno", options);
  assert.equal(/Compiling|Webpack/.test(ended()), !known, ended());
  if (known) return;
  const unfinished = `${kept}.${process.pid}`;
  for (const part of parts) { mkdirSync(dirname(join(unfinished, part)), { recursive: true }); cpSync(join(folder, part), join(unfinished, part), { recursive: true }); }
  if (!existsSync(kept)) renameSync(unfinished, kept);
  await server.stop();
  server = await serve("stheno", options);
  assert.equal(/Compiling|Webpack/.test(ended()), false, ended());
}, { seconds: 1600 });
if (!server) finish();

const get = async (path) => { const answer = await fetch(`${server.base}${path}`); return { status: answer.status, text: await answer.text(), kept: answer.headers.get("cache-control") }; };
await check("what is served has the page and the widgets of project and plugin", async () => {
  assert.equal((await get("/app/a/orders")).status, 200);
  // Some are loaded only when a page wants them.
  const scripts = readdirSync(join(folder, "build")).filter((name) => name.endsWith(".js")).map((name) => `/app/${name}`);
  const texts = [];
  for (const path of scripts) {
    const { status, text, kept: lasting } = await get(path);
    assert.deepEqual([status, lasting], [200, "max-age=31536000, immutable"], path);
    texts.push(text);
  }
  const all = texts.join("\n");
  for (const words of ["The kiln of this shop is hot", "All kilns of this shop", "/kilns", "A plugin knows the glaze"]) assert.ok(all.includes(words), words);
});
await check("the plugin that adds to the dashboard runs in the child, whose own dashboard is not asked", async () => {
  await until(async () => (await fetch(`${server.base}/health`)).headers.get("x-stheno-plugins") === "ready", { child: server.process, describe: ended });
  assert.match((await get("/app")).text, /<div id="root">/);
  assert.match(ended(), /Plugins are ready after \d+ ms: .*shown 1\.0\.0/);
});
await server.stop();

// In a browser, where there is one.
process.env.STHENO_DASHBOARD = join(folder, "build");
const { openDashboard } = await import("../dashboard/browser.mjs");
const shop = await openDashboard("what projects add to the dashboard, in a browser");
for (const [name, path, words] of [["a project's widget", "/a/orders", "The kiln of this shop is hot"], ["a plugin's widget", "/a/products", "A plugin knows the glaze"], ["a project's page", "/a/kilns", "All kilns of this shop"]])
  await check(`a browser shows ${name}`, async () => {
    await shop.go(path);
    await shop.page.getByText(words).first().waitFor();
  });
await shop.stop();
await dropAll();
finish();
