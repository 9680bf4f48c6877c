#!/usr/bin/env node
// The figures that a release stands on, on one run: each program of this folder, what it says while it runs, and at the end
// every `figure` line together, then `N passed, N failed`. Not part of ./dev test: it measures, and takes up to an hour.
//   node tests/proof/run.mjs [PROGRAM ...]      the names of the files without .mjs; default: all. `./dev proof` calls it.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { help } from "../lib/help.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const all = readdirSync(here).filter((name) => name.endsWith(".mjs") && name !== basename(fileURLToPath(import.meta.url))).map((name) => basename(name, ".mjs")).sort();
const wanted = process.argv.slice(2);
for (const name of wanted) if (!all.includes(name)) { console.error(`proof: unknown: ${name} (there are ${all.join(", ")})`); process.exit(2); }

const figures = [];
let passed = 0, failed = 0;
for (const name of wanted.length ? wanted : all) {
  console.log(`${name}:`);
  const child = spawn(process.execPath, [join(here, `${name}.mjs`)], { stdio: ["ignore", "pipe", "inherit"] });
  let told = false;
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(`  ${line}`);
    const figure = /^\s*figure (.*)/.exec(line);
    if (figure) figures.push(figure[1]);
    if (line.startsWith("ok ")) passed++;
    if (line.startsWith("not ok ")) { failed++; told = true; }
  }
  const code = child.exitCode ?? (await new Promise((resolve) => child.once("close", resolve)));
  if (code !== 0 && !told) { failed++; console.log(`  not ok ${name} ended with ${code}`); }
}
console.log("");
for (const figure of figures) console.log(figure);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
