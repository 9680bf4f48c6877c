#!/usr/bin/env node
// Plays tests/api/*.test to a server and checks its answers.
//   node tests/api/run.mjs [area ...]                     this server, one on a fresh copy of the seeded database per file
//   node tests/api/run.mjs --base http://127.0.0.1:9441   a server that runs already, whatever its database holds
//   node tests/api/run.mjs --medusa                       the real one, on fresh databases: where expected answers come from
//   node tests/api/run.mjs --medusa --fill [area ...]     writes the answers of the real one behind steps that expect nothing yet
//   node tests/api/run.mjs --fill [area ...]              writes those of this server where they differ on purpose and no => tells how
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { help } from "../lib/help.mjs";
import { extrasOf, play, readScript } from "../lib/script.mjs";
import { differingSteps, reasonFor } from "../lib/ledger.mjs";
import { admin } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { filled } from "./fill.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { base: { type: "string" }, medusa: { type: "boolean" }, fill: { type: "boolean" } } });
const areas = readdirSync(here).filter((name) => name.endsWith(".test")).map((name) => basename(name, ".test")).filter((name) => !positionals.length || positionals.includes(name)).sort();
const ours = !option.base && !option.medusa;
let failures = 0;
const played = new Set();

// Where in the answer a fault is, as the ledger of differences names it.
const pathOf = (fault) => (/^(.*?): /.exec(fault)?.[1] ?? fault).replace(/^header /, "headers.");

for (const area of areas) {
  const path = join(here, `${area}.test`);
  const steps = readScript(path);
  const running = option.base ? { base: option.base, stop: async () => {} } : await shop(option.medusa ? "medusa" : "stheno", { extras: extrasOf(path), sessions: "redis", environment: { STHENO_COUNT_STATEMENTS: "1" } });
  const answers = new Map();
  const unsaid = new Set();
  try {
    for await (const { step, sent, answer, faults, differs } of play(steps, running.base, { admin }, { counts: ours, here: ours })) {
      answers.set(step, answer);
      played.add(`${area}: ${step.title}`);
      if (option.fill && !ours) { if (!answer) console.log(`    ${area}: ${step.title}: ${faults.join("; ")}`); continue; }
      if (!step.expect && !faults.length) faults.push("the script expects nothing of the answer");
      // What differs from 1.20 on purpose is told in the step, with the reason in the ledger.
      const withoutReason = (fault) => !reasonFor(area, step.title, pathOf(fault), { status: answer?.status });
      if (step.here && !differs.length && ours) faults.push("=> tells of a difference from 1.20 that there is not");
      faults.push(...differs.filter(withoutReason).map((fault) => `${fault}: a difference from 1.20 without a reason in the ledger`));
      if (ours && !step.here && faults.length && !faults.some(withoutReason)) {
        unsaid.add(step);
        faults.push("a deliberate difference: with => the step tells what this server answers instead (--fill writes it)");
      }
      if (faults.length) {
        failures++;
        console.log(`not ok ${area}: ${step.title} (tests/api/${area}.test:${step.line}) ${step.method} ${sent?.path ?? step.path}`);
        for (const fault of faults.slice(0, 12)) console.log(`      ${fault}`);
        if (faults.length > 12) console.log(`      and ${faults.length - 12} more`);
      } else console.log(`ok ${area}: ${step.title}${step.here ? " (as 1.20 does not)" : ""}`);
    }
  } finally {
    await running.stop();
  }
  if (option.fill) {
    const own = { arrow: "=>", wants: (step) => unsaid.has(step) };
    writeFileSync(path, filled(readFileSync(path, "utf8"), steps, answers, ours ? own : {}));
    console.log(`filled ${area}`);
  }
}
for (const name of differingSteps)
  if (areas.includes(name.split(": ")[0]) && !option.fill && !played.has(name)) {
    failures++;
    console.log(`not ok ${name}: differences.json names a step that is not there`);
  }
await dropAll();
process.exit(failures ? 1 : 0);
