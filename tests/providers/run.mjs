#!/usr/bin/env node
// What is asked of a payment provider outside: no lock is held meanwhile, nothing is asked for twice, and money and rows agree
// whatever fails, also when the server is killed before or after the answer.
import assert from "node:assert/strict";
import { call, must, readyCart, complete, variantOf } from "../lib/buying.mjs";
import { pause, until } from "../lib/processes.mjs";
import { bank as openBank, Refusal, shopAtBank } from "../lib/provider.mjs";
import { check, finish } from "../lib/report.mjs";
import { serve } from "../lib/servers.mjs";
import { dropAll, project } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";

const { bank, database, start, user, ...opened } = await shopAtBank();
let { running } = opened;
const one = async (text) => (await sql(database, text))[0][0];
const asAdmin = (path, body) => call(running.base, "POST", path, body, user);
const variant = await variantOf(running.base, "mug");

async function cartOf(options) {
  const cart = await readyCart(running.base, variant, options);
  await must(running.base, "POST", `/store/carts/${cart}/payment-session`, { provider_id: "scripted" });
  return cart;
}
async function order({ captured = true, ...options } = {}) {
  script(); // whatever the check before has left
  const answer = await complete(running.base, await cartOf(options));
  assert.equal(answer.body?.type, "order", answer.text);
  const { id } = answer.body.data;
  if (captured) await must(running.base, "POST", `/admin/orders/${id}/capture`, undefined, user);
  const [[payment, amount]] = await sql(database, `select id, amount from payment where order_id = '${id}'`);
  return { id, payment, amount: Number(amount) };
}
const { script } = bank;
const lasting = () => bank.asked.filter(({ method }) => ["authorize", "capture", "refund", "cancel"].includes(method)).map(({ key }) => key);
const open = async () => Number(await one("select count(*) from stheno_ask"));
// Rows and books say the same of a payment.
async function agree({ id, payment }) {
  const [[captured, refunded, canceled, refunds]] = await sql(database, `select captured_at is not null, amount_refunded, canceled_at is not null, (select coalesce(sum(amount), 0) from refund where order_id = '${id}') from payment where id = '${payment}'`);
  assert.deepEqual({ captured: captured === "t", refunded: Number(refunded), refunds: Number(refunds), canceled: canceled === "t" },
    { captured: (bank.captured.get(payment) ?? 0) > 0, refunded: bank.refunded.get(payment) ?? 0, refunds: bank.refunded.get(payment) ?? 0, canceled: bank.canceled.has(payment) });
}
const settled = () => until(async () => (await open()) === 0, { every: 20, seconds: 60, describe: () => running.process.tail(20) });

await check("a purchase, its capture, a refund: each is asked for once", async () => {
  script();
  const bought = await order();
  assert.equal((await asAdmin(`/admin/orders/${bought.id}/refund`, { amount: 100, reason: "other" })).status, 200);
  assert.deepEqual(lasting().map((key) => key.split(" ")[0]), ["authorize", "capture", "refund"]);
  await agree(bought);
  assert.equal(await open(), 0);
});

await check("a payment is canceled with its order", async () => {
  script();
  const bought = await order({ captured: false });
  assert.equal((await asAdmin(`/admin/orders/${bought.id}/cancel`)).status, 200);
  await agree(bought);
});

await check("while a slow provider is asked, others change the order", async () => {
  const bought = await order({ captured: false });
  let answer;
  script({ before: (ask) => (ask.method === "capture" ? new Promise((done) => { answer = () => done(undefined); }) : undefined) });
  const captured = asAdmin(`/admin/orders/${bought.id}/capture`);
  await until(() => answer, { every: 5, seconds: 30 });
  const changed = await asAdmin(`/admin/orders/${bought.id}`, { email: "meanwhile@example.com" });
  assert.equal(changed.status, 200, changed.text);
  const again = await asAdmin(`/admin/orders/${bought.id}/capture`);
  assert.equal(again.status, 409, again.text);
  answer();
  const { status, body, text } = await captured;
  assert.equal(status, 200, text);
  assert.equal(body.order.email, "meanwhile@example.com");
  assert.equal(body.order.payment_status, "captured");
  await agree(bought);
});

await check("an order that is canceled while its payment is captured gets the money back", async () => {
  const bought = await order({ captured: false });
  let answer;
  script({ after: (ask) => (ask.method === "capture" ? new Promise((done) => { answer = done; }) : undefined) });
  const captured = asAdmin(`/admin/orders/${bought.id}/capture`);
  await until(() => answer, { every: 5, seconds: 30 });
  assert.equal((await asAdmin(`/admin/orders/${bought.id}/cancel`)).status, 200);
  answer();
  const { status, text } = await captured;
  assert.equal(status, 400, text);
  assert.match(text, /A canceled order cannot capture payment/);
  assert.equal(bank.refunded.get(bought.payment), bought.amount);
  await agree(bought);
  assert.equal(await open(), 0);
});

await check("a provider that refuses changes nothing, and is told of", async () => {
  const bought = await order();
  script({ before: (ask) => { if (ask.method === "refund") throw new Refusal("The bank is closed"); } });
  const payment = await asAdmin(`/admin/payments/${bought.payment}/refund`, { amount: 100, reason: "other" });
  assert.notEqual(payment.status, 200);
  assert.match(payment.text, /Failed to refund Payment/);
  const whole = await asAdmin(`/admin/orders/${bought.id}/refund`, { amount: 100, reason: "other" });
  assert.equal(whole.status, 400, whole.text);
  assert.match(whole.text, /The bank is closed/);
  await agree(bought);
  assert.equal(await open(), 0);
});

await check("a provider that wants more keeps the cart, and the order comes when it has it", async () => {
  const cart = await cartOf();
  script({ before: (ask) => (ask.method === "authorize" ? { status: "requires_more", data: { step: 1 } } : undefined) });
  const first = await complete(running.base, cart);
  assert.equal(first.status, 200, first.text);
  assert.deepEqual([first.body.type, first.body.payment_status], ["cart", "requires_more"]);
  script();
  assert.equal((await complete(running.base, cart)).body.type, "order");
  assert.equal(await open(), 0);
});

await check("20 clicks capture once", async () => {
  const bought = await order({ captured: false });
  script({ before: (ask) => (ask.method === "capture" ? pause(50) : undefined) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => asAdmin(`/admin/orders/${bought.id}/capture`)));
  for (const { status, text } of answers) assert.ok([200, 409].includes(status), text);
  assert.deepEqual(lasting(), [`capture ${bought.payment}`]);
  assert.equal(bank.captured.get(bought.payment), bought.amount);
  await agree(bought);
});

await check("20 clicks on one cart make one order, authorized once", async () => {
  const cart = await cartOf();
  script({ before: (ask) => (ask.method === "authorize" ? pause(50) : undefined) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => complete(running.base, cart)));
  for (const { status, text } of answers) assert.ok([200, 409].includes(status), text);
  assert.equal(lasting().length, 1);
  assert.equal(Number(await one(`select count(*) from "order" where cart_id = '${cart}'`)), 1);
});

// A payment collection of two shares that are to be authorized.
let collections = 0;
async function shares(...amounts) {
  const id = `paycol_${++collections}`;
  const total = amounts.reduce((sum, amount) => sum + amount);
  await sql(database, `insert into payment_collection (id, type, status, amount, region_id, currency_code, created_by) values ('${id}', 'order_edit', 'not_paid', ${total}, 'reg_eu', 'eur', 'admin')`);
  const path = `/store/payment-collections/${id}/sessions`;
  const { payment_collection } = await must(running.base, "POST", `${path}/batch`, { sessions: amounts.map((amount) => ({ provider_id: "scripted", amount })) });
  const sessions = payment_collection.payment_sessions.map((session) => session.id);
  script();
  const authorize = (session_ids = sessions) => call(running.base, "POST", `${path}/batch/authorize`, { session_ids });
  const paid = async () => (await sql(database, `select c.status, c.authorized_amount, count(p.id), coalesce(sum(p.amount), 0) from payment_collection c left join payment_collection_payments l on l.payment_collection_id = c.id left join payment p on p.id = l.payment_id where c.id = '${id}' group by c.id`))[0];
  return { sessions, authorize, paid };
}

await check("shares of a collection that are authorized stay so where another is refused", async () => {
  const { sessions: [first, second], authorize, paid } = await shares(500, 1000);
  script({ before: (ask) => { if (ask.method === "authorize" && ask.arguments.session_id === second) throw new Refusal("The bank is closed"); } });
  const refused = await authorize();
  assert.equal(refused.status, 400, refused.text);
  assert.match(refused.text, /The bank is closed/);
  assert.deepEqual(await paid(), ["partially_authorized", "500", "1", "500"]);
  assert.deepEqual(lasting(), [`authorize ${first} for 500`, `authorize ${second} for 1000`]);
  script();
  assert.equal((await authorize()).status, 200);
  assert.deepEqual(await paid(), ["authorized", "1500", "2", "1500"]);
  assert.deepEqual(lasting(), [`authorize ${second} for 1000`]);
  assert.equal(await open(), 0);
});

await check("killed while shares of a collection are authorized: the next click makes each payment once", async () => {
  for (const hook of ["before", "after"]) {
    const { sessions: [, second], authorize, paid } = await shares(500, 1000);
    let died;
    const death = new Promise((done) => { died = done; });
    script({ [hook]: async (ask) => { if (ask.method === "authorize" && ask.arguments.session_id === second) { script(); running.kill(); await running.process.exit; died(); } } });
    await Promise.all([death, authorize().catch(() => undefined)]);
    running = await start();
    await settled();
    const answer = await authorize();
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await paid(), ["authorized", "1500", "2", "1500"]);
  }
});

await check("a carrier hears of a parcel once, by the id that it has", async () => {
  await sql(database, "update shipping_option set provider_id = 'carrier' where region_id = 'reg_eu' and name = 'Standard'");
  const bought = await order();
  const { order: { items } } = await must(running.base, "GET", `/admin/orders/${bought.id}`, undefined, user);
  bought.items = items.map(({ id, quantity }) => ({ item_id: id, quantity }));
  script();
  const packed = await asAdmin(`/admin/orders/${bought.id}/fulfillment`, { items: bought.items });
  assert.equal(packed.status, 200, packed.text);
  const [{ id, data }] = packed.body.order.fulfillments;
  assert.deepEqual(data, { label: id });
  assert.equal(bank.parcels.get(id), "announced");
  assert.equal(bank.asked.filter(({ method }) => method === "create_fulfillment").length, 1);
  assert.equal((await asAdmin(`/admin/orders/${bought.id}/fulfillments/${id}/cancel`)).status, 200);
  assert.equal(bank.parcels.get(id), "canceled");
});

await check("20 clicks announce one parcel, and one whose order changes meanwhile is called off", async () => {
  const bought = await order();
  const { order: { items } } = await must(running.base, "GET", `/admin/orders/${bought.id}`, undefined, user);
  const body = { items: items.map(({ id, quantity }) => ({ item_id: id, quantity })) };
  script({ before: (ask) => (ask.method === "create_fulfillment" ? pause(50) : undefined) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => asAdmin(`/admin/orders/${bought.id}/fulfillment`, body)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ status, text }) => `${status} ${text.slice(0, 100)}`).join("\n"));
  const fulfillments = (await sql(database, `select id from fulfillment where order_id = '${bought.id}'`)).map(([id]) => id);
  assert.equal(fulfillments.length, 1);
  assert.deepEqual([...bank.parcels].filter(([, state]) => state === "announced").map(([id]) => id), fulfillments);
  assert.equal(await open(), 0);

  const other = await order({ captured: false });
  const { order: { items: others } } = await must(running.base, "GET", `/admin/orders/${other.id}`, undefined, user);
  let answer;
  script({ after: (ask) => (ask.method === "create_fulfillment" ? new Promise((done) => { answer = done; }) : undefined) });
  const packing = asAdmin(`/admin/orders/${other.id}/fulfillment`, { items: others.map(({ id, quantity }) => ({ item_id: id, quantity })) });
  await until(() => answer, { every: 5, seconds: 30 });
  assert.equal((await asAdmin(`/admin/orders/${other.id}/cancel`)).status, 200);
  answer();
  assert.equal((await packing).status, 400);
  assert.deepEqual([...bank.parcels].filter(([, state]) => state === "announced").map(([id]) => id), fulfillments);
  await sql(database, "update shipping_option set provider_id = 'manual' where region_id = 'reg_eu' and name = 'Standard'");
});

await check("a draft order is made though its carrier lives outside, who is asked once", async () => {
  const option = "region_id = 'reg_eu' and name = 'Standard'";
  await sql(database, `update shipping_option set provider_id = 'carrier' where ${option}`);
  script();
  const address = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
  const wish = { email: "new@example.com", region_id: "reg_eu", items: [{ variant_id: variant, quantity: 1 }], shipping_methods: [{ option_id: await one(`select id from shipping_option where ${option}`) }], shipping_address: address, billing_address: address };
  const { draft_order } = await must(running.base, "POST", "/admin/draft-orders", wish, user);
  assert.deepEqual(bank.asked.filter(({ method }) => method === "validate_data").map((ask) => ask.arguments.cart.id), [draft_order.cart_id]);
  await sql(database, `update shipping_option set provider_id = 'manual' where ${option}`);
});

const operations = {
  capture: { path: ({ id }) => `/admin/orders/${id}/capture`, captured: false },
  refund: { path: ({ id }) => `/admin/orders/${id}/refund`, body: { amount: 300, reason: "other" }, captured: true },
  "refund of a payment": { path: ({ payment }) => `/admin/payments/${payment}/refund`, body: { amount: 300, reason: "other" }, captured: true, method: "refund" },
  cancel: { path: ({ id }) => `/admin/orders/${id}/cancel`, captured: false },
};
for (const [name, { path, body, captured, method = name }] of Object.entries(operations)) {
  for (const [moment, hooks] of Object.entries({
    "before the provider has done it": (die) => ({ before: async (ask) => { if (ask.method === method) await die(); } }),
    "when the provider has done it, before its answer": (die) => ({ after: async (ask) => { if (ask.method === method) await die(); } }),
    "about when the answer comes": (die) => ({ after: async (ask) => { if (ask.method === method) setTimeout(die, Math.random() * 6); } }),
  })) {
    await check(`${name}: killed ${moment}`, async () => {
      const bought = await order({ captured });
      let died;
      const death = new Promise((done) => { died = done; });
      script(hooks(async () => { script(); running.kill(); await running.process.exit; died(); }));
      await Promise.all([death, asAdmin(path(bought), body).catch(() => undefined)]);
      running = await start();
      await settled();
      await agree(bought);
    });
  }
}

await check("killed while the cart is completed: the next click makes the order, and the money is reserved once", async () => {
  for (const hook of ["before", "after"]) {
    const cart = await cartOf();
    let died;
    const death = new Promise((done) => { died = done; });
    script({ [hook]: async (ask) => { if (ask.method === "authorize") { script(); running.kill(); await running.process.exit; died(); } } });
    await Promise.all([death, complete(running.base, cart).catch(() => undefined)]);
    running = await start();
    await settled();
    const answer = await complete(running.base, cart);
    assert.equal(answer.body?.type, "order", answer.text);
    assert.equal(Number(await one(`select count(*) from payment where cart_id = '${cart}' and canceled_at is null`)), 1);
  }
});

await check("a refund by a provider that knows no keys is not asked for again when its answer is lost", async () => {
  await running.stop();
  const other = await openBank({ knows_keys: false });
  const restart = () => serve("stheno", { folder: project(), database, environment: other.environment });
  running = await restart();
  const bought = await order({ captured: true });
  const before = other.asked.length;
  let died;
  const death = new Promise((done) => { died = done; });
  other.before = async (ask) => { if (ask.method === "refund") { other.before = async () => undefined; running.kill(); await running.process.exit; died(); } };
  await Promise.all([death, asAdmin(`/admin/orders/${bought.id}/refund`, { amount: 300, reason: "other" }).catch(() => undefined)]);
  running = await restart();
  await until(() => /is not known: the server stopped/.test(running.process.tail(100)), { every: 20, seconds: 30, describe: () => running.process.tail(20) });
  assert.deepEqual(other.asked.slice(before).filter(({ method }) => method === "refund").length, 1);
  assert.equal(await open(), 1);
  const again = await asAdmin(`/admin/orders/${bought.id}/refund`, { amount: 300, reason: "other" });
  assert.notEqual(again.status, 200);
  assert.equal(Number(await one(`select count(*) from refund where order_id = '${bought.id}'`)), 0);
  await other.stop();
});

await running.stop();
await bank.stop();
await dropAll();
finish();
