#!/usr/bin/env node
// This server and the real Medusa side by side: same data (../shared/peer/gen-data.sh), same requests, one after the other.
//   node bench/run.mjs [--seconds 6] [--connections 16] [--only regex] [--server stheno|medusa] [--out file.json]
// Prints requests per second, CPU per request (server + PostgreSQL), p99 and memory of each, and the ratios.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { help } from "../tests/lib/help.mjs";
import { pause, temporaryDirectory } from "../tests/lib/processes.mjs";
import { binary, peer, projectFolder, serve } from "../tests/lib/servers.mjs";
import { redis, sql, withDatabase } from "../tests/lib/services.mjs";
import { lives, run as runLives } from "./lives.mjs";
import { load, usage } from "./usage.mjs";
import { short, table } from "./table.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const { values: option } = parseArgs({ options: {
  seconds: { type: "string", default: "6" }, connections: { type: "string", default: "16" }, only: { type: "string", default: "." },
  server: { type: "string" }, out: { type: "string" },
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

const post = async (base, path, body) => (await fetch(base + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
const get = async (base, path) => (await fetch(base + path)).json();

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

// A Medusa whose clients have gone goes on with what they asked for: the next row starts when it has calmed down.
async function calm(group) {
  for (let turn = 0; turn < 100; turn++) {
    const before = usage(group, postmaster);
    await pause(300);
    const after = usage(group, postmaster);
    if (after.server - before.server < 0.04) return;
  }
}

async function rows(base, database) {
  const { regions } = await get(base, "/store/regions");
  const region = regions.find(({ countries }) => countries.some(({ iso_2 }) => iso_2 === "de"));
  const { products } = await get(base, `/store/products?limit=50&is_giftcard=false&region_id=${region.id}`);
  const variants = products.flatMap((product) => product.variants.map(({ id }) => id));
  const priced = `region_id=${region.id}&currency_code=${region.currency_code}`;
  // Who the seed of gen-data.sh makes.
  const { access_token: token } = await post(base, "/admin/auth/token", { email: "admin@medusa-test.com", password: "supersecret" });
  const admin = (name, path) => ({ name, path, settings: { L_TOKEN: token } });
  const options = (await (await fetch(`${base}/admin/shipping-options?region_id=${region.id}`, { headers: { authorization: `Bearer ${token}` } })).json()).shipping_options;
  const files = temporaryDirectory("bench");
  const file = (name, list) => { const path = join(files, name); writeFileSync(path, `${list.join("\n")}\n`); return path; };
  return [
    { name: "GET /store/products?limit=12", path: "/store/products?limit=12" },
    { name: "GET /store/products?limit=12 with region", path: `/store/products?limit=12&${priced}` },
    // What a sold unit writes, in a transaction of its own each; the statistics know of it.
    { name: "GET /store/products?limit=12, after 20,000 orders", path: "/store/products?limit=12", async prepare() {
      await sql(database, `do $$ begin for turn in 1..20000 loop update product_variant set inventory_quantity = inventory_quantity where id = '${variants[0]}'; commit; end loop; end $$`);
      await sql(database, "analyze");
    } },
    // A filter that changes nothing, another one each time: no reply is of use twice.
    { name: "GET /store/products?limit=12, each asked once", settings: { L_PATHS: file("once", Array.from({ length: 40_000 }, (_, index) => `/store/products?limit=12&created_at[gt]=${new Date(index * 1000).toISOString()}`)) } },
    { name: "GET /store/products?limit=100", path: "/store/products?limit=100" },
    { name: "GET /store/products/:id with region", settings: { L_PATHS: file("paths", products.map(({ id }) => `/store/products/${id}?${priced}`)) } },
    { name: "POST /store/carts", path: "/store/carts", settings: { L_METHOD: "POST", L_BODY: JSON.stringify({ region_id: region.id }) } },
    { name: "POST /store/carts/:id/line-items", settings: { L_METHOD: "POST" }, async prepare() {
      const carts = [];
      await Promise.all(Array.from({ length: 8 }, async () => { while (carts.length < 512) carts.push((await post(base, "/store/carts", { region_id: region.id })).cart.id); }));
      return { L_PATHS: file("carts", carts.map((id) => `/store/carts/${id}/line-items`)),
        L_BODIES: file("bodies", carts.map((_, index) => JSON.stringify({ variant_id: variants[index % variants.length], quantity: 1 }))) };
    } },
    // As the dashboard asks.
    admin("GET /admin/products", "/admin/products?fields=id,title,thumbnail,status,handle,collection_id&expand=variants,options,variants.prices,variants.options,collection,tags,type,images,sales_channels&is_giftcard=false&offset=0&limit=15"),
    admin("GET /admin/orders", "/admin/orders?expand=customer,shipping_address,sales_channel&fields=id,status,display_id,created_at,email,fulfillment_status,payment_status,total,currency_code&offset=0&limit=15"),
    admin("GET /admin/customers", "/admin/customers?expand=orders&offset=0&limit=15"),
    admin("GET /admin/product-categories", "/admin/product-categories?parent_category_id=null&include_descendants_tree=true"),
    admin("GET /admin/variants", "/admin/variants?offset=0&limit=20"),
    ...lives({ base, token, region: region.id, variants, option: options.find(({ is_return, admin_only }) => !is_return && !admin_only)?.id, returning: options.find(({ is_return }) => is_return)?.id }),
    { name: "whole checkout (9 requests)", checkout: true, settings: { L_CHECKOUT: "1", L_REGION: region.id, L_VARIANTS: file("variants", variants) } },
  ];
}

async function measure(server) {
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
  const group = running.process.pid;
  const result = { server, ready: times.sort((a, b) => a - b)[1], start: usage(group, postmaster).memory, rows: {} };
  const all = await rows(running.base, settings.database);
  const list = all.filter(({ name }) => only.test(name));
  // As many orders as can be lived in that time, and some more.
  const live = async (row, connections, seconds) => {
    let before;
    const found = await runLives(row, { connections, seconds, count: server === "medusa" ? 24 * seconds : 600 * seconds, began: () => { before = usage(group, postmaster); } });
    const after = usage(group, postmaster);
    return { ...found, perSecond: found.count / found.seconds, server: ((after.server - before.server) * 1000) / found.count, postgres: ((after.postgres - before.postgres) * 1000) / found.count,
      memory: after.memory, bytes: 0, sockets: 0, example: "", load: load() };
  };
  const one = async (row, connections, seconds) => {
    if (row.live) return live(row, connections, seconds);
    const extra = { ...row.settings, ...(await row.prepare?.()) };
    await wrk(running.base, row, extra, Math.min(connections, 4), 1); // warm
    await calm(group);
    const before = usage(group, postmaster);
    let memory = 0;
    const timer = setInterval(() => { memory = Math.max(memory, usage(group, postmaster).memory); }, 200);
    const found = await wrk(running.base, row, extra, connections, row.checkout ? seconds * 4 : seconds); // many steps: few would end in time
    clearInterval(timer);
    const after = usage(group, postmaster);
    const count = row.checkout ? found.orders : found.requests;
    return { count, perSecond: count / found.seconds, p50: found.p50, p99: found.p99, server: ((after.server - before.server) * 1000) / count,
      postgres: ((after.postgres - before.postgres) * 1000) / count, memory: Math.max(memory, after.memory), bytes: Math.round(found.bytes / found.requests), bad: found.bad, sockets: found.sockets, example: found.example, load: load() };
  };
  for (const row of list) {
    const found = (result.rows[row.name] = await one(row, Number(option.connections), Number(option.seconds)));
    console.log(`${server.padEnd(7)} ${row.name.padEnd(42)} ${(found.count ? `${found.perSecond.toFixed(1)}/s` : short(NaN)).padStart(11)}  cpu ${short(found.server)} + ${short(found.postgres)} ms  p99 ${short(found.p99)} ms  ${(found.memory / 1048576).toFixed(0)} MiB  bad ${found.bad}+${found.sockets} ${found.example}  load ${found.load}`);
  }
  const found = await one(all[0], 64, Number(option.seconds));
  result.memory64 = found.memory;
  console.log(`${server.padEnd(7)} ready in ${result.ready.toFixed(0)} ms; memory ${(result.start / 1048576).toFixed(0)} MiB at start, ${(found.memory / 1048576).toFixed(0)} MiB with 64 connections`);
  await running.stop();
  await sql(cluster, `drop database if exists "${database}" with (force)`);
  return result;
}

const results = [];
for (const server of option.server ? [option.server] : ["medusa", "stheno"]) results.push(await measure(server));
if (option.out) { mkdirSync(dirname(option.out), { recursive: true }); writeFileSync(option.out, JSON.stringify(results, null, 1)); }
console.log(`\n${table(results)}`);
process.exit(0);
