#!/usr/bin/env node
// Plays tests/api/*.test to a server and checks its answers.
//   node tests/api/run.mjs [area ...]                     this server, one on a fresh copy of the seeded database per file
//   node tests/api/run.mjs --base http://127.0.0.1:9441   a server that runs already, whatever its database holds
//   node tests/api/run.mjs --medusa                       the real one, on fresh databases: where expected answers come from
//   node tests/api/run.mjs --medusa --fill [area ...]     writes the answers of the real one behind steps that expect nothing yet
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { play, readScript } from "../lib/script.mjs";
import { admin } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { filled } from "./fill.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { base: { type: "string" }, medusa: { type: "boolean" }, fill: { type: "boolean" } } });
const areas = readdirSync(here).filter((name) => name.endsWith(".test")).map((name) => basename(name, ".test")).filter((name) => !positionals.length || positionals.includes(name)).sort();
let failures = 0;

// Where this server answers otherwise than the real Medusa, on purpose or not yet, each with its reason.
const differences = JSON.parse(readFileSync(join(here, "differences.json"), "utf8"));

for (const area of areas) {
  const path = join(here, `${area}.test`);
  const steps = readScript(path);
  const running = option.base ? { base: option.base, stop: async () => {} } : await shop(option.medusa ? "medusa" : "stheno", { sessions: "redis", environment: { STHENO_COUNT_STATEMENTS: "1" } });
  const answers = new Map();
  try {
    for await (const { step, sent, answer, faults } of play(steps, running.base, { admin }, { counts: !option.base && !option.medusa })) {
      answers.set(step, answer);
      if (option.fill) { if (!answer) console.log(`    ${area}: ${step.title}: ${faults.join("; ")}`); continue; }
      if (!step.expect && !faults.length) faults.push("the script expects nothing of the answer");
      const known = differences[`${area}: ${step.title}`];
      // "...; here 404" must hold.
      const status = option.medusa ? undefined : /\bhere (\d{3})\b/.exec(known ?? "")?.[1];
      const kept = !status || answer?.status === Number(status);
      if (faults.length && known && kept && !option.base) console.log(`skip ${area}: ${step.title}: ${known}`);
      else if (faults.length) {
        failures++;
        console.log(`not ok ${area}: ${step.title} (tests/api/${area}.test:${step.line}) ${step.method} ${sent?.path ?? step.path}`);
        for (const fault of faults.slice(0, 12)) console.log(`      ${fault}`);
        if (faults.length > 12) console.log(`      and ${faults.length - 12} more`);
      } else console.log(`ok ${area}: ${step.title}`);
    }
  } finally {
    await running.stop();
  }
  if (option.fill) {
    writeFileSync(path, filled(readFileSync(path, "utf8"), steps, answers));
    console.log(`filled ${area}`);
  }
}
await dropAll();
process.exit(failures ? 1 : 0);
