#!/usr/bin/env node
// This server and the real Medusa side by side: same data (../shared/peer/gen-data.sh), same requests, both in turn.
//   node bench/run.mjs [--seconds 6] [--connections 16] [--turns 2] [--only regex] [--server stheno|medusa] [--out file.json]
// Prints requests per second, CPU per request (server + PostgreSQL), p99 and memory of each, the medians of all turns and their ratios.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { help } from "../tests/lib/help.mjs";
import { pause } from "../tests/lib/processes.mjs";
import { binary, peer, projectFolder, serve } from "../tests/lib/servers.mjs";
import { redis, sql, withDatabase } from "../tests/lib/services.mjs";
import { run as runLives } from "./lives.mjs";
import { measureLimit } from "./limit.mjs";
import { rows } from "./rows.mjs";
import { load, usage } from "./usage.mjs";
import { short, table } from "./table.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const { values: option } = parseArgs({ options: {
  seconds: { type: "string", default: "6" }, connections: { type: "string", default: "16" }, only: { type: "string", default: "." },
  server: { type: "string" }, turns: { type: "string", default: "2" }, out: { type: "string" },
} });
const only = new RegExp(option.only);
const { scripts, home, missing } = peer();
if (missing) { console.error(missing); process.exit(1); }
if (option.server !== "medusa" && !existsSync(binary)) { console.error(`${binary} is not built: ./dev build`); process.exit(1); }

// The cluster of the peer, its bench database made once.
const peerPort = process.env.PEER_PG_PORT ?? "5441";
const cluster = `postgres://postgres@127.0.0.1:${peerPort}/postgres`;
const template = process.env.PEER_BENCH_DB ?? "medusa_bench";
const peerShell = (text) => execFileSync("bash", ["-c", `cd "$0" && . ./env.sh && ${text}`, scripts], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
peerShell("start_services");
const filled = await sql(withDatabase(cluster, template), `select to_regclass('public.order') is not null and (select count(*) from "order") > 0`).catch(() => [["f"]]);
if (filled[0][0] !== "t") { console.log("making the bench database once ..."); peerShell("./gen-data.sh"); }
const postmaster = Number((await sql(cluster, "show data_directory"))[0][0] && readFileSync(join((await sql(cluster, "show data_directory"))[0][0], "postmaster.pid"), "utf8").split("\n")[0]);

async function wrk(base, row, settings, connections, seconds) {
  const child = spawn("wrk", [`-t${row.checkout ? connections : 1}`, `-c${connections}`, `-d${seconds}s`, "--timeout", "30s", "-s", join(here, "load.lua"), base + (row.path ?? "/")],
    { env: { ...process.env, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  await new Promise((resolve) => child.once("close", resolve));
  const found = /RESULT\t(.*)/.exec(output);
  if (!found) throw new Error(`wrk: ${output.slice(0, 500)}`);
  const [requests, orders, duration, p50, p99, bad, sockets, bytes, example] = found[1].split("\t");
  return { requests: Number(requests), orders: Number(orders), seconds: Number(duration), p50: Number(p50), p99: Number(p99), bad: Number(bad), sockets: Number(sockets), bytes: Number(bytes), example };
}

function median(list) {
  const sorted = list.filter(Number.isFinite).sort((a, b) => a - b), middle = sorted.length / 2;
  return sorted.length ? (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2 : NaN;
}

// A Medusa whose clients have gone goes on with what they asked for: the next row starts when it has calmed down.
async function calm(group) {
  for (let turn = 0; turn < 100; turn++) {
    const before = usage(group, postmaster);
    await pause(300);
    const after = usage(group, postmaster);
    if (after.server - before.server < 0.04) return;
  }
}

// A server with a copy of the data of its own, and its rows.
async function open(server) {
  const database = `${template}_${server}`;
  await sql(cluster, `drop database if exists "${database}" with (force)`);
  await sql(cluster, `create database "${database}" template "${template}"`);
  await sql(withDatabase(cluster, database), "vacuum analyze");
  await sql(withDatabase(cluster, database), "update product_variant set inventory_quantity = 1000000");
  const settings = { folder: projectFolder(), database: withDatabase(cluster, database), redis: await redis() };
  const times = [];
  let running;
  for (let turn = 0; turn < 3; turn++) {
    running = await serve(server, settings);
    times.push(running.readyMilliseconds);
    if (turn < 2) await running.stop();
  }
  const start = usage(running.process.pid, postmaster).memory;
  const close = async () => { await running.stop(); await sql(cluster, `drop database if exists "${database}" with (force)`); };
  return { server, running, database: settings.database, ready: median(times), start, all: await rows(running.base, settings.database), rows: {}, close };
}

// As many orders as can be lived in that time, and some more.
async function live({ server, running }, row, connections, seconds) {
  const group = running.process.pid;
  let before;
  const found = await runLives(row, { connections, seconds, count: server === "medusa" ? 24 * seconds : 600 * seconds, began: () => { before = usage(group, postmaster); } });
  const after = usage(group, postmaster);
  return { ...found, perSecond: found.count / found.seconds, server: ((after.server - before.server) * 1000) / found.count, postgres: ((after.postgres - before.postgres) * 1000) / found.count,
    memory: after.memory, bytes: 0, sockets: 0, example: "", load: load() };
}

async function measure(opened, row, connections, seconds) {
  if (row.live) return live(opened, row, connections, seconds);
  const { running } = opened, group = running.process.pid;
  const settings = { ...row.settings, ...(await row.prepare?.()) };
  await wrk(running.base, row, settings, Math.min(connections, 4), 1); // warm
  await calm(group);
  const beside = row.beside?.();
  const before = usage(group, postmaster);
  let memory = 0;
  const timer = setInterval(() => { memory = Math.max(memory, usage(group, postmaster).memory); }, 200);
  const found = await wrk(running.base, row, settings, connections, row.checkout ? seconds * 4 : seconds); // many steps: few would end in time
  clearInterval(timer);
  const after = usage(group, postmaster);
  const example = [found.example, await beside?.()].filter(Boolean).join("; ");
  const count = row.checkout ? found.orders : found.requests;
  return { count, perSecond: count / found.seconds, p50: found.p50, p99: found.p99, server: ((after.server - before.server) * 1000) / count,
    postgres: ((after.postgres - before.postgres) * 1000) / count, memory: Math.max(memory, after.memory), bytes: Math.round(found.bytes / found.requests), bad: found.bad, sockets: found.sockets, example, load: load() };
}

// The median of each figure; all that went wrong, and the most memory.
function together(found) {
  const of = (name) => median(found.map((one) => one[name]));
  const sum = (name) => found.reduce((all, one) => all + (one[name] ?? 0), 0);
  return { ...found.at(-1), count: sum("count"), ...Object.fromEntries(["perSecond", "p50", "p99", "server", "postgres", "load"].map((name) => [name, of(name)])),
    memory: Math.max(...found.map(({ memory }) => memory)), bad: sum("bad"), sockets: sum("sockets") };
}
const show = (server, name, found) => console.log(`${server.padEnd(7)} ${name.padEnd(64)} ${(found.count ? `${found.perSecond.toFixed(1)}/s` : short(NaN)).padStart(11)}  cpu ${short(found.server)} + ${short(found.postgres)} ms  p99 ${short(found.p99)} ms  ${(found.memory / 1048576).toFixed(0)} MiB  bad ${found.bad}+${found.sockets} ${found.example}  load ${found.load}`);

const connections = Number(option.connections), seconds = Number(option.seconds), turns = Number(option.turns);
const servers = [];
for (const server of option.server ? [option.server] : ["medusa", "stheno"]) servers.push(await open(server));
for (const [index, { name }] of servers[0].all.entries()) {
  if (!only.test(name)) continue;
  const found = new Map(servers.map((opened) => [opened, []]));
  // In turn, so that what else the machine does meets both.
  for (let turn = 0; turn < turns; turn++)
    for (const opened of servers) {
      const one = await measure(opened, opened.all[index], connections, seconds);
      found.get(opened).push(one);
      show(opened.server, name, one);
    }
  for (const opened of servers) opened.rows[name] = together(found.get(opened));
  const ours = servers.find(({ server }) => server === "stheno");
  if (ours?.all[index].once) {
    const limit = await measureLimit({ once: ours.all[index].once, cluster, database: ours.database, connections, seconds: ours.all[index].checkout ? seconds * 4 : seconds, postmaster });
    ours.rows[name].limit = limit;
    const here = ours.rows[name];
    console.log(`limit   ${name.padEnd(64)} ${`${limit.perSecond.toFixed(1)}/s`.padStart(11)}  cpu of PostgreSQL ${short(limit.postgres)} ms, ${limit.statements} statements; here ${short(limit.perSecond / here.perSecond)} times fewer, ${short(here.postgres / limit.postgres)} times its CPU`);
  }
}
for (const opened of servers) {
  opened.memory64 = (await measure(opened, opened.all[0], 64, seconds)).memory;
  console.log(`${opened.server.padEnd(7)} ready in ${opened.ready.toFixed(0)} ms; memory ${(opened.start / 1048576).toFixed(0)} MiB at start, ${(opened.memory64 / 1048576).toFixed(0)} MiB with 64 connections`);
  await opened.close();
}
const results = servers.map(({ server, ready, start, rows: measured, memory64 }) => ({ server, ready, start, rows: measured, memory64 }));
if (option.out) { mkdirSync(dirname(option.out), { recursive: true }); writeFileSync(option.out, JSON.stringify(results, null, 1)); }
console.log(`\n${table(results)}`);
process.exit(0);
