#!/usr/bin/env node
// Runs the tests and prints one line a suite, then `N passed, N failed, N skipped`. `./dev test` calls it.
//   node tests/run.mjs [suite ...]        suites: the rows of the table below, in the order in which they begin
//   node tests/run.mjs --list             their names
// Three suites run side by side, each with services of its own, since most of them wait more than they compute;
// STHENO_TEST_SIDE_BY_SIDE says how many.
//   STHENO_BIN, STHENO_UNIT_TESTS         the binaries (default: build/release/stheno, build/checked/unit_tests)
//   STHENO_TEST_DATABASE_URL, STHENO_TEST_REDIS_URL   services to use instead of fresh ones
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "./lib/help.mjs";
import { newCluster, newRedis, pooled } from "./lib/services.mjs";
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
const limit = 40 * 60; // seconds; most take less than five minutes, the comparison with the real Medusa twenty
function run(program, args, environment, onLine) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    running.add(child);
    const end = (signal) => { try { process.kill(-child.pid, signal); } catch { /* has ended */ } };
    const late = setTimeout(() => { onLine(`    not done within ${limit} s`); end("SIGTERM"); setTimeout(() => end("SIGKILL"), 10_000).unref(); }, limit * 1000);
    let rest = "";
    const read = (part) => { rest += part; const lines = rest.split("\n"); rest = lines.pop(); lines.forEach(onLine); read.lines += lines.length; };
    read.lines = 0;
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
    // Its output may be open still, in the hands of something that it has left behind. What it said itself is read to its end first:
    // as long as more comes, and once more after a busy machine has let this program wait.
    child.on("exit", (code, signal) => {
      const wait = () => { const before = read.lines; setTimeout(() => setTimeout(() => (read.lines === before ? ended(code, signal) : wait()), 500), 5000).unref(); };
      wait();
    });
  });
}

// Children are leaders of groups of their own: what ends this program must end them too.
const running = new Set();
process.on("exit", () => { for (const child of running) try { process.kill(-child.pid, "SIGTERM"); } catch { /* has ended */ } });

// On a terminal, the line that tells how far it is.
const underWay = new Map();
const show = () => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${[...underWay].map(([name, count]) => `${name}: ${count.passed} passed, ${count.failed} failed ...`).join("   ")}`);
};

// PostgreSQL and Redis of each lane, which starts them with its first suite.
class Services {
  async environment() {
    this.postgres ??= await newCluster();
    this.redis ??= process.env.STHENO_TEST_REDIS_URL ? { url: process.env.STHENO_TEST_REDIS_URL } : await newRedis();
    return { STHENO_TEST_DATABASE_URL: this.postgres.url, STHENO_TEST_REDIS_URL: this.redis.url, STHENO_BIN: binary };
  }
}

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
async function runSuite({ name, body }, services) {
  const began = performance.now();
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  const skip = (reason, times = 1) => { count.skipped += times; lines.push(`  skipped: ${reason}`); };
  underWay.set(name, count);
  try { await body({ count, lines, skip, services }); } catch (error) { count.failed++; lines.push(`  ${error.stack}`); }
  underWay.delete(name);
  for (const key of Object.keys(total)) total[key] += count[key];
  if (count.failed) failures.push(`${name}: ${count.failed} failed`, ...lines.filter((line) => line.startsWith("  not ok ")));
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(`${name}: ${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ""} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const line of lines) console.log(line);
}

// A suite of our own programs: they print "ok NAME", "not ok NAME", "skip NAME: reason", and what they want to say indented.
async function program({ count, lines, skip, services }, path, args = []) {
  let told = false;
  const code = await run(process.execPath, [path, ...args], await services.environment(), (line) => {
    if (line.startsWith("ok ")) count.passed++;
    else if (line.startsWith("not ok ")) { count.failed++; told = true; lines.push(`  ${line}`); }
    else if (line.startsWith("skip ")) skip(line.slice(5));
    else if (line.startsWith("    ") || !/^\S/.test(line)) lines.push(line);
  });
  if (code !== 0 && !told) { count.failed++; lines.push(`  ${relative(root, path)} ended with ${code}`); }
}

async function nodeTests({ count, lines, skip, services }, paths) {
  let depth;
  const code = await run(process.execPath, ["--test", "--test-reporter=tap", ...paths], await services.environment(), (line) => {
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

async function unit({ count, lines, skip, services }) {
  if (!existsSync(unitTests)) return skip(`${relative(root, unitTests)} is not built`);
  const environment = await services.environment();
  const said = []; // the server's log among it: of interest when something fails
  const code = await run(unitTests, [], { ...environment, STHENO_TEST_DATABASE_URL: pooled(environment.STHENO_TEST_DATABASE_URL) }, (line) => {
    const found = /test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed(?:\s*\|\s*(\d+) skipped)?/.exec(line);
    if (found) { count.passed += Number(found[2]); count.failed += Number(found[3]); if (Number(found[4])) skip("by their own decoration", Number(found[4])); }
    else if (!/^(\[doctest\]|=+$)/.test(line)) said.push(`  ${line}`);
  });
  if (code !== 0) lines.push(...said);
  if (code !== 0 && !count.failed) { count.failed++; lines.push(`  the unit tests ended with ${code}`); }
}

const missing = () => (existsSync(binary) ? null : `${relative(root, binary)} is not built`);
// Programs below this folder, one after the other, where the server is built and, for `withPeer`, the real Medusa is there.
const programs = (...paths) => async (suite) => {
  const reason = missing();
  if (reason) return suite.skip(reason);
  for (const [path, ...args] of paths.map((path) => [path].flat())) await program(suite, join(here, path), args);
};
const folder = (name) => programs(...files(join(here, name), ".mjs").map((path) => relative(here, path)));
const withPeer = (...paths) => (suite) => (peer().missing ? suite.skip(peer().missing) : programs(...paths)(suite));
const others = files(here, ".test.mjs").filter((path) => !/\/(architecture|client|openapi)\//.test(path));

// The longest begin first, so that they end together.
const suites = [
  { name: "unit", body: unit },
  { name: "architecture", body: (suite) => nodeTests(suite, files(join(here, "architecture"), ".test.mjs")) },
  ...(others.length ? [{ name: "node", body: (suite) => nodeTests(suite, others) }] : []),
  { name: "api", body: programs("api/run.mjs") },
  { name: "plugins", body: programs("plugins/run.mjs", "plugins/project.mjs", "plugins/docs.mjs") },
  { name: "config", body: folder("config") },
  { name: "bad_input", body: programs("bad_input/run.mjs", "bad_input/kept.mjs") },
  { name: "cli", body: programs("cli/run.mjs", "cli/project.mjs", "cli/terminal.mjs") },
  { name: "schema", body: programs("schema/run.mjs") },
  { name: "names", body: programs("names/run.mjs") },
  { name: "seed", body: programs("seed/run.mjs") },
  { name: "statements", body: programs("statements/run.mjs", "statements/checkout.mjs") },
  { name: "planning", body: programs("planning/run.mjs") },
  { name: "running", body: folder("running") },
  { name: "package", body: programs("package/npm.mjs") },
  { name: "package_starter", body: withPeer("package/starter.mjs") },
  { name: "switching", body: programs("switching/run.mjs") },
  { name: "compare", body: programs("compare/run.mjs", "compare/mirror.mjs") },
  { name: "compare_upstream", body: withPeer("compare/upstream.mjs") },
  { name: "switching_upstream", body: withPeer("switching/starter.mjs") },
  { name: "metrics", body: programs("metrics/run.mjs") },
  { name: "odd_http", body: programs("proof/odd_http.mjs") },
  { name: "providers", body: programs("providers/run.mjs", "providers/refunds.mjs", "providers/swaps.mjs", "providers/claims.mjs") },
  { name: "child", body: programs("child/run.mjs", "child/faults.mjs") },
  { name: "stops", body: programs(["proof/stops.mjs", "4"]) },
  { name: "kills", body: programs(["proof/kills.mjs", "--seconds", "10"]) },
  { name: "dashboard", body: programs("dashboard/run.mjs", "dashboard/stocked.mjs", "dashboard/pages.mjs") },
  { name: "concurrency", body: folder("concurrency") },
  { name: "carts_shown", body: programs("carts_shown/run.mjs") },
  { name: "identity", body: programs("identity/run.mjs") },
  { name: "pooler", body: programs("pooler/run.mjs") },
  { name: "cache", body: programs("cache/run.mjs") },
  { name: "kept_rows", body: programs("kept_rows/run.mjs") },
  { name: "uploads", body: programs("uploads/run.mjs") },
  { name: "single_page", body: programs("single_page/run.mjs") },
  { name: "storefront", body: programs("storefront/run.mjs") },
  { name: "single_page_upstream", body: withPeer("single_page/upstream.mjs", "single_page/extensions.mjs") },
  { name: "batch", body: programs("batch/run.mjs") },
  { name: "batch_upstream", body: withPeer("batch/upstream.mjs") },
  { name: "events", body: programs("events/run.mjs", "events/swaps.mjs") },
  { name: "host", body: withPeer("host/run.mjs", "host/faults.mjs", "host/answers.mjs") },
  { name: "host_kept", body: withPeer("host/kept.mjs") },
  { name: "openapi", body: programs("openapi/run.mjs") },
  { name: "docs", body: programs("docs/run.mjs") },
  { name: "queue", body: programs("queue/run.mjs", "queue/cache.mjs") },
  { name: "client", body: programs("client/run.mjs") },
  { name: "takeover", body: withPeer("takeover/run.mjs", "takeover/swaps.mjs", "takeover/lives.mjs") },
  { name: "upstream", body: withPeer("upstream/run.mjs") },
];
if (wanted[0] === "--list") { for (const { name } of suites) console.log(name); process.exit(0); }
for (const name of wanted) if (!suites.some((suite) => suite.name === name)) { console.error(`no suite is called ${name}; there are ${suites.map((suite) => suite.name).join(", ")}`); process.exit(2); }

const left = suites.filter(({ name }) => !wanted.length || wanted.includes(name));
const lanes = Math.max(1, Number(process.env.STHENO_TEST_SIDE_BY_SIDE ?? 3));
const progress = setInterval(show, 200);
await Promise.all(Array.from({ length: Math.min(lanes, left.length) }, async () => {
  const services = new Services();
  for (let suite; (suite = left.shift()); ) await runSuite(suite, services);
}));
clearInterval(progress);

// Once more where the end of a long log is all that is looked at.
if (failures.length) console.log(["", "What failed:", ...failures, ""].join("\n"));
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ""}`);
process.exit(total.failed ? 1 : 0);
