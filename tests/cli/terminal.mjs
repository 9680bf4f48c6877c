#!/usr/bin/env node
// What a person sees on a terminal: times, colours by NO_COLOR's rules, requests with status and duration, events in one line a batch.
// Elsewhere lines are JSON, and requests are as morgan writes them.
//   node tests/cli/terminal.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { call, must } from "../lib/buying.mjs";
import { folderWith, serves } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { freePort, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { binary } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

help(import.meta.url);
if (!existsSync("/usr/bin/script")) { skip("a terminal", "it needs util-linux' program script"); finish(); }
const folder = folderWith({ projectConfig: { database_url: await copy(await template("stheno")) }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });

// What a server prints on a terminal of its own, while `body` asks it; `program script` is the terminal.
async function onTerminal(body, { environment = {}, args = [] } = {}) {
  const port = await freePort();
  const { NO_COLOR, STHENO_BIN, ...inherited } = process.env;
  const child = spawn("script", ["-qec", `${binary} start --port ${port} ${args.join(" ")}`, "/dev/null"], { cwd: folder, env: { ...inherited, TERM: "xterm", NODE_ENV: "development", ...environment }, stdio: ["pipe", "pipe", "inherit"], detached: true });
  let text = "";
  child.stdout.on("data", (part) => { text += part; });
  const ended = new Promise((done) => child.once("close", done));
  const stop = () => { try { process.kill(-child.pid, "SIGTERM"); } catch { /* has ended */ } };
  process.once("exit", stop);
  try {
    await until(() => text.includes("Server is ready"), { describe: () => text });
    await body(`http://127.0.0.1:${port}`, (pattern) => until(() => pattern.test(text), { seconds: 20, describe: () => text }));
  } finally {
    child.stdin.write("\x03"); // Ctrl-C
    await ended;
    process.off("exit", stop);
  }
  return text;
}
const colour = /\x1b\[[0-9;]+m/g;
const time = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

await check("lines have times, and requests their status and duration", async () => {
  const text = (await onTerminal(async (base, seen) => {
    await call(base, "GET", "/store/products?limit=1");
    await call(base, "GET", "/store/none");
    await seen(/\/store\/none/);
  })).replace(colour, "");
  assert.match(text, new RegExp(`^${time} info +Server is ready on port: \\d+`, "m"));
  assert.match(text, new RegExp(`^${time} GET +/store/products\\?limit=1  200  [\\d.]+ (µs|ms)  [\\d.]+ kB`, "m"));
  assert.match(text, new RegExp(`^${time} GET +/store/none  404  `, "m"));
  assert.match(text, /Look at http:\/\/localhost:\d+\//);
});
await check("events are told in one line a batch", async () => {
  const text = await onTerminal(async (base, seen) => {
    await must(base, "POST", "/store/customers", { email: "terminal@example.com", password: "secret word", first_name: "T", last_name: "T" });
    await seen(/1 event: customer\.created/);
  });
  assert.doesNotMatch(text, /which has \d+ subscribers/);
});
await check("there are colours, but for NO_COLOR, --no-color and a dumb terminal", async () => {
  const nothing = async () => {};
  assert.match(await onTerminal(nothing), colour);
  assert.match(await onTerminal(nothing, { environment: { NO_COLOR: "" } }), colour);
  for (const options of [{ environment: { NO_COLOR: "1" } }, { args: ["--no-color"] }, { environment: { TERM: "dumb" } }]) assert.doesNotMatch(await onTerminal(nothing, options), colour);
});
await check("what a client sends can't move the cursor", async () => {
  const text = await onTerminal(async (base, seen) => {
    await fetch(`${base}/store/x%1b%5b2J`).catch(() => {});
    await seen(/x%1b%5b2J/);
  });
  assert.doesNotMatch(text, /\x1b\[2J/);
});
await check("elsewhere lines are JSON, and requests as morgan writes them", () => serves(undefined, { folder }, async ({ base, output, lines }) => {
  await call(base, "GET", "/store/products?limit=1");
  await until(() => /^\S+ - - \[[^\]]+\] "GET \/store\/products\?limit=1 HTTP\/1\.1" 200 \d+ /m.test(output()), { describe: output });
  assert.equal(lines("Server is ready").length, 1);
  assert.doesNotMatch(output(), colour);
}));
await dropAll();
finish();
