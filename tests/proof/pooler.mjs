#!/usr/bin/env node
// Every suite that uses a database, with this server behind PgBouncer, in transaction and in session mode: 10 sessions of
// PostgreSQL each. Prints one line a suite and `figure suites behind pgbouncer: N of N`. Takes about as long as two runs of
// all tests; what a suite starts on a server of its own, to stop it or to try TLS, speaks to it without PgBouncer.
//   node tests/proof/pooler.mjs [--mode transaction|session] [suite ...]
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { help } from "../lib/help.mjs";
import { root } from "../lib/servers.mjs";

help(import.meta.url);

const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { mode: { type: "string" } } });
const runner = join(root, "tests", "run.mjs");
// These use no database, bring a PgBouncer of their own, or pack the server; upstream sends what api sends, to compare it.
const without = ["node", "architecture", "odd_http", "docs", "pooler", "package", "package_starter", "upstream"];
const all = spawnSync(process.execPath, [runner, "--list"], { encoding: "utf8" }).stdout.trim().split("\n").filter((name) => !without.includes(name));
const wanted = positionals.length ? positionals : all;

let right = 0, run = 0;
for (const mode of option.mode ? [option.mode] : ["transaction", "session"]) {
  const tests = spawn(process.execPath, [runner, ...wanted], { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, STHENO_TEST_POOLER: mode } });
  const missing = new Set(wanted);
  let failing = false, over = false;
  for await (const line of createInterface({ input: tests.stdout })) {
    over ||= line === "What failed:";
    const suite = /^(\w+): (\d+) passed, (\d+) failed/.exec(line);
    if (suite && missing.delete(suite[1])) {
      const [, , passed, failed] = suite;
      failing = failed !== "0";
      // What could not run here, as without the real Medusa, proves nothing.
      const skipped = passed === "0" && !failing;
      if (!skipped) run++;
      if (!skipped && !failing) right++;
      console.log(`${failing ? "not ok" : skipped ? "skip" : "ok"} ${mode}: ${line}`);
    } else if (failing && !over) console.log(`  ${line}`);
  }
  run += missing.size;
  for (const name of missing) console.log(`not ok ${mode}: ${name} did not end`);
}
console.log(`figure suites behind pgbouncer: ${right} of ${run}`);
process.exit(run && right === run ? 0 : 1);
