#!/usr/bin/env node
// How many statements a whole purchase takes once a server has served some: each request of it against what it took when this was
// last written down, without rows that are kept (STHENO_ROW_CACHE=0) and with them.
//   node tests/statements/checkout.mjs [--write]      the counts stand in tests/golden/checkout.tsv
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { root } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

help(import.meta.url);
const golden = join(root, "tests", "golden", "checkout.tsv");

async function purchase(base) {
  const counts = [];
  const ask = async (method, path, body, name = path) => {
    const answer = await call(base, method, path, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text.slice(0, 300)}`);
    counts.push([`${method} ${name}`, Number(answer.headers["x-stheno-statements"])]);
    return answer.body;
  };
  const address = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
  const { products } = await call(base, "GET", "/store/products?handle=mug").then(({ body }) => body);
  const { cart } = await ask("POST", "/store/carts", { region_id: "reg_eu" });
  const path = `/store/carts/${cart.id}`;
  await ask("POST", `${path}/line-items`, { variant_id: products[0].variants[0].id, quantity: 1 }, "/store/carts/:id/line-items");
  await ask("POST", path, { email: "buyer@example.com", shipping_address: address, billing_address: address }, "/store/carts/:id");
  const { shipping_options } = await ask("GET", `/store/shipping-options/${cart.id}`, undefined, "/store/shipping-options/:cart_id");
  await ask("POST", `${path}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id }, "/store/carts/:id/shipping-methods");
  await ask("POST", `${path}/payment-sessions`, undefined, "/store/carts/:id/payment-sessions");
  await ask("POST", `${path}/payment-session`, { provider_id: "manual" }, "/store/carts/:id/payment-session");
  const order = await ask("POST", `${path}/complete`, undefined, "/store/carts/:id/complete");
  assert.equal(order.type, "order");
  await ask("GET", `/store/orders/${order.data.id}`, undefined, "/store/orders/:id");
  return counts;
}

const columns = [];
for (const rows of ["0", "32mb"]) {
  const running = await shop("stheno", { environment: { STHENO_COUNT_STATEMENTS: "1", STHENO_THREADS: "1", STHENO_ROW_CACHE: rows } });
  for (let turn = 0; turn < 3; turn++) columns[rows] = await purchase(running.base);
  await running.stop();
}
const sum = (counts) => counts.reduce((all, [, count]) => all + count, 0);
const table = [...columns[0].map(([request, count], i) => [request, count, columns["32mb"][i][1]]), ["all", sum(columns[0]), sum(columns["32mb"])]];
const text = ["# request, SQL statements without kept rows, and with them; written by node tests/statements/checkout.mjs --write", ...table.map((row) => row.join("\t")), ""].join("\n");
if (process.argv.includes("--write")) writeFileSync(golden, text);
await check("no request of a purchase takes more statements than tests/golden/checkout.tsv says", () => {
  const said = readFileSync(golden, "utf8").trim().split("\n").slice(1).map((line) => line.split("\t"));
  const more = table.filter(([request, without, kept]) => { const before = said.find(([name]) => name === request); return !before || without > Number(before[1]) || kept > Number(before[2]); });
  assert.deepEqual(more, [], "`node tests/statements/checkout.mjs --write` takes these counts");
});
await dropAll();
finish();
