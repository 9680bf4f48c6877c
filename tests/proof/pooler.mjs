#!/usr/bin/env node
// Every suite that uses a database, with this server behind PgBouncer, in transaction and in session mode: 10 sessions of
// PostgreSQL each. Prints one line a suite and `figure suites behind pgbouncer: N of N`. Takes about as long as two runs of
// all tests; what a suite starts on a server of its own, to stop it or to try TLS, speaks to it without PgBouncer.
//   node tests/proof/pooler.mjs [--mode transaction|session] [suite ...]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { help } from "../lib/help.mjs";
import { peer, root } from "../lib/servers.mjs";

help(import.meta.url);

const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { mode: { type: "string" } } });
const all = ["unit", "api", "bad_input", "cli", "schema", "seed", "statements", "config", "concurrency", "providers", "identity", "cache", "kept_rows", "uploads", "batch", "events", "openapi", "queue", "client", "child", ...(peer().missing ? [] : ["takeover", "upstream"])];
let right = 0, run = 0;
for (const mode of option.mode ? [option.mode] : ["transaction", "session"])
  for (const suite of positionals.length ? positionals : all) {
    const { status, stdout } = spawnSync(process.execPath, [join(root, "tests", "run.mjs"), suite], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, STHENO_TEST_POOLER: mode } });
    run++;
    if (status === 0) right++;
    const lines = stdout.trimEnd().split("\n").slice(0, -1);
    console.log(`${status === 0 ? "ok" : "not ok"} ${mode}: ${lines[0]}`);
    if (status !== 0) for (const line of lines.slice(1)) console.log(`  ${line}`);
  }
console.log(`figure suites behind pgbouncer: ${right} of ${run}`);
process.exit(right === run ? 0 : 1);
