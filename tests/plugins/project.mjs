#!/usr/bin/env node
// A project with code of its own in every place where Medusa 1.20 takes some (tests/plugins/project, in TypeScript): built by tsc, migrated,
// and asked the same by the real Medusa and by this server, whose answers must be equal.
//   node tests/plugins/project.mjs [--self] [--all]
//   --self   the real one against itself: the comparison and the project must stand alone
//   --all    every differing path instead of the first of each kind
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { reasonFor, withoutHidden } from "../lib/ledger.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { play, readScript } from "../lib/script.mjs";
import { admin, cli, serve } from "../lib/servers.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { compare, normalise } from "../upstream/normalise.mjs";
import { folderOf, packages } from "./shops.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const all = process.argv.includes("--all");
const second = process.argv.includes("--self") ? "medusa" : "stheno";
const { missing } = packages();
if (missing) { skip("project", missing); finish(); }

const folder = folderOf(join(here, "project"));
const requests = join(here, "project", "requests.test");
await check("the project is built by tsc", () => { execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "-p", folder], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] }); });

// Bodies that don't come at once: events of which the first arrives long before the last, and a large upload.
async function streams(base) {
  const answer = await fetch(`${base}/store/stream`);
  const parts = [];
  for await (const part of answer.body) parts.push([performance.now(), Buffer.from(part).toString()]);
  const large = Buffer.alloc(3 << 20, "clay ");
  const uploaded = await fetch(`${base}/webhooks/raw`, { method: "POST", body: large, headers: { "content-type": "application/octet-stream" } }).then((got) => got.json());
  return { type: answer.headers.get("content-type"), text: parts.map(([, text]) => text).join(""), early: parts.at(-1)[0] - parts[0][0] > 100, bytes: uploaded.bytes };
}

// A database that the server has migrated for the project.
async function prepare(server) {
  const database = await copy(await template("stheno"));
  await sql(database, "delete from staged_job"); // what the seed has told
  const redis = await newRedis();
  const options = { folder, database, redis: redis.url };
  cli(server, ["migrations", "run"], options);
  const migrations = await sql(database, "select name from migrations where timestamp >= 1700000000000 order by id");
  const columns = await sql(database, "select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema = 'public' and (table_name in ('maker', 'review', 'log_entry') or column_name in ('glaze', 'maker_id', 'gift_note', 'nickname')) order by 1, 2");
  return { server, database, redis, options, migrations, columns };
}

// What a server makes of the project: its migrations, the answers, what subscribers and the job have written.
async function record({ server, redis, options, migrations, columns }) {
  const running = await serve(server, options);
  const ask = (path) => must(running.base, "GET", path);
  await until(() => ask("/store/makers").then(() => true, () => false), { child: running.process, describe: () => running.process.tail(40) });
  const steps = [], faults = [];
  let job;
  for await (const { step, answer, faults: found } of play(readScript(requests), running.base, { admin })) {
    faults.push(...found.map((fault) => `${step.title}: ${fault}`));
    steps.push(answer ? { title: step.title, status: answer.status, headers: answer.headers, json: answer.json, text: answer.text } : { title: step.title, status: 0, headers: {}, text: found.join("; ") });
    job = answer?.json?.batch_job?.id ?? job;
  }
  const streamed = await streams(running.base);
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const later = (what, probe) => until(probe, { seconds: 20, every: 100, describe: () => `${what}; the server's log ends with\n${running.process.tail(12)}` });
  const end = await later("the batch job doesn't end", async () => {
    const { batch_job } = await must(running.base, "GET", `/admin/batch-jobs/${job}`, undefined, { authorization: `Bearer ${access_token}` });
    return ["completed", "failed"].includes(batch_job.status) && batch_job;
  }).catch((error) => ({ status: error.message }));
  const log = () => ask("/store/log").then(({ log: entries }) => entries);
  const heard = await later("not all was heard", async () => { const entries = await log(); return entries.some(({ what }) => what === "tick") && entries.filter(({ what }) => what !== "tick").length >= 11 && entries; }).catch(log);
  await running.stop();
  await redis.stop();
  return { streamed, migrations, columns, steps, faults, job: { status: end.status, result: end.result, context: Object.keys(end.context ?? {}) }, heard };
}

let prepared, real, ours;
await check("both run the project's migrations", async () => { prepared = [await prepare("medusa"), await prepare(second)]; });
if (!prepared) finish();
// At the same time: each has a database and a Redis of its own.
await Promise.all([
  check("the real Medusa answers as the script says", async () => {
    real = await record(prepared[0]);
    assert.deepEqual(real.faults, []);
  }),
  check(`${second} answers as the script says`, async () => {
    ours = await record(prepared[1]);
    assert.deepEqual(ours.faults, []);
  }),
]);
if (!real || !ours) finish();

await check("both have run the same migrations", () => assert.deepEqual([ours.migrations, ours.columns], [real.migrations, real.columns]));
const area = "workshop"; // in the ledger of differences
const hidden = ({ steps }) => steps.map((step) => (step.json === undefined ? step : { ...step, json: withoutHidden(area, step.title, step.json) }));
const [wanted, given] = [normalise(hidden(real)), normalise(hidden(ours))];
const show = (value) => { const text = value === undefined ? "nothing" : JSON.stringify(value); return text.length > 110 ? `${text.slice(0, 107)}...` : text; };
for (const [index, step] of wanted.entries()) {
  await check(`equal: ${step.title}`, () => {
    const other = given[index];
    const found = [...compare(step.status, other.status, "status"), ...compare(step.headers, other.headers, "headers"), ...compare(step.body, other.body)]
      .filter((one) => !reasonFor(area, step.title, one.path, { ...one, status: other.status, bothKnown: true, chanceOnly: second === "medusa" }));
    const kinds = new Map();
    for (const one of found) { const kind = all ? one.path : one.path.replace(/\[\d+\]/g, "[]"); if (!kinds.has(kind)) kinds.set(kind, one); }
    assert.ok(!kinds.size, [...kinds.values()].map(({ path, real: one, ours: two }) => `${path}: real ${show(one)}, ours ${show(two)}`).join("\n"));
  });
}
await check("what is streamed arrives in pieces, and what is large arrives whole", () => {
  assert.deepEqual(real.streamed, { type: "text/event-stream", text: "data: clay\n\ndata: fire\n\ndata: pot\n\n", early: true, bytes: 3 << 20 });
  assert.deepEqual(ours.streamed, real.streamed);
});
await check("the batch job ends alike", () => assert.deepEqual(ours.job, real.job));
await check("subscribers and the job have heard the same", () => {
  const told = ({ heard }) => heard.filter(({ what }) => what !== "tick");
  assert.deepEqual(told(ours), told(real));
  for (const { heard } of [real, ours]) assert.ok(heard.some(({ what, about }) => what === "tick" && about === "in the workshop"), "the scheduled job has not run");
});
await dropAll();
finish();
