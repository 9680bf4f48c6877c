#!/usr/bin/env node
// The limit of open files: raised to the hard one at start; when it is reached, connections that only wait make room for new ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { folderWith, serves } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const folder = folderWith({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
const limited = (limits, body) => serves(undefined, { folder, under: ["prlimit", `--nofile=${limits}`], args: ["--threads", "2"] }, body);

const health = "GET /health HTTP/1.1\r\nHost: shop\r\n\r\n";
const cart = "POST /store/carts HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

// A connection that stays open: { ask(request), closed }.
function connect(port) {
  const socket = net.connect(port, "127.0.0.1");
  const handle = { closed: false, text: "", heard: undefined };
  socket.on("data", (part) => { handle.text += part; handle.heard?.(); });
  socket.on("error", () => {});
  socket.on("close", () => { handle.closed = true; handle.heard?.(); });
  // The status of the answer, or "closed".
  handle.ask = async (request) => {
    handle.text = "";
    socket.write(request);
    while (!/\r\n\r\n[^]/.test(handle.text) && !handle.closed) await new Promise((done) => { handle.heard = done; });
    return handle.closed ? "closed" : handle.text.slice(9, 12);
  };
  handle.end = () => socket.destroy();
  return handle;
}

await check("the soft limit of open files is raised to the hard one", () => limited("64:3000", async ({ process: { pid } }) => {
  const [, soft, hard] = /Max open files\s+(\d+)\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, "utf8"));
  assert.deepEqual([soft, hard], ["3000", "3000"]);
}));

await check("with no descriptor left, the connections that have waited longest make room for new ones", () => limited("96:96", async ({ port, output }) => {
  const open = [];
  const began = performance.now();
  // In turns: each is answered and stays open. Within the five seconds for which an idle connection is kept anyway.
  for (let turn = 0; turn < 15; turn++) {
    const fresh = Array.from({ length: 20 }, () => connect(port));
    assert.deepEqual([...new Set(await Promise.all(fresh.map(({ ask }) => ask(health))))], ["200"], `turn ${turn}: ${output()}`);
    open.push(...fresh);
  }
  assert.ok(performance.now() - began < 4000, `${performance.now() - began} ms for 300 connections`);
  await until(() => open.filter(({ closed }) => closed).length > 200, { seconds: 2, describe: () => `${open.filter(({ closed }) => closed).length} of 300 have made room` });
  assert.equal(open.at(-1).closed, false);
  assert.equal(await open.at(-1).ask(health), "200");
  // Some descriptors stay for what a request needs.
  assert.equal(await connect(port).ask(cart), "200");
  open.forEach(({ end }) => end());
}));

await check("more connections than descriptors at once are all answered", () => limited("96:96", async ({ port }) => {
  const all = Array.from({ length: 300 }, () => connect(port));
  const late = setTimeout(() => all.forEach(({ end }) => end()), 10_000);
  const statuses = await Promise.all(all.map(async ({ ask, end }) => { const status = await ask(health); end(); return status; }));
  clearTimeout(late);
  assert.deepEqual([...new Set(statuses)], ["200"]);
}));

await dropAll();
finish();
