#!/usr/bin/env node
// How long the dashboard's heavy pages take, for one admin who asks alone: printed, with what they are meant to stay below. Nothing fails
// here: times depend on what else the machine does.
//   node bench/pages.mjs [--products 2000]     a shop of its own, with one large product among that many
import { parseArgs } from "node:util";
import { agent, call } from "../tests/lib/buying.mjs";
import { help } from "../tests/lib/help.mjs";
import { admin } from "../tests/lib/servers.mjs";
import { sql } from "../tests/lib/services.mjs";
import { dropAll, shop } from "../tests/lib/shop.mjs";

help(import.meta.url);

const { values: option } = parseArgs({ options: { products: { type: "string", default: "2000" } } });
const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);
const running = await shop("stheno", { environment: { STHENO_COUNT_STATEMENTS: "1" } });
const { base, database } = running;

const login = await call(base, "POST", "/admin/auth/token", admin);
const headers = { authorization: `Bearer ${login.body.access_token}` };
async function must(method, path, body) {
  const answer = await call(base, method, path, body, headers);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer;
}

// Many ordinary products, then one with 100 variants of 5 options and 10 prices each.
await sql(database, `
  insert into product (id, title, handle, status, description, created_at) select 'prod_p' || i, 'Thing ' || i, 'thing-' || i, 'published', 'A thing', now() - i * interval '1 minute' from generate_series(1, ${Number(option.products)}) i;
  insert into product_variant (id, title, product_id, sku, inventory_quantity, variant_rank) select 'variant_p' || i || '_' || j, 'Variant ' || j, 'prod_p' || i, 'P-' || i || '-' || j, 10, j from generate_series(1, ${Number(option.products)}) i, generate_series(0, 3) j;
  insert into money_amount (id, currency_code, amount) select 'ma_p' || i || '_' || j, 'eur', 1000 + j from generate_series(1, ${Number(option.products)}) i, generate_series(0, 3) j;
  insert into product_variant_money_amount (id, money_amount_id, variant_id) select 'pvma_p' || i || '_' || j, 'ma_p' || i || '_' || j, 'variant_p' || i || '_' || j from generate_series(1, ${Number(option.products)}) i, generate_series(0, 3) j;
  insert into region (id, name, currency_code, tax_rate) select 'reg_p' || i, 'Region ' || i, 'eur', 0 from generate_series(1, 8) i;
  insert into product_sales_channel (product_id, sales_channel_id) select 'prod_p' || i, (select default_sales_channel_id from store) from generate_series(1, ${Number(option.products)}) i;
  analyze`);
const prices = [...["eur", "usd"].map((currency_code) => ({ currency_code, amount: 1000 })), ...upTo(8).map((i) => ({ region_id: `reg_p${i}`, amount: 900 + i }))];
const large = {
  title: "Large", options: upTo(5).map((i) => ({ title: `Option ${i}` })),
  variants: upTo(100).map((i) => ({ title: `Variant ${i}`, sku: `LARGE-${i}`, inventory_quantity: 1, prices, options: upTo(5).map((j) => ({ value: `${i} ${j}` })) })),
};
const started = performance.now();
const { body: { product } } = await must("POST", "/admin/products", large);
const made = performance.now() - started;

async function page(name, limit, method, path, body) {
  const times = [];
  let answer;
  for (let turn = 0; turn < 30; turn++) {
    const began = performance.now();
    answer = await must(method, path, typeof body === "function" ? body(turn) : body);
    if (turn >= 5) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(part * (times.length - 1))].toFixed(1);
  console.log(`${name.padEnd(58)} ${at(0.5).padStart(7)} ms, 95 % below ${at(0.95)} ms   (${limit} ms)   ${(answer.text.length / 1000).toFixed(0)} KB, ${answer.headers["x-stheno-statements"]} statements`);
}

try {
  console.log(`a product of 100 variants, 5 options and 1,000 prices among ${option.products} others, made in ${made.toFixed(0)} ms`);
  await page("one product: GET /admin/products/:id", 50, "GET", `/admin/products/${product.id}`);
  await page("its prices changed: POST /admin/products/:id", 250, "POST", `/admin/products/${product.id}`, (turn) => ({
    variants: product.variants.map(({ id }) => ({ id, prices: prices.map((price) => ({ ...price, amount: price.amount + turn })) })),
  }));
  await page("one column changed: POST /admin/products/:id", 100, "POST", `/admin/products/${product.id}`, (turn) => ({ subtitle: `No. ${turn}` }));
  const list = "fields=id,title,thumbnail,status,handle,collection_id&expand=variants,options,variants.prices,variants.options,collection,tags,type,images,sales_channels&is_giftcard=false&limit=15";
  await page("the list of products", 50, "GET", `/admin/products?${list}&created_at[lt]=${new Date(Date.now() - 60_000).toISOString()}`);
  await page("the list, searched", 50, "GET", `/admin/products?${list}&q=thing 19`.replace(" ", "%20"));
  await page("the list by sales channel", 50, "GET", `/admin/products?${list}&sales_channel_id[]=${product.sales_channels[0].id}&offset=100`);
  await page("variants, searched", 50, "GET", "/admin/variants?q=p-19&limit=20");
} finally {
  agent.destroy();
  await running.stop();
  await dropAll();
}
