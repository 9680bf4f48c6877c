#!/usr/bin/env node
// What a request takes in a shop of 2,000 products and in one of 100,000: lists, searches and counts, one client, no reply kept, none of
// them asked twice. Here alone, or with the real Medusa beside.
//   node bench/large.mjs [--only regex] [--turns 9] [--server stheno|medusa]
// The data are those of ../shared/peer/gen-data.sh: PRODUCTS=100000 CUSTOMERS=100000 ORDERS=200000 takes some minutes and 2.5 GB, once.
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { help } from "../tests/lib/help.mjs";
import { peer, projectFolder, serve } from "../tests/lib/servers.mjs";
import { redis, sql, withDatabase } from "../tests/lib/services.mjs";
import { load } from "./usage.mjs";

help(import.meta.url);

const { values: option } = parseArgs({ options: { only: { type: "string", default: "." }, turns: { type: "string", default: "9" }, server: { type: "string", default: "stheno" } } });
const { scripts, missing } = peer();
if (missing) { console.error(missing); process.exit(1); }
const cluster = `postgres://postgres@127.0.0.1:${process.env.PEER_PG_PORT ?? "5441"}/postgres`;
const shops = [
  { name: "2,000 products", template: process.env.PEER_BENCH_DB ?? "medusa_bench", products: 2000, customers: 10_000, orders: 20_000 },
  { name: "100,000 products", template: process.env.PEER_LARGE_DB ?? "medusa_bench_large", products: 100_000, customers: 100_000, orders: 200_000 },
];

const script = (text, environment = {}) => execFileSync("bash", ["-c", `cd "$0" && . ./env.sh && ${text}`, scripts], { encoding: "utf8", stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...environment } });
script("start_services");
async function fill({ template, products, customers, orders }) {
  const filled = await sql(withDatabase(cluster, template), `select to_regclass('public.order') is not null and (select count(*) from "order") > 0`).catch(() => [["f"]]);
  if (filled[0][0] === "t") return;
  console.log(`making ${template} once ...`);
  script("nice -n 19 ./gen-data.sh", { PEER_BENCH_DB: template, PRODUCTS: String(products), CUSTOMERS: String(customers), ORDERS: String(orders) });
}

// The paths of each row: another one each turn.
const rows = ({ products, customers, orders }, { region, category, ids }) => {
  const some = (turn, of) => 1 + ((turn + 1) * 7919) % of;
  const kinds = ["shirt", "jacket", "trousers", "scarf", "sweater", "dress", "shorts", "socks"];
  const priced = `region_id=${region.id}&currency_code=${region.currency_code}`;
  return [
    ["GET /store/products/:id", (turn) => `/store/products/${ids[turn % ids.length]}?${priced}`],
    ["GET /store/products, each asked once", (turn) => `/store/products?limit=12&${priced}&offset=${turn}`],
    ["GET /store/products, a filter each", (turn) => `/store/products?limit=12&${priced}&created_at[gt]=${new Date(turn * 1000).toISOString()}`],
    ["GET /store/products by category", (turn) => `/store/products?limit=12&${priced}&category_id[]=${category}&offset=${turn}`],
    ["GET /store/products?order=title", (turn) => `/store/products?limit=12&${priced}&order=title&offset=${turn}`],
    ["GET /store/products?q= a common word", (turn) => `/store/products?limit=12&${priced}&q=${kinds[turn % kinds.length]}`],
    ["GET /store/products?q= two words", (turn) => `/store/products?limit=12&${priced}&q=linen%20${kinds[turn % kinds.length]}`],
    ["GET /store/products?q= a rare word", (turn) => `/store/products?limit=12&${priced}&q=${kinds[turn % kinds.length]}%20${some(turn, products)}`],
    ["GET /store/products?q= a sku", (turn) => `/store/products?limit=12&${priced}&q=SKU-${some(turn, products)}-2`],
    ["GET /admin/products?q=", (turn) => `/admin/products?limit=15&q=SKU-${some(turn, products)}-1`],
    ["GET /admin/variants?q=", (turn) => `/admin/variants?limit=20&q=SKU-${some(turn, products)}-3`],
    ["GET /admin/customers?q=", (turn) => `/admin/customers?limit=15&q=customer${some(turn, customers)}@`],
    ["GET /admin/orders?q= an email", (turn) => `/admin/orders?limit=15&q=customer${some(turn, customers)}@`],
    ["GET /admin/orders?q= a display id", (turn) => `/admin/orders?limit=15&q=${some(turn, orders)}`],
    ["GET /admin/orders?payment_status[]=", (turn) => `/admin/orders?limit=15&payment_status[]=${["captured", "awaiting", "canceled"][turn % 3]}&offset=${turn}`],
    ["GET /admin/orders", (turn) => `/admin/orders?limit=15&offset=${turn}`],
  ].filter(([name]) => new RegExp(option.only).test(name));
};

async function measure(shop) {
  await fill(shop);
  const name = `${shop.template}_lists`;
  await sql(cluster, `drop database if exists "${name}" with (force)`);
  await sql(cluster, `create database "${name}" template "${shop.template}"`);
  const database = withDatabase(cluster, name);
  const running = await serve(option.server, { folder: projectFolder(), database, redis: await redis(), environment: { STHENO_REPLY_CACHE: "0" } });
  // The indexes that come in the background, and statistics of all.
  const indexes = () => sql(database, "select count(*) from pg_index where indexrelid in (to_regclass('stheno_order_search'), to_regclass('stheno_address_first_name'), to_regclass('stheno_customer_search')) and indisvalid");
  const end = performance.now() + 600_000;
  while (option.server === "stheno" && (await indexes())[0][0] !== "3" && performance.now() < end) await new Promise((done) => setTimeout(done, 500));
  await sql(database, "vacuum analyze");
  const ask = async (path, headers, init = {}) => {
    const began = performance.now();
    const answer = await fetch(running.base + path, { headers, ...init });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`);
    return { took: performance.now() - began, body: JSON.parse(text) };
  };
  const { body: { access_token } } = await ask("/admin/auth/token", { "content-type": "application/json" }, { method: "POST", body: JSON.stringify({ email: "admin@medusa-test.com", password: "supersecret" }) });
  const headers = { authorization: `Bearer ${access_token}` };
  const { body: { regions } } = await ask("/store/regions");
  const [[category]] = await sql(database, "select id from product_category order by id desc limit 1");
  const ids = (await sql(database, "select id from product where status = 'published' and deleted_at is null order by md5(id) limit 100")).map(([id]) => id);
  const found = new Map();
  for (const [row, path] of rows(shop, { region: regions[0], category, ids })) {
    const times = [];
    for (let turn = 0; turn < Number(option.turns); turn++) {
      const { took } = await ask(path(turn), row.includes("/admin/") ? headers : {});
      if (turn) times.push(took); // the first one prepares the statements
    }
    times.sort((a, b) => a - b);
    found.set(row, `${times[Math.floor(times.length / 2)].toFixed(1)} ms, at most ${times.at(-1).toFixed(0)}`);
  }
  await running.stop();
  await sql(cluster, `drop database if exists "${name}" with (force)`);
  return found;
}

const results = [];
for (const shop of shops) results.push(await measure(shop));
console.log(`${option.server}, one client, load ${load()}\n\n| request | ${shops.map(({ name }) => name).join(" | ")} |\n| --- | ---: | ---: |`);
for (const row of results[0].keys()) console.log(`| ${row} | ${results.map((found) => found.get(row)).join(" | ")} |`);
process.exit(0);
