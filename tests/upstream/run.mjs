#!/usr/bin/env node
// The same requests to the real Medusa and to this server, on equal databases; prints where the answers differ.
//   node tests/upstream/run.mjs [area ...]  areas: the scripts of tests/api, and `purchase` (the peer's checkout.mjs)
//           [--self] [--shared] [--all] [--fresh]
//   --self    the real one against itself on two databases: must print no difference, else the comparison is at fault
//   --shared  both on copies of the database that the real one migrated and seeded (default: each makes its own)
//   --all     every differing path instead of the first of each kind
//   --fresh   record the real one anew instead of taking the recording of the same script from tests/upstream/.recordings
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { help } from "../lib/help.mjs";
import { temporaryDirectory } from "../lib/processes.mjs";
import { extrasOf, play, readScript } from "../lib/script.mjs";
import { reasonFor, withoutHidden } from "../lib/ledger.mjs";
import { admin, peer, seedFile } from "../lib/servers.mjs";
import { dataFile, dropAll, fixture, shop } from "../lib/shop.mjs";
import { compare, normalise } from "./normalise.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const { values: option, positionals } = parseArgs({ allowPositionals: true, options: { self: { type: "boolean" }, shared: { type: "boolean" }, all: { type: "boolean" }, fresh: { type: "boolean" } } });
const { missing, scripts } = peer();

// An area is what is sent to both servers: a script, or the purchase that the real one's own tools make.
const checkout = join(scripts, "checkout.mjs");
const files = [join(here, "..", "api"), here].flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".test")).sort().map((name) => join(folder, name)));
const areas = [...files.map((path) => ({ path, name: basename(path, ".test"), send: playScript })), ...(existsSync(checkout) ? [{ path: checkout, name: "purchase", send: purchase }] : [])]
  .filter(({ name }) => !positionals.length || positionals.includes(name));

async function playScript(path, base) {
  const steps = [];
  for await (const { step, answer, faults } of play(readScript(path), base, { admin })) {
    steps.push(answer ? { title: step.title, status: answer.status, headers: answer.headers, json: answer.json, text: answer.text } : { title: step.title, status: 0, headers: {}, text: faults.join("; ") });
  }
  return steps;
}

// A whole purchase and its admin side, as a program of its own; it writes each exchange to a file.
async function purchase(path, base) {
  const folder = temporaryDirectory("purchase");
  await promisify(execFile)(process.execPath, [path, "--base", base, "--dump", folder], { env: { ...process.env, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password } })
    .catch((error) => { if (!readdirSync(folder).length) throw error; }); // where it stopped, the steps show
  return readdirSync(folder).sort().map((name) => {
    const { method, path: target, status, headers, response } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    const cookies = headers["set-cookie"] === undefined ? {} : { "set-cookie": [headers["set-cookie"]] };
    return { title: `${basename(name, ".json").replace(/^\d+-/, "")}: ${method} ${target.replace(/_[0-9A-Z]{26}/g, "_")}`, status, headers: { ...headers, ...cookies }, ...(typeof response === "string" ? { text: response } : { json: response }) };
  });
}

async function record(server, area, from) {
  const running = await shop(server, { from, extras: extrasOfArea(area), sessions: "redis" });
  try {
    return await area.send(area.path, running.base);
  } finally {
    await running.stop();
  }
}

const extrasOfArea = (area) => (area.send === playScript ? extrasOf(area.path) : {});
const fingerprint = (area) => createHash("sha256").update([area.path, seedFile, fixture, ...[extrasOfArea(area).rows].filter(Boolean).map(dataFile)].map((path) => readFileSync(path, "utf8")).join("\0")).digest("hex").slice(0, 16);

async function recordReal(area) {
  const path = join(here, ".recordings", `${area.name}.json`);
  const print = fingerprint(area);
  if (!option.fresh && existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, "utf8"));
    if (kept.fingerprint === print) return kept.steps;
  }
  if (missing) return null;
  const steps = await record("medusa", area, "medusa");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ fingerprint: print, steps }));
  return steps;
}

const show = (value) => { const text = value === undefined ? "nothing" : JSON.stringify(value); return text.length > 110 ? `${text.slice(0, 107)}...` : text; };
const kind = (path) => path.replace(/\[\d+\]/g, "[]");

let total = 0, steps = 0, excused = 0, skipped = 0;
for (const area of areas) {
  const recording = await recordReal(area);
  if (!recording) { console.log(`skip ${area.name}: ${missing}`); skipped++; continue; }
  const hide = (steps) => steps.map((step) => (step.json === undefined ? step : { ...step, json: withoutHidden(area.name, step.title, step.json) }));
  const real = normalise(hide(recording));
  const ours = normalise(hide(await record(option.self ? "medusa" : "stheno", area, option.self || option.shared ? "medusa" : "stheno")));
  const kinds = new Map();
  let count = 0;
  if (real.length !== ours.length) { count++; kinds.set("", { path: "requests", real: real.length, ours: ours.length, step: real[ours.length]?.title ?? ours[real.length].title, times: 1 }); }
  real.slice(0, ours.length).forEach((step, index) => {
    steps++;
    const other = ours[index];
    const found = [...compare(step.status, other.status, "status"), ...compare(step.headers, other.headers, "headers"), ...compare(step.body, other.body)];
    for (const one of found) {
      if (reasonFor(area.name, step.title, one.path, { ...one, status: other.status, bothKnown: true, chanceOnly: option.self })) { excused++; continue; }
      count++;
      const key = option.all ? `${index} ${one.path}` : kind(one.path);
      if (!kinds.has(key)) kinds.set(key, { ...one, step: step.title, times: 0 });
      kinds.get(key).times++;
    }
  });
  total += count;
  console.log(`${count ? "not ok" : "ok"} ${area.name}: ${real.length} requests, ${count} differences`);
  for (const { path, real: one, ours: other, step, times } of kinds.values()) console.log(`    ${path}${times > 1 ? ` (${times} times)` : ""}: real ${show(one)}, ours ${show(other)}   [${step}]`);
}
await dropAll();
console.log(`${steps} requests compared, ${total} differences${excused ? `, ${excused} deliberate ones` : ""}${skipped ? `, ${skipped} areas skipped` : ""}`);
process.exit(total ? 1 : 0);
