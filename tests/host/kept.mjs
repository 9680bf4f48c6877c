#!/usr/bin/env node
// What a start of the host leaves for the next one: that it is taken where it holds and only there, that a child without it is the same,
// and that nothing is collected about the shop. With the real package.
//   node tests/host/kept.mjs
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import { help } from "../lib/help.mjs";
import { temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { peer } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { environmentOf, startHost } from "./server.mjs";
import { shop } from "./shop.mjs";

help(import.meta.url);
if (peer().missing) {
  skip("what a start of the host leaves", peer().missing);
  finish();
}
if (!/^v2[0-2]\./.test(process.version)) {
  skip("what a start of the host leaves", `nothing is kept with Node ${process.version}: only 20 to 22 were tried`);
  finish();
}
const database = await copy(await template("stheno"));
const project = shop();
const home = temporaryDirectory("home");
const { MEDUSA_DISABLE_TELEMETRY: _, ...environment } = environmentOf(database, { SHOP_HEARD: join(project, "heard"), HOME: home, XDG_CONFIG_HOME: home });
{
  const host = startHost({ project, environment, mode: "migrations", action: "run" });
  await host.until("migrations", "failed");
  await host.ended;
}
const folder = join(project, ".stheno");
const code = join(folder, "plugins.code"), places = join(folder, "plugins.places");
const route = join(project, "dist/api/store/word/route.js");
const text_of = (word) => `const { two } = require("./two");\nexports.GET = ((word) => (request, response) => response.json({ word, two }))("${word}");\n`;
mkdirSync(join(route, ".."), { recursive: true });
writeFileSync(route, text_of("brown"));
writeFileSync(join(route, "../two.js"), "exports.two = 2;\n");
writeFileSync(join(route, "../three.js"), "exports.two = 3;\n");

// A start in which something is kept, what it answers, and its report without figures.
async function answers(given = {}, more = {}) {
  const host = startHost({ project, environment: { ...environment, ...more.environment }, kept: { folder, run: "run_1", read: true, ...given } });
  const { memory: _of, ...report } = await host.ready();
  const said = (await host.http("GET", "/store/word")).json;
  await more.then?.(host);
  await host.kill();
  return { said, report };
}
const long = { seconds: 1200 }; // some starts of Medusa on a busy machine
const written = (file) => until(() => existsSync(file), { seconds: 120 });
const change = (file, by) => writeFileSync(file, by(readFileSync(file)));

let first;
await check("a start without anything kept leaves it for the next, in files of its user", async () => {
  first = await answers({}, { then: () => written(code) });
  assert.deepEqual(first.said, { word: "brown", two: 2 });
  assert.equal(statSync(code).mode & 0o077, 0);
  assert.deepEqual(readdirSync(folder).sort(), ["plugins.code", "plugins.places"]);
}, long);
await check("the next answers and reports the same, and leaves the files as they are", async () => {
  const before = statSync(code).mtimeMs;
  assert.deepEqual(await answers(), first);
  assert.equal(statSync(code).mtimeMs, before);
}, long);
await check("a file that has changed is compiled anew, also where its length has not", async () => {
  writeFileSync(route, text_of("green"));
  assert.equal((await answers()).said.word, "green");
  writeFileSync(route, text_of("brown"));
}, long);

// What is kept, opened and closed again with a change.
function change_code(file, by) {
  const bytes = readFileSync(code), end = bytes.length - 28;
  const from = end - 8 - Number(bytes.toString("latin1", end - 8, end));
  const list = JSON.parse(bytes.toString("utf8", from, end - 8));
  const entry = list.files.find(([path]) => path === file);
  assert.ok(entry, `${file} is not kept`);
  const data = by(entry);
  entry[1] = from, entry[2] = data.length;
  const text = Buffer.from(JSON.stringify(list));
  const all = Buffer.concat([bytes.subarray(0, from), data, text, Buffer.from(String(text.length).padStart(8, "0"))]);
  writeFileSync(code, Buffer.concat([all, Buffer.from(createHash("sha1").update(all).digest("base64"))]));
}
const { wrap } = createRequire(import.meta.url)("node:module");
await check("what is compiled is taken, of which the next start is a proof", async () => {
  const good = readFileSync(code);
  change_code(route, () => {
    const script = new vm.Script(wrap(text_of("black")), { filename: route });
    script.runInThisContext()({}, () => ({}), {});
    return script.createCachedData();
  });
  assert.equal((await answers()).said.word, "black", "compiled again");
  assert.equal((await answers({ read: false })).said.word, "brown", "a start that is told to take nothing");
  writeFileSync(code, good);
}, long);
const to_three = (bytes) => {
  const kept = JSON.parse(bytes);
  const of_folder = kept.places[join(route, "..")];
  assert.equal(of_folder["./two"], join(route, "../two.js"));
  of_folder["./two"] = join(route, "../three.js");
  return JSON.stringify(kept);
};
await check("where a require led holds for one run of the server, and until something is installed", async () => {
  change(places, to_three);
  assert.equal((await answers({ read: false })).said.two, 2);
  change(places, to_three);
  assert.equal((await answers()).said.two, 3, "not taken");
  assert.equal((await answers({ run: "run_2" })).said.two, 2, "of another run");
  await answers({ run: "run_1" }, { then: () => until(() => readFileSync(places, "utf8").includes("run_1"), { seconds: 60 }) });
  change(places, to_three);
  utimesSync(join(project, "package.json"), new Date(), new Date());
  assert.equal((await answers()).said.two, 2, "of what was installed before");
}, long);
await check("files that are cut off, overwritten or not to be written do no harm", async () => {
  const good = readFileSync(code);
  for (const spoil of [() => truncateSync(code, good.length - 1000), () => change(code, (bytes) => { bytes[bytes.length >> 1] ^= 1; return bytes; }), () => { writeFileSync(code, ""); writeFileSync(places, "{"); }]) {
    writeFileSync(code, good);
    spoil();
    assert.deepEqual(await answers(), first);
  }
  const blocked = join(temporaryDirectory("blocked"), "file");
  writeFileSync(blocked, "");
  assert.deepEqual(await answers({ folder: blocked }), first);
}, long);
await check("nothing is kept where something is preloaded, which may compile by itself", async () => {
  const preload = join(temporaryDirectory("preload"), "preload.cjs"), empty = join(temporaryDirectory("empty"), "kept");
  writeFileSync(preload, "");
  mkdirSync(empty);
  await answers({ folder: empty }, { environment: { NODE_OPTIONS: `--require ${preload}` }, then: () => new Promise((done) => setTimeout(done, 500)) });
  assert.deepEqual(readdirSync(empty), []);
  await answers({ folder: empty }, { environment: { NODE_OPTIONS: "--max-old-space-size=1024" }, then: () => written(join(empty, "plugins.places")) });
}, long);
await check("nothing is collected about the shop, whatever is set", () => assert.deepEqual(readdirSync(home), []));

await dropAll();
finish();
