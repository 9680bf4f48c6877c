#!/usr/bin/env node
// What plugins cost: a native request of a project with six plugins beside one without any, a request that a plugin answers beside the
// real Medusa's own answer, a provider's call, the memory, and what a child that is killed again and again loses.
//   node tests/proof/plugins.mjs [--kills N]     100 by default, of which each takes as long as Medusa takes to start
// Needs the real Medusa (PEER_HOME). The servers are measured in turns, and medians are told; a busy machine shows in both alike.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { help } from "../lib/help.mjs";
import { pause, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { peer, projectFolder, serve } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";

help(import.meta.url);
const { values: { kills: wanted } } = parseArgs({ options: { kills: { type: "string", default: "100" } } });
const kills = Number(wanted);
if (peer().missing) { skip("what plugins cost", peer().missing); finish(); }

const plugins = ["one", "two", "three", "four", "five", "six"];
const heard = join(temporaryDirectory("heard"), "heard");

// A project with six plugins of the usual kinds.
function projectWithPlugins() {
  const folder = projectFolder();
  symlinkSync(join(peer().app, "node_modules"), join(folder, "node_modules"));
  const config = join(folder, "medusa-config.js");
  writeFileSync(config, `${readFileSync(config, "utf8")}\nmodule.exports.plugins.push(${plugins.map((name) => JSON.stringify(name)).join(", ")});\n`);
  const put = (name, text) => { mkdirSync(join(folder, "plugins", name, ".."), { recursive: true }); writeFileSync(join(folder, "plugins", name), text); };
  for (const name of plugins) put(`${name}/package.json`, JSON.stringify({ name, version: "1.0.0" }));
  for (const name of plugins.slice(0, 3))
    put(`${name}/api/index.js`, `const { Router } = require("express"); exports.default = () => { const router = Router(); router.get("/store/${name}", (request, response) => response.json({ of: "${name}", text: "x".repeat(2000) })); return router; };`);
  put("four/subscribers/hears.js", `class Hears { constructor({ eventBusService }) { eventBusService.subscribe("proof.staged", async (data) => require("node:fs").appendFileSync(${JSON.stringify(heard)}, data.number + "\\n")); } } exports.default = Hears;`);
  put("five/services/of-five.js", `const { AbstractPaymentProcessor } = require("@medusajs/medusa"); class OfFive extends AbstractPaymentProcessor { async getPaymentStatus() { return "pending"; } async initiatePayment() { return { session_data: {} }; } async authorizePayment() { return { status: "authorized", data: {} }; } async updatePayment() {} async deletePayment() { return {}; } async retrievePayment() { return {}; } async capturePayment() { return {}; } async refundPayment() { return {}; } async cancelPayment() { return {}; } async updatePaymentData() { return {}; } } OfFive.identifier = "of-five"; exports.default = OfFive;`);
  put("six/services/of-six.js", "class OfSixService { answer() { return 6; } } exports.default = OfSixService;");
  return folder;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
// Milliseconds a request, one after the other.
async function pace(url, count) {
  const times = [];
  for (let at = 0; at < count; at++) {
    const began = performance.now();
    const answer = await fetch(url);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
    times.push(performance.now() - began);
  }
  return median(times);
}
async function inTurns(first, second, { rounds = 9, count = 200 } = {}) {
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const swapped = round % 2 === 1;
    const a = await pace(swapped ? second : first, count), b = await pace(swapped ? first : second, count);
    if (round > 0) ratios.push(swapped ? b / a : a / b); // the first warms up
  }
  return median(ratios);
}
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
// The child belongs to the thread that started it.
const childOf = (pid) => readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number)).find((child) => /node/.test(readFileSync(`/proc/${child}/comm`, "utf8")));
const ofPlugin = async (server) => (await fetch(`${server.base}/store/one`)).status === 200;
const isReady = async (server) => (await fetch(`${server.base}/health`)).headers.get("x-stheno-plugins") === "ready";
const ready = (server) => until(() => isReady(server), { every: 20, seconds: 120, child: server.process, describe: () => server.process.tail(20) });

const folder = projectWithPlugins();
const sockets = temporaryDirectory("sockets");
const database = await copy(await template("stheno"));
const bare = await serve("stheno", { folder: project(), database: await copy(await template("stheno")) });
const full = await serve("stheno", { folder, database, environment: { TMPDIR: sockets } });
await ready(full);

await check("a native request in a project with six plugins", async () => {
  const alone = await pace(`${bare.base}/store/regions`, 500);
  const ratio = await inTurns(`${full.base}/store/regions`, `${bare.base}/store/regions`);
  console.log(`  figure native request with six plugins against none: ${ratio.toFixed(2)} times, which adds ${(alone * (ratio - 1)).toFixed(3)} ms to ${alone.toFixed(3)} ms`);
});

let medusaStart; // milliseconds
await check("a request that a plugin answers, beside `medusa start`", async () => {
  const medusa = await serve("medusa", { folder, database: await copy(await template("medusa")) });
  medusaStart = medusa.readyMilliseconds;
  const ratio = await inTurns(`${full.base}/store/one`, `${medusa.base}/store/one`);
  await medusa.stop();
  console.log(`  figure request of a plugin against medusa start: ${ratio.toFixed(2)} times`);
  assert.ok(ratio < 1.15, `${ratio}`);
});

await check("a provider's call over the socket", async () => {
  const path = readdirSync(sockets).map((name) => join(sockets, name, "asks")).find(existsSync);
  const socket = net.connect(path);
  const frame = (value) => { const text = Buffer.from(JSON.stringify(value)), head = Buffer.alloc(4); head.writeUInt32BE(text.length); return Buffer.concat([head, text]); };
  const times = [];
  for (let at = 0; at < 5000; at++) {
    const began = performance.now();
    socket.write(frame({ port: "payment", provider: "of-five", method: "status", key: `${at}`, arguments: { data: {} } }));
    const answer = await new Promise((done) => socket.once("data", done));
    if (at >= 500) times.push(performance.now() - began);
    if (at === 0) assert.deepEqual(JSON.parse(answer.subarray(4)), { answer: "pending" });
  }
  socket.destroy();
  console.log(`  figure provider call: p50 ${percentile(times, 0.5).toFixed(3)} ms, p99 ${percentile(times, 0.99).toFixed(3)} ms`);
});

await check("memory of the two", async () => {
  console.log(`  figure memory: server ${resident(full.process.pid).toFixed(0)} MiB, its child ${resident(childOf(full.process.pid)).toFixed(0)} MiB, a server without plugins ${resident(bare.process.pid).toFixed(0)} MiB`);
});

await check(`the child is killed ${kills} times while events are staged`, async () => {
  let number = 0, staging = true;
  const stage = (async () => {
    while (staging) {
      await sql(database, `insert into staged_job (id, event_name, data, options) select 'job_proof_' || n, 'proof.staged', jsonb_build_object('number', n), '{}' from generate_series(${number + 1}, ${number + 5}) n`);
      number += 5;
      await pause(50);
    }
  })();
  const seconds = [];
  for (let kill = 0; kill < kills; kill++) {
    await pause(Math.random() * 400);
    const began = performance.now();
    process.kill(childOf(full.process.pid), "SIGKILL");
    // Until a plugin answers again.
    await until(() => ofPlugin(full), { every: 5, seconds: 120, child: full.process, describe: () => full.process.tail(20) });
    seconds.push((performance.now() - began) / 1000);
  }
  // Of which the child says itself how long its loaders took.
  const loading = [...readFileSync(full.log, "utf8").matchAll(/Plugins are ready after (\d+) ms/g)].map(([, of]) => of / 1000).slice(-kills);
  staging = false;
  await stage;
  await until(async () => Number((await sql(database, "select count(*) from staged_job"))[0][0]) === 0, { seconds: 60, every: 200 });
  const told = new Set(readFileSync(heard, "utf8").trim().split("\n").map(Number));
  const lost = number - told.size;
  console.log(`  figure events lost over ${kills} kills: ${lost} of ${number}`);
  console.log(`  figure recovery, from the kill to a plugin's first answer: ${median(seconds).toFixed(1)} s, at most ${Math.max(...seconds).toFixed(1)} s; of it the child's start ${median(loading).toFixed(1)} s. medusa start answers after ${(medusaStart / 1000).toFixed(1)} s here`);
  assert.equal(lost, 0);
}, { seconds: 3600 });

await bare.stop();
await full.stop();
await dropAll();
finish();
