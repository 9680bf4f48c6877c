#!/usr/bin/env node
// No route's number of SQL statements grows with rows: every route, and a purchase with its admin side, is sent to two
// databases, one with ten times the rows of everything (fill.sql), and must cost both the same. A route without a request
// here fails. How many statements each costs stands in tests/golden/statements.tsv; more of them fail too.
//   node tests/statements/run.mjs [--write] [--table]    --write takes today's counts, --table prints them
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { agent, call } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { signJwt } from "../lib/script.mjs";
import { admin, allRoutes, serve } from "../lib/servers.mjs";
import { sqlFile } from "../lib/services.mjs";
import { copy, dropAll, environmentOf, project, template } from "../lib/shop.mjs";
import { catalogue } from "./catalogue.mjs";
import { edits } from "./edits.mjs";
import { offers } from "./offers.mjs";
import { people } from "./people.mjs";
import { selling } from "./selling.mjs";
import { settings } from "./settings.mjs";
import { noStock, stock, stockedPurchase } from "./stock.mjs";
import { swaps } from "./swaps.mjs";
import { taxonomy } from "./taxonomy.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, "..", "golden", "statements.tsv");
const { values: option } = parseArgs({ options: { write: { type: "boolean" }, table: { type: "boolean" } } });
const small = 2, large = 20;

const address = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);

// Sends the requests of one walk through the shop with n of everything; `step` notes the count of each and returns its answer.
async function walk(n, step) {
  const as = (answer) => ({ authorization: `Bearer ${answer.access_token}` });
  const customer = { email: "x1@example.com", password: admin.password };

  // Who asks.
  const me = as(await step("POST /store/auth/token", { body: customer }));
  const user = as(await step("POST /admin/auth/token", { body: admin }));
  await step("POST /store/auth", { body: customer });
  await step("POST /admin/auth", { body: admin });
  await step("GET /store/auth", { headers: me });
  await step("GET /admin/auth", { headers: user });
  await step("GET /store/auth/:email", { path: "/store/auth/x1@example.com" });
  await step("DELETE /store/auth", { headers: me });
  await step("DELETE /admin/auth", { headers: user });

  // The catalogue.
  const priced = "region_id=reg_eu&currency_code=eur", all = "limit=1000";
  await step("GET /store/regions", {});
  await step("GET /store/regions/:region_id", { path: "/store/regions/reg_eu" });
  await step("GET /store/collections", { path: `/store/collections?${all}` });
  await step("GET /store/collections/:id", { path: "/store/collections/pcol_x1" });
  await step("GET /store/product-types", { path: `/store/product-types?${all}` });
  await step("GET /store/product-tags", { path: `/store/product-tags?${all}` });
  await step("GET /store/product-categories", { path: `/store/product-categories?${all}` });
  await step("GET /store/product-categories", { note: "tree", path: `/store/product-categories?${all}&include_descendants_tree=true&parent_category_id=null` });
  await step("GET /store/product-categories/:id", { path: "/store/product-categories/pcat_x1" });
  await step("GET /store/product-categories/:id", { note: "the root of n levels", path: "/store/product-categories/pcat_deep1" });
  await step("GET /store/products", { path: `/store/products?${all}` });
  await step("GET /store/products", { note: "priced", path: `/store/products?${all}&${priced}` });
  await step("GET /store/products", { note: "priced for a customer", path: `/store/products?${all}&${priced}`, headers: me });
  await step("GET /store/products", { note: "by key", path: `/store/products?${all}`, headers: { "x-publishable-api-key": "pk_x" } });
  await step("GET /store/products", { note: "search", path: `/store/products?${all}&q=thing` });
  await step("GET /store/products", { note: "expanded", path: `/store/products?${all}&${priced}&expand=variants.prices,variants.options,options.values,images,tags,type,collection,categories,sales_channels` });
  await step("GET /store/products", { note: "of a category", path: `/store/products?${all}&category_id[]=pcat_x1&include_category_children=true` });
  await step("GET /store/products/:id", { path: "/store/products/prod_x1" });
  await step("GET /store/products/:id", { note: "priced", path: `/store/products/prod_x1?${priced}` });
  await step("POST /store/products/search", { body: { q: "thing" }, status: [200, 500] }); // nothing to search with
  await step("GET /store/variants", { path: `/store/variants?${all}&${priced}` });
  await step("GET /store/variants/:id", { path: `/store/variants/variant_x1_1?${priced}` });
  await step("GET /store/gift-cards/:code", { path: "/store/gift-cards/GIFT-X1" });
  await step("GET /store/shipping-options", { path: "/store/shipping-options?region_id=reg_eu" });

  // The customer.
  await step("POST /store/customers", { body: { email: "new@example.com", password: "supersecret", first_name: "N", last_name: "N" } });
  await step("GET /store/customers/me", { headers: me });
  await step("POST /store/customers/me", { headers: me, body: { first_name: "M", billing_address: address } });
  const { customer: { shipping_addresses: addresses } } = await step("POST /store/customers/me/addresses", { headers: me, body: { address: { ...address, last_name: "X" } } });
  await step("POST /store/customers/me/addresses/:address_id", { path: `/store/customers/me/addresses/${addresses[0].id}`, headers: me, body: { city: "Gadeira" } });
  await step("DELETE /store/customers/me/addresses/:address_id", { path: `/store/customers/me/addresses/${addresses[0].id}`, headers: me });
  await step("GET /store/customers/me/orders", { path: `/store/customers/me/orders?${all}`, headers: me });
  await step("GET /store/customers/me/payment-methods", { headers: me });
  await step("POST /store/customers/password-token", { body: { email: "x1@example.com" }, status: [204] });
  await step("POST /store/customers/password-reset", { body: { email: "x1@example.com", token: "none", password: "supersecret" }, status: [401] });

  // A cart of n items.
  const variant = (i) => ({ variant_id: `variant_x1_${i}`, quantity: 2 });
  await step("POST /store/carts", { note: "empty", body: {} });
  const { cart } = await step("POST /store/carts", { note: "n items", headers: me, body: { region_id: "reg_eu", items: upTo(n - 1).map(variant) } });
  const path = `/store/carts/${cart.id}`;
  const items = async () => (await step("GET /store/carts/:id", { path, headers: me })).cart.items;
  await step("POST /store/carts/:id/line-items", { path: `${path}/line-items`, headers: me, body: variant(n) });
  const [first] = await items();
  await step("POST /store/carts/:id/line-items/:line_id", { path: `${path}/line-items/${first.id}`, headers: me, body: { quantity: 3 } });
  await step("POST /store/carts/:id", { note: "customer and addresses", path, headers: me, body: { email: customer.email, shipping_address: address, billing_address: address } });
  await step("POST /store/carts/:id", { note: "region", path, headers: me, body: { region_id: "reg_x1" } });
  await step("POST /store/carts/:id", { note: "region back", path, headers: me, body: { region_id: "reg_eu", country_code: "de" } });
  await step("POST /store/carts/:id", { note: "discounts", path, headers: me, body: { discounts: [{ code: "X1" }, { code: "FREESHIP" }] } });
  await step("POST /store/carts/:id", { note: "n gift cards", path, headers: me, body: { gift_cards: upTo(n).map((i) => ({ code: `GIFT-X${i}` })) } });
  await step("GET /store/carts/:id", { note: "with all", path, headers: me });
  await step("GET /store/shipping-options/:cart_id", { path: `/store/shipping-options/${cart.id}` });
  await step("POST /store/carts/:id/shipping-methods", { path: `${path}/shipping-methods`, headers: me, body: { option_id: "so_x1" } });
  await step("POST /store/carts/:id/shipping-methods", { note: "another", path: `${path}/shipping-methods`, headers: me, body: { option_id: "so_x2" } });
  await step("POST /store/carts/:id/taxes", { path: `${path}/taxes`, headers: me });
  await step("POST /store/carts/:id/payment-sessions", { path: `${path}/payment-sessions`, headers: me });
  await step("POST /store/carts/:id/payment-session", { path: `${path}/payment-session`, headers: me, body: { provider_id: "manual" } });
  await step("POST /store/carts/:id/payment-sessions/:provider_id", { path: `${path}/payment-sessions/manual`, headers: me, body: { data: { seen: true } } });
  await step("POST /store/carts/:id/payment-sessions/:provider_id/refresh", { path: `${path}/payment-sessions/manual/refresh`, headers: me });
  await step("DELETE /store/carts/:id/discounts/:code", { path: `${path}/discounts/FREESHIP`, headers: me });
  await step("POST /store/carts/:id/line-items/:line_id", { note: "with a session", path: `${path}/line-items/${first.id}`, headers: me, body: { quantity: 4 } });
  await step("DELETE /store/carts/:id/line-items/:line_id", { path: `${path}/line-items/${first.id}`, headers: me });
  await step("DELETE /store/carts/:id/payment-sessions/:provider_id", { path: `${path}/payment-sessions/manual`, headers: me });
  await step("POST /store/carts/:id/shipping-methods", { note: "again", path: `${path}/shipping-methods`, headers: me, body: { option_id: "so_x1" } });
  await step("POST /store/carts/:id/payment-sessions", { note: "again", path: `${path}/payment-sessions`, headers: me });
  const { data: order } = await step("POST /store/carts/:id/complete", { path: `${path}/complete`, headers: me });
  await step("POST /store/carts/:id/complete", { note: "again", path: `${path}/complete`, headers: me });
  await step("POST /store/carts/:id/complete-cart", { path: `${path}/complete-cart`, headers: me });

  await offers(n, step, { user });
  await catalogue(n, step, { user });
  await settings(n, step, { user });
  await noStock(step, { user });
  await people(n, step, { user });
  await taxonomy(n, step, { user });
  await selling(n, step, { user });
  await edits(n, step, { user });

  // The order; and one with n of everything.
  assert.equal(order.items.length, n - 1);
  await step("GET /store/orders/:id", { path: `/store/orders/${order.id}` });
  await step("GET /store/orders/:id", { note: "with all", path: "/store/orders/order_x1" });
  await step("GET /store/orders/cart/:cart_id", { path: `/store/orders/cart/${cart.id}` });
  await step("GET /store/orders", { path: `/store/orders?display_id=${order.display_id}&email=${customer.email}` });
  const claimed = upTo(n).map((i) => `order_x${i}`);
  await step("POST /store/orders/batch/customer/token", { headers: me, body: { order_ids: claimed } });
  await step("POST /store/orders/customer/confirm", { body: { token: signJwt({ claimingCustomerId: "cus_x1", orders: claimed }) } });
  await step("GET /admin/orders", { path: `/admin/orders?${all}`, headers: user });
  await step("GET /admin/orders", { note: "totals", path: `/admin/orders?${all}&fields=id,total,subtotal,refundable_amount&expand=items,customer,discounts`, headers: user });
  await step("GET /admin/orders", { note: "search", path: `/admin/orders?${all}&q=x1`, headers: user });
  await step("GET /admin/orders/:id", { path: `/admin/orders/${order.id}`, headers: user });
  await step("GET /admin/orders/:id", { note: "with all", path: "/admin/orders/order_x1", headers: user });
  const ofOrder = (rest, more) => ({ path: `/admin/orders/${order.id}${rest}`, headers: user, ...more });
  const there = { first_name: "X", country_code: "de", metadata: { floor: 1 } };
  await step("POST /admin/orders/:id", ofOrder("", { body: { email: "y@example.com", shipping_address: there, billing_address: there, discounts: upTo(n).map((i) => ({ id: `disc_x${i}` })), items: upTo(n).map(() => ({ title: "By hand", unit_price: 1, quantity: 1 })) } }));
  await step("POST /admin/orders/:id/shipping-methods", { path: "/admin/orders/order_x1/shipping-methods", headers: user, body: { option_id: "so_x1", price: 1 } });
  await step("POST /admin/orders/:id/capture", ofOrder("/capture"));
  const pack = async (note, take) => {
    const answer = await step("POST /admin/orders/:id/fulfillment", ofOrder("/fulfillment", { note, body: { items: order.items.filter(take).map(({ id }) => ({ item_id: id, quantity: 1 })) } }));
    return answer.order.fulfillments.find(({ canceled_at, shipped_at }) => !canceled_at && !shipped_at).id;
  };
  const undone = await pack("n items", () => true);
  await step("POST /admin/orders/:id/fulfillments/:fulfillment_id/cancel", ofOrder(`/fulfillments/${undone}/cancel`));
  const kept = await pack("n items again", () => true);
  await step("POST /admin/orders/:id/cancel", { path: "/admin/orders/order_end/cancel", headers: user });
  await step("POST /admin/orders/:id/capture", { note: "n payments", path: "/admin/orders/order_x2/capture", headers: user });
  await step("POST /admin/orders/:id/refund", { path: "/admin/orders/order_x2/refund", headers: user, body: { amount: 1000 * n - n, reason: "other" } });
  await step("POST /admin/orders/:id/complete", { path: "/admin/orders/order_x1/complete", headers: user });
  await step("POST /admin/orders/:id/archive", { path: "/admin/orders/order_x1/archive", headers: user });
  await step("POST /admin/orders/:id/shipment", ofOrder("/shipment", { body: { fulfillment_id: kept, tracking_numbers: upTo(n).map((i) => `T${i}`) } }));
  await swaps(n, step, { user, order });
}

// The same for a shop with the inventory and stock location modules.
async function walkWithStock(n, step) {
  const { access_token } = await step("POST /admin/auth/token", { body: admin });
  const user = { authorization: `Bearer ${access_token}` };
  await stock(n, step, { user });
  await stockedPurchase(n, step, { user, address });
}

// What a server says must be the request's own count, whatever else runs on its thread.
async function amongOthers(base, found) {
  const paths = ["/store/regions", "/store/products?limit=3", "/store/collections", "/store/products?limit=3&region_id=reg_eu"];
  const counted = async (path) => Number((await call(base, "GET", path)).headers["x-stheno-statements"]);
  const alone = [];
  for (const path of paths) alone.push(await counted(path));
  const together = await Promise.all(Array.from({ length: 40 }, (_, index) => counted(paths[index % paths.length])));
  found.together = together.map((count, index) => [count, alone[index % paths.length]]).filter(([count, wanted]) => count !== wanted);
}

async function count(n, found, { extras = {}, fills = ["fill.sql"] }, walking) {
  const database = await copy(await template("stheno", extras));
  for (const fill of fills) await sqlFile(database, join(here, fill), { n });
  const running = await serve("stheno", { folder: project(), database, environment: { ...environmentOf(extras), STHENO_COUNT_STATEMENTS: "1", STHENO_REPLY_CACHE: "0", STHENO_ROW_CACHE: "0", STHENO_THREADS: "1" } });
  try {
    await walking(n, async (route, { note, path, body, headers, status = [200] }) => {
      const [method, pattern] = route.split(" ");
      const answer = await call(running.base, method, path ?? pattern, body, headers);
      assert.ok(status.includes(answer.status), `${route} with n = ${n}: ${answer.status} ${answer.text.slice(0, 300)}`);
      const counted = answer.headers["x-stheno-statements"];
      assert.match(counted ?? "", /^\d+$/, `${route}: no header x-stheno-statements`);
      const name = note ? `${route} (${note})` : route;
      if (!found.has(name)) found.set(name, Number(counted));
      return answer.body;
    });
    if (!found.together) await amongOthers(running.base, found);
  } finally {
    agent.destroy();
    await running.stop();
  }
}

async function counts(n) {
  const found = new Map();
  await count(n, found, {}, walk);
  await count(n, found, { extras: { inventory: true }, fills: ["fill.sql", "fill_stock.sql"] }, walkWithStock);
  return found;
}

let few, many;
await check(`a walk through a shop with ${small} of everything`, async () => { few = await counts(small); });
await check(`a walk through a shop with ${large} of everything`, async () => { many = await counts(large); });
if (few && many) {
  await check("requests that interleave are counted apart", () => assert.deepEqual(many.together, []));
  await check("no count of statements grows with rows", () => {
    const grown = [...many].filter(([name, count]) => count !== few.get(name));
    assert.deepEqual(grown.map(([name, count]) => `${name}: ${few.get(name)} with ${small}, ${count} with ${large}`), []);
  });
  await check("every route is counted", () => {
    const counted = new Set([...many.keys()].map((name) => name.replace(/ \(.*/, "")));
    const routes = allRoutes().map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(routes.filter((route) => !counted.has(route)), []);
  });
  const table = [...many].map(([name, count]) => `${count}\t${name}`);
  const head = "# SQL statements of each request, BEGIN and COMMIT among them; written by node tests/statements/run.mjs --write";
  if (option.write) writeFileSync(golden, `${[head, ...table].join("\n")}\n`);
  if (option.table) for (const line of table) console.log(`    ${line}`);
  await check("no request takes more statements than tests/golden/statements.tsv says", () => {
    const known = new Map(readFileSync(golden, "utf8").split("\n").filter((line) => /^\d/.test(line)).map((line) => line.split("\t")).map(([count, name]) => [name, Number(count)]));
    const faults = [...many].filter(([name, count]) => !(count <= known.get(name))).map(([name, count]) => `${name}: ${count} instead of ${known.get(name) ?? "nothing"}`);
    assert.deepEqual(faults, [], "`node tests/statements/run.mjs --write` takes these counts");
    const fewer = [...many].filter(([name, count]) => count < known.get(name));
    for (const [name, count] of fewer) console.log(`    ${name}: ${count} statements, ${known.get(name)} in the file`);
  });
}
await dropAll();
finish();
