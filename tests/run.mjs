#!/usr/bin/env node
// Runs the tests and prints one line a suite, then `N passed, N failed, N skipped`. `./dev test` calls it.
//   node tests/run.mjs [suite ...]        suites: the names of the calls of suite() below, in the order in which they run
//   STHENO_BIN, STHENO_UNIT_TESTS         the binaries (default: build/release/stheno, build/checked/unit_tests)
//   STHENO_TEST_DATABASE_URL, STHENO_TEST_REDIS_URL   services to use instead of fresh ones
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "./lib/help.mjs";
import { pooled, postgres, redis } from "./lib/services.mjs";
import { binary, peer, root } from "./lib/servers.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const unitTests = resolve(root, process.env.STHENO_UNIT_TESTS ?? "build/checked/unit_tests");
const wanted = process.argv.slice(2);

function files(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return name === "node_modules" ? [] : statSync(path).isDirectory() ? files(path, ending) : name.endsWith(ending) ? [path] : [];
  }).sort();
}

// To its end: its exit code, or the signal that ended it. A program that doesn't end within its time is ended, with all that it has started.
const limit = 20 * 60; // seconds; the slowest takes five minutes
function run(program, args, environment, onLine) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    running.add(child);
    const end = (signal) => { try { process.kill(-child.pid, signal); } catch { /* has ended */ } };
    const late = setTimeout(() => { onLine(`    not done within ${limit} s`); end("SIGTERM"); setTimeout(() => end("SIGKILL"), 10_000).unref(); }, limit * 1000);
    let rest = "";
    const read = (part) => { rest += part; const lines = rest.split("\n"); rest = lines.pop(); lines.forEach(onLine); };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    const ended = (code, signal) => {
      if (!running.delete(child)) return;
      clearTimeout(late);
      end("SIGKILL"); // what it has left behind
      if (rest) onLine(rest);
      done(code ?? signal);
    };
    child.on("error", (error) => { onLine(String(error)); ended(127); });
    child.on("close", ended);
    // Its output may be open still, in the hands of something that it has left behind.
    child.on("exit", (code, signal) => setTimeout(() => ended(code, signal), 5000).unref());
  });
}

// Children are leaders of groups of their own: what ends this program must end them too.
const running = new Set();
process.on("exit", () => { for (const child of running) try { process.kill(-child.pid, "SIGTERM"); } catch { /* has ended */ } });

// On a terminal, the line that tells how far it is.
const show = (text) => { if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`); };

const total = { passed: 0, failed: 0, skipped: 0 };
async function suite(name, body) {
  if (wanted.length && !wanted.includes(name)) return;
  const began = performance.now();
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  const progress = setInterval(() => show(`${name}: ${count.passed} passed, ${count.failed} failed ...`), 200);
  const skip = (reason, times = 1) => { count.skipped += times; lines.push(`  skipped: ${reason}`); };
  try { await body(count, lines, skip); } catch (error) { count.failed++; lines.push(`  ${error.stack}`); }
  clearInterval(progress);
  show("");
  for (const key of Object.keys(total)) total[key] += count[key];
  console.log(`${name}: ${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ""} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const line of lines) console.log(line);
}

const services = async () => ({ STHENO_TEST_DATABASE_URL: (await postgres()).url, STHENO_TEST_REDIS_URL: await redis(), STHENO_BIN: binary });

// A suite of our own programs: they print "ok NAME", "not ok NAME", "skip NAME: reason", and what they want to say indented.
async function program(count, lines, skip, path, args = []) {
  let told = false;
  const code = await run(process.execPath, [path, ...args], await services(), (line) => {
    if (line.startsWith("ok ")) count.passed++;
    else if (line.startsWith("not ok ")) { count.failed++; told = true; lines.push(`  ${line}`); }
    else if (line.startsWith("skip ")) skip(line.slice(5));
    else if (line.startsWith("    ") || !/^\S/.test(line)) lines.push(line);
  });
  if (code !== 0 && !told) { count.failed++; lines.push(`  ${relative(root, path)} ended with ${code}`); }
}

async function nodeTests(count, lines, skip, paths) {
  let depth;
  const code = await run(process.execPath, ["--test", "--test-reporter=tap", ...paths], await services(), (line) => {
    const found = /^(\s*)(not ok|ok) \d+ - (.*?)(?: # (SKIP|T[O]DO)\s*(.*))?$/.exec(line);
    if (found) {
      const [, , state, name, , reason] = found;
      depth = state === "not ok" ? 0 : undefined;
      if (paths.some((path) => name === path || name.endsWith(relative(root, path)))) depth = undefined; // the file itself
      else if (found[4]) skip(`${name}: ${reason}`);
      else if (state === "ok") count.passed++;
      else { count.failed++; lines.push(`  not ok ${name}`); }
    } else if (depth !== undefined && depth++ < 40 && !/^\s*(---|\.\.\.|duration_ms|location|type:|failureType|code:|name:|operator|stack|at |Test\.|async |Suite\.|\|)/.test(line)) lines.push(`    ${line.trim()}`);
  });
  if (code !== 0 && !count.failed) { count.failed++; lines.push(`  node --test ended with ${code}`); }
}

await suite("unit", async (count, lines, skip) => {
  if (!existsSync(unitTests)) return skip(`${relative(root, unitTests)} is not built`);
  const said = []; // the server's log among it: of interest when something fails
  const code = await run(unitTests, [], { ...(await services()), STHENO_TEST_DATABASE_URL: pooled((await postgres()).url) }, (line) => {
    const found = /test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed(?:\s*\|\s*(\d+) skipped)?/.exec(line);
    if (found) { count.passed += Number(found[2]); count.failed += Number(found[3]); if (Number(found[4])) skip("by their own decoration", Number(found[4])); }
    else if (!/^(\[doctest\]|=+$)/.test(line)) said.push(`  ${line}`);
  });
  if (code !== 0) lines.push(...said);
  if (code !== 0 && !count.failed) { count.failed++; lines.push(`  the unit tests ended with ${code}`); }
});

await suite("architecture", (count, lines, skip) => nodeTests(count, lines, skip, files(join(here, "architecture"), ".test.mjs")));
const others = files(here, ".test.mjs").filter((path) => !/\/(architecture|client|openapi)\//.test(path));
if (others.length) await suite("node", (count, lines, skip) => nodeTests(count, lines, skip, others));

const needs = (skip) => { if (existsSync(binary)) return true; skip(`${relative(root, binary)} is not built`); return false; };
const needsPeer = (skip) => { const { missing } = peer(); if (missing) skip(missing); return !missing; };
await suite("api", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "api", "run.mjs")));
await suite("bad_input", async (count, lines, skip) => { if (needs(skip)) for (const name of ["run.mjs", "kept.mjs"]) await program(count, lines, skip, join(here, "bad_input", name)); });
await suite("cli", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "cli", "run.mjs")));
await suite("schema", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "schema", "run.mjs")));
await suite("seed", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "seed", "run.mjs")));
await suite("statements", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "statements", "run.mjs")));
await suite("config", async (count, lines, skip) => { if (needs(skip)) for (const path of files(join(here, "config"), ".mjs")) await program(count, lines, skip, path); });
await suite("running", async (count, lines, skip) => { if (needs(skip)) for (const path of files(join(here, "running"), ".mjs")) await program(count, lines, skip, path); });
await suite("odd_http", (count, lines, skip) => program(count, lines, skip, join(here, "proof", "odd_http.mjs")));
await suite("stops", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "proof", "stops.mjs"), ["4"]));
await suite("concurrency", async (count, lines, skip) => { if (needs(skip)) for (const path of files(join(here, "concurrency"), ".mjs")) await program(count, lines, skip, path); });
await suite("identity", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "identity", "run.mjs")));
await suite("pooler", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "pooler", "run.mjs")));
await suite("cache", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "cache", "run.mjs")));
await suite("uploads", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "uploads", "run.mjs")));
await suite("events", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "events", "run.mjs")));
await suite("openapi", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "openapi", "run.mjs")));
await suite("queue", async (count, lines, skip) => { if (needs(skip)) for (const name of ["run.mjs", "cache.mjs"]) await program(count, lines, skip, join(here, "queue", name)); });
await suite("client", (count, lines, skip) => needs(skip) && program(count, lines, skip, join(here, "client", "run.mjs")));
await suite("takeover", (count, lines, skip) => needs(skip) && needsPeer(skip) && program(count, lines, skip, join(here, "takeover", "run.mjs")));
await suite("upstream", (count, lines, skip) => needs(skip) && needsPeer(skip) && program(count, lines, skip, join(here, "upstream", "run.mjs")));

console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ""}`);
process.exit(total.failed ? 1 : 0);
