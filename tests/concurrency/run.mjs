#!/usr/bin/env node
// One cart makes at most one order and stock is never sold twice, whatever arrives at once and wherever the server dies.
//   node tests/concurrency/run.mjs [--medusa]
import assert from "node:assert/strict";
import { buy, call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { project, shop, dropAll } from "../lib/shop.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { redis, sql } from "../lib/services.mjs";

const server = process.argv.includes("--medusa") ? "medusa" : "stheno";
const running = await shop(server, { sessions: "redis" });
const { base, database } = running;
const one = async (text) => Number((await sql(database, text))[0][0]);
const ordersOf = (cart) => one(`select count(*) from "order" where cart_id = '${cart}'`);
const stockOf = (variant) => one(`select inventory_quantity from product_variant where id = '${variant}'`);
const statuses = (answers) => JSON.stringify(Object.fromEntries(Object.entries(Object.groupBy ? Object.groupBy(answers, ({ status }) => status) : answers.reduce((all, { status }) => ({ ...all, [status]: [...(all[status] ?? []), 1] }), {})).map(([status, list]) => [status, list.length])));

await check("50 completions of one cart at once make one order", async () => {
  const variant = await variantOf(base, "mug");
  const before = await stockOf(variant);
  const cart = await readyCart(base, variant);
  const answers = await Promise.all(Array.from({ length: 50 }, () => complete(base, cart)));
  const orders = answers.filter(({ status }) => status === 200);
  assert.ok(orders.length > 0, `nobody got the order: ${statuses(answers)} ${answers[0].text.slice(0, 200)}`);
  assert.equal(new Set(orders.map(({ body }) => body.data.id)).size, 1, "two orders were answered");
  assert.deepEqual(answers.filter(({ status }) => ![200, 409].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.equal(await ordersOf(cart), 1);
  assert.equal(await one(`select count(*) from payment where cart_id = '${cart}' and canceled_at is null`), 1);
  assert.equal(await stockOf(variant), before - 1);
});

await check("50 carts for one last item make one order", async () => {
  const variant = await variantOf(base, "last-vase");
  const carts = [];
  for (let turn = 0; turn < 50; turn += 10) carts.push(...(await Promise.all(Array.from({ length: 10 }, (_, index) => readyCart(base, variant, { email: `vase${turn + index}@example.com` })))));
  const answers = await Promise.all(carts.map((cart) => complete(base, cart)));
  const won = answers.filter(({ status, body }) => status === 200 && body.type === "order");
  assert.equal(won.length, 1, `${won.length} orders: ${statuses(answers)}`);
  assert.equal(await stockOf(variant), 0);
  assert.equal(await one(`select count(*) from "order" where cart_id in (${carts.map((cart) => `'${cart}'`).join()})`), 1);
  // All others hear what a buyer hears who comes too late with nobody beside him.
  const late = await complete(base, carts[answers.findIndex((answer) => answer !== won[0])]);
  const others = answers.filter((answer) => answer !== won[0] && !(answer.status === 409 && answer.body?.type !== late.body?.type));
  for (const answer of others) assert.deepEqual([answer.status, answer.body?.code, answer.body?.type], [late.status, late.body?.code, late.body?.type], answer.text.slice(0, 300));
  assert.equal(await one(`select count(*) from payment p where p.canceled_at is null and p.order_id is null and p.cart_id in (${carts.map((cart) => `'${cart}'`).join()})`), 0, "a payment is left without an order");
});

await check("a key brings the same answer again, also at once", async () => {
  const cart = await readyCart(base, await variantOf(base, "poster"));
  const key = { "idempotency-key": "buy-this-only-once" };
  const first = await complete(base, cart, key);
  assert.equal(first.status, 200, first.text.slice(0, 300));
  const again = await Promise.all(Array.from({ length: 10 }, () => complete(base, cart, key)));
  // As 1.20, a stored answer leaves the items' raw totals out.
  const stored = JSON.parse(JSON.stringify(first.body, (name, value) => (name === "raw_discount_total" ? undefined : value)));
  for (const answer of again) assert.deepEqual([answer.status, answer.body], [first.status, stored]);
  assert.equal(await ordersOf(cart), 1);
  const other = await readyCart(base, await variantOf(base, "poster"));
  const together = await Promise.all(Array.from({ length: 20 }, () => complete(base, other, { "idempotency-key": "all-of-them-at-once" })));
  assert.ok(together.some(({ status }) => status === 200), statuses(together));
  assert.deepEqual(together.filter(({ status }) => ![200, 409].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.equal(await ordersOf(other), 1);
});

await check("items added at once all arrive", async () => {
  const variant = await variantOf(base, "poster");
  const { cart } = await must(base, "POST", "/store/carts", { region_id: "reg_eu" });
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(base, "POST", `/store/carts/${cart.id}/line-items`, { variant_id: variant, quantity: 1 })));
  const taken = answers.filter(({ status }) => status === 200).length;
  assert.deepEqual(answers.filter(({ status }) => ![200, 409].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.equal(await one(`select sum(quantity) from line_item where cart_id = '${cart.id}'`), taken);
});

await check("admins who do the same at once do it once", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const together = (path, body) => Promise.all(Array.from({ length: 10 }, () => call(base, "POST", path, body, user)));
  const added = await together("/admin/store/currencies/jpy");
  assert.deepEqual(added.map(({ status }) => status).sort(), [200, ...Array(9).fill(422)], statuses(added));
  assert.equal(await one("select count(*) from store_currencies where currency_code = 'jpy'"), 1);
  const { publishable_api_key: key } = await must(base, "POST", "/admin/publishable-api-keys", { title: "Web" }, user);
  const revoked = await together(`/admin/publishable-api-keys/${key.id}/revoke`);
  assert.deepEqual(revoked.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)], statuses(revoked));
  const grouped = await together("/admin/customer-groups", { name: "At once" });
  assert.deepEqual(grouped.map(({ status }) => status).sort(), [200, ...Array(9).fill(422)], statuses(grouped));
  const confirmed = await together("/admin/batch-jobs/batch_tried/confirm");
  assert.deepEqual(confirmed.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)], statuses(confirmed));
  const noted = await must(base, "POST", "/admin/notes", { resource_id: "order_1", resource_type: "order", value: "Once" }, user);
  await together(`/admin/notes/${noted.note.id}`, { value: "Twice" });
  assert.equal(await one(`select count(*) from note where id = '${noted.note.id}' and value = 'Twice'`), 1);
});

await check("admins who change one product at once leave it whole", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const { product } = await must(base, "POST", "/admin/products", { title: "At once", options: [{ title: "Size" }] }, user);
  const path = `/admin/products/${product.id}`, [{ id: size }] = product.options;
  // Variants need a value for each option, whichever of them there are: an option that comes in between refuses, or fills in.
  const variants = Array.from({ length: 10 }, (_, index) => call(base, "POST", `${path}/variants`, { title: `${index}`, prices: [], options: [{ option_id: size, value: `${index % 5}` }] }, user));
  const options = Array.from({ length: 3 }, () => call(base, "POST", `${path}/options`, { title: "Colour" }, user));
  const [made, added] = await Promise.all([Promise.all(variants), Promise.all(options)]);
  assert.deepEqual(added.map(({ status }) => status).sort(), [200, 422, 422], statuses(added));
  assert.deepEqual(made.filter(({ status }) => ![200, 400].includes(status)).map(({ text }) => text.slice(0, 200)), []);
  const taken = made.filter(({ status }) => status === 200).length;
  assert.ok(taken <= 5, `${taken} variants of 5 sizes`);
  assert.equal(await one(`select count(*) from product_variant where product_id = '${product.id}'`), taken);
  assert.equal(await one(`select count(*) from product_option_value v join product_option o on o.id = v.option_id where o.product_id = '${product.id}'`), 2 * taken);
  // A tag that is new to all is made once; prices are replaced, not added to.
  const tagged = await Promise.all(Array.from({ length: 10 }, (_, index) => call(base, "POST", index % 2 ? "/admin/products" : path, { ...(index % 2 ? { title: `Tagged ${index}` } : {}), tags: [{ value: "at once" }], type: { value: "at once" }, images: ["https://images.stheno.test/at-once.png"] }, user)));
  assert.deepEqual(tagged.map(({ status }) => status), Array(10).fill(200), statuses(tagged));
  for (const table of ["product_tag", "product_type"]) assert.equal(await one(`select count(*) from ${table} where value = 'at once'`), 1);
  assert.equal(await one("select count(*) from image where url = 'https://images.stheno.test/at-once.png'"), 1);
  const lamp = (await must(base, "GET", "/admin/products?handle=lamp", undefined, user)).products[0];
  const priced = await Promise.all(Array.from({ length: 10 }, (_, index) => call(base, "POST", `/admin/products/${lamp.id}/variants/${lamp.variants[0].id}`, { prices: [{ currency_code: "eur", amount: index }, { currency_code: "dkk", amount: index }] }, user)));
  assert.deepEqual(priced.map(({ status }) => status), Array(10).fill(200), statuses(priced));
  assert.equal(await one(`select count(*) from money_amount m join product_variant_money_amount x on x.money_amount_id = m.id where x.variant_id = '${lamp.variants[0].id}' and m.price_list_id is null and m.deleted_at is null`), 2);
});

await check("an invitation that many accept at once makes one user", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  await call(base, "POST", "/admin/invites", { user: "Guest@example.com", role: "member" }, user);
  const { invites: [{ token }] } = await must(base, "GET", "/admin/invites", undefined, user);
  const accepted = await Promise.all(Array.from({ length: 20 }, (_, index) => call(base, "POST", "/admin/invites/accept", { token, user: { first_name: `Guest ${index}`, password: "supersecret" } })));
  assert.deepEqual(accepted.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)], statuses(accepted));
  assert.equal(await one("select count(*) from \"user\" where email = 'guest@example.com'"), 1);
  assert.equal(await one("select count(*) from invite"), 0);
  const chosen = await Promise.all(Array.from({ length: 10 }, () => call(base, "POST", "/admin/analytics-configs/update", { opt_out: true }, user)));
  assert.deepEqual(chosen.map(({ status }) => status), Array(10).fill(200), statuses(chosen));
  assert.equal(await one("select count(*) from analytics_config where deleted_at is null"), 1);
});

await check("a country has one region, and a product one profile, whoever takes them at once", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const turns = Array.from({ length: 10 }, (_, index) => index);
  const body = (name, countries) => ({ name, currency_code: "eur", tax_rate: 0, payment_providers: [], fulfillment_providers: [], countries });
  const made = await Promise.all(turns.map((turn) => call(base, "POST", "/admin/regions", body(`At once ${turn}`, turn % 2 ? ["se", "no"] : ["no", "se"]), user)));
  assert.deepEqual(made.map(({ status }) => status).sort(), [200, ...Array(9).fill(422)], statuses(made));
  const regions = [];
  for (const turn of turns) regions.push((await must(base, "POST", "/admin/regions", body(`Empty ${turn}`, []), user)).region.id);
  const added = await Promise.all(regions.map((region) => call(base, "POST", `/admin/regions/${region}/countries`, { country_code: "fi" }, user)));
  assert.deepEqual(added.map(({ status }) => status).sort(), [200, ...Array(9).fill(422)], statuses(added));
  assert.equal(await one("select count(distinct region_id) from country where iso_2 in ('fi')"), 1);
  const profiles = [];
  for (const turn of turns) profiles.push((await must(base, "POST", "/admin/shipping-profiles", { name: `At once ${turn}`, type: "custom" }, user)).shipping_profile.id);
  const { products: [{ id: product }] } = await must(base, "GET", "/store/products?handle=lamp");
  const moved = await Promise.all(profiles.map((profile) => call(base, "POST", `/admin/shipping-profiles/${profile}`, { products: [product] }, user)));
  assert.deepEqual(moved.map(({ status }) => status), Array(10).fill(200), statuses(moved));
  assert.equal(await one(`select count(*) from product_shipping_profile where product_id = '${product}'`), 1);
});

await check("admins who move categories of one tree at once leave ranks without gaps and paths that are true", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const path = "/admin/product-categories";
  const make = async (name, parent) => (await must(base, "POST", path, { name, parent_category_id: parent }, user)).product_category.id;
  const parents = [await make("Tree A", null), await make("Tree B", null), await make("Tree C", null)];
  const children = [];
  for (let turn = 0; turn < 12; turn++) children.push(await make(`Leaf ${turn}`, parents[turn % 2]));
  const below = await make("Below a leaf", children[0]);
  const works = [
    (turn) => call(base, "POST", `${path}/${children[turn % 12]}`, { rank: (turn * 5) % 7 }, user),
    (turn) => call(base, "POST", `${path}/${children[turn % 12]}`, { parent_category_id: parents[turn % 3], rank: turn % 4 }, user),
    (turn) => call(base, "POST", `${path}/${parents[turn % 3]}`, { rank: turn % 2 }, user),
    (turn) => call(base, "POST", path, { name: `New ${turn}`, parent_category_id: parents[turn % 3] }, user),
    (turn) => call(base, "POST", `${path}/${children[turn % 12]}`, { name: `Renamed ${turn}`, parent_category_id: turn % 2 ? children[0] : null }, user),
    (turn) => call(base, "DELETE", `${path}/${children[11 - (turn % 5)]}`, undefined, user),
  ];
  const answers = await Promise.all(Array.from({ length: 120 }, (_, turn) => works[turn % works.length](Math.floor(turn / works.length))));
  // 400: below itself, or removed with children; 404: removed by another.
  assert.deepEqual(answers.filter(({ status }) => ![200, 400, 404].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.ok(answers.filter(({ status }) => status === 200).length > 60, statuses(answers));
  assert.equal(await one("select count(*) from (select rank, row_number() over (partition by parent_category_id order by rank) - 1 as place from product_category) c where rank <> place"), 0, "ranks have gaps or doubles");
  assert.equal(await one("select count(*) from product_category c left join product_category p on p.id = c.parent_category_id where c.mpath is distinct from coalesce(p.mpath, '') || c.id || '.'"), 0, "a path is wrong");
  assert.equal(await one(`select count(*) from product_category where id = '${below}' and parent_category_id = '${children[0]}'`), 1);
});

await check("nothing is sold twice by a server that is killed at its work", async () => {
  const variant = await variantOf(base, "pullover");
  const before = await stockOf(variant);
  const ordersBefore = await one('select count(*) from "order"');
  const carts = await Promise.all(Array.from({ length: 30 }, (_, index) => readyCart(base, variant, { email: `killed${index}@example.com` })));
  let current = running;
  for (const after of [1, 4, 9]) {
    let answered = 0;
    const killed = new Promise((done) => {
      for (const cart of carts) complete(current.base, cart).then(({ status }) => { if (status === 200 && ++answered === after) { current.kill(); done(); } }, () => {});
    });
    await killed;
    await current.process.exit;
    current = await serve(server, { folder: project(), database, redis: await redis() });
    assert.equal(await one(`select count(*) from (select cart_id from "order" group by cart_id having count(*) > 1) twice`), 0);
  }
  for (const cart of carts) {
    const answer = await complete(current.base, cart);
    assert.equal(answer.status, 200, `${cart}: ${answer.text.slice(0, 300)}`);
    assert.equal(answer.body.type, "order", `${cart}: ${answer.text.slice(0, 300)}`);
  }
  assert.equal((await one('select count(*) from "order"')) - ordersBefore, carts.length);
  assert.equal(await one(`select count(*) from (select cart_id from "order" group by cart_id having count(*) > 1) twice`), 0);
  assert.equal(await one(`select count(*) from payment where canceled_at is null and cart_id in (${carts.map((cart) => `'${cart}'`).join()})`), carts.length);
  assert.equal(await stockOf(variant), before - carts.length);
  await buy(current.base, "poster");
  await current.stop();
});

await dropAll();
finish();
