#!/usr/bin/env node
// `node`, which evaluates the configuration, is never left behind and never waited for without end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderWith } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { binary } from "../lib/servers.mjs";

// A configuration that notes its process and one that it starts, then does `what`.
const noting = (what) => folderWith(`
  const sleeper = require("child_process").spawn("sleep", ["600"], { stdio: "ignore" });
  require("fs").writeFileSync("processes.new", process.pid + " " + sleeper.pid);
  require("fs").renameSync("processes.new", "processes");
  ${what}
  module.exports = {};`);
const gone = (pid) => { try { return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].startsWith("Z"); } catch { return true; } };

// The server while it evaluates: { child, output(), ended, processes }.
async function evaluating(what) {
  const folder = noting(what);
  const child = spawn(binary, ["start", "--port", "0"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { output += part; });
  const ended = new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
  await until(() => existsSync(join(folder, "processes")), { seconds: 20, describe: () => output });
  const processes = readFileSync(join(folder, "processes"), "utf8").split(" ").map(Number);
  assert.equal(processes.some(gone), false);
  return { child, ended, processes, output: () => output };
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
  await check(`${signal} while the configuration is evaluated ends node and what it has started`, async () => {
    const { child, ended, processes } = await evaluating("for (;;);");
    child.kill(signal);
    assert.equal(await ended, signal);
    await until(() => processes.every(gone), { seconds: 2, describe: () => `of ${processes} some are left` });
  });
await check("a server that is killed leaves no node behind", async () => {
  const { child, ended, processes: [node, sleeper] } = await evaluating("for (;;);");
  child.kill("SIGKILL");
  await ended;
  await until(() => gone(node), { seconds: 2, describe: () => "node is left" });
  process.kill(sleeper, "SIGKILL");
});
await check("a configuration without end: an error after half a minute, and no flood of what it prints", async () => {
  const began = performance.now();
  const [silent, loud] = await Promise.all(["for (;;);", 'for (;;) require("fs").writeSync(1, "x".repeat(1000));'].map(evaluating));
  for (const { ended, processes, output } of [silent, loud]) {
    assert.equal(await ended, 1);
    assert.match(output(), /medusa-config\.js: it has not ended within 30 seconds/);
    assert.ok(processes.every(gone));
  }
  assert.ok(performance.now() - began < 45_000);
  assert.ok(loud.output().length > 200_000 && loud.output().length < 300_000, `${loud.output().length} bytes were printed`);
  assert.match(loud.output(), /what the configuration prints beyond 256 kB is left out/);
});
await check("what a configuration prints is shown, and comes before its error", async () => {
  const folder = folderWith('console.log("to out"); console.error("to err"); throw new Error("no way");');
  const child = spawn(binary, ["start"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let out = "", err = "";
  child.stdout.on("data", (part) => { out += part; });
  child.stderr.on("data", (part) => { err += part; });
  assert.equal(await new Promise((done) => child.once("close", done)), 1);
  assert.equal(out, "to out\n");
  assert.match(err, /^to err\n[^]*no way/);
});
finish();
