#!/usr/bin/env node
// Money that goes back for something (a return, a claim, a request under a key): whoever clicks again, since the server died when the
// bank had given it, gives it once.
import assert from "node:assert/strict";
import { call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { until } from "../lib/processes.mjs";
import { Refusal, shopAtBank } from "../lib/provider.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";

const { bank, database, start, user, ...opened } = await shopAtBank();
let { running } = opened;
const one = async (text) => (await sql(database, text))[0]?.[0];
const asAdmin = (path, body, headers) => call(running.base, "POST", path, body, { ...user, ...headers });
const done = (path, body) => must(running.base, "POST", path, body, user);
const variant = await variantOf(running.base, "mug");
const settled = () => until(async () => (await one("select count(*) from stheno_ask")) === "0", { seconds: 60, describe: () => running.process.tail(20) });
await sql(database, `create table told (name text, data jsonb);
  create function keep_told() returns trigger language plpgsql as $$ begin insert into told values (new.event_name, new.data); return new; end $$;
  create trigger keep_told after insert on staged_job for each row execute function keep_told()`);

async function order() {
  bank.script();
  const cart = await readyCart(running.base, variant, { quantity: 2 });
  await must(running.base, "POST", `/store/carts/${cart}/payment-session`, { provider_id: "scripted" });
  const { data: { id, items } } = (await complete(running.base, cart)).body;
  await done(`/admin/orders/${id}/capture`);
  await done(`/admin/orders/${id}/fulfillment`, { items: [{ item_id: items[0].id, quantity: 2 }] });
  return { id, path: `/admin/orders/${id}`, items: [{ item_id: items[0].id, quantity: 1 }], payment: await one(`select id from payment where order_id = '${id}'`) };
}
const told = (name, { id }) => one(`select count(*) from told where name = '${name}' and (data->>'id' = '${id}' or data->>'order_id' = '${id}')`);
// What has gone back, in the bank's books, the payment and the refunds, which all have the note of one that went well.
async function goneBack({ id, payment }) {
  const [[row, refunds, noted]] = await sql(database, `select (select amount_refunded from payment where id = '${payment}'), (select coalesce(sum(amount), 0) from refund where order_id = '${id}'), (select count(note) from refund where order_id = '${id}')`);
  assert.equal(noted, "0", "a refund says that what it is for is not there");
  assert.deepEqual([Number(row), Number(refunds)], [bank.refunded.get(payment) ?? 0, bank.refunded.get(payment) ?? 0]);
  return Number(row);
}

// The server dies when the bank has given money back for this click, and rises.
async function killedAfterRefund(click) {
  bank.script({ after: async ({ method }) => { if (method === "refund") { bank.script(); running.kill(); await running.process.exit; } } });
  const answer = await click().catch(() => undefined);
  assert.equal(answer, undefined, answer?.text);
  running = await start();
  await settled();
}

const ways = {
  "a return": async (order) => {
    await done(`${order.path}/return`, { items: order.items });
    const returned = await one(`select id from return where order_id = '${order.id}'`);
    return { amount: Number(await one(`select refund_amount from return where id = '${returned}'`)), event: "order.items_returned", click: () => asAdmin(`/admin/returns/${returned}/receive`, { items: order.items }) };
  },
  "a claim": async (order) => ({ amount: 250, click: () => asAdmin(`${order.path}/claims`, { type: "refund", refund_amount: 250, claim_items: [{ ...order.items[0], reason: "other" }] }) }),
  "a refund under a key": async (order) => ({ amount: 300, event: "order.refund_created", click: () => asAdmin(`${order.path}/refund`, { amount: 300, reason: "other" }, { "idempotency-key": `once-for-${order.id}` }) }),
};
for (const [name, prepare] of Object.entries(ways)) {
  await check(`${name}: killed when the bank has given the money, then clicked again`, async () => {
    const bought = await order();
    const { amount, event, click } = await prepare(bought);
    await killedAfterRefund(click);
    assert.equal(bank.refunded.get(bought.payment), amount);
    const again = await click();
    assert.equal(again.status, 200, again.text);
    assert.equal(await goneBack(bought), amount);
    if (event) assert.equal(await told(event, bought), "1");
    // The next of its kind is another one.
    if (name === "a claim") { assert.equal((await click()).status, 200); assert.equal(await goneBack(bought), 2 * amount); }
  });
}

await check("a refund without a key is told of, though its server has died", async () => {
  for (const [path, event] of [[({ path }) => `${path}/refund`, "order.refund_created"], [({ payment }) => `/admin/payments/${payment}/refund`, "payment.payment_refund_created"]]) {
    const bought = await order();
    await killedAfterRefund(() => asAdmin(path(bought), { amount: 300, reason: "other" }));
    assert.equal(await goneBack(bought), 300);
    assert.equal(await told(event, bought), "1");
  }
});

await check("a return whose money the bank refuses to give is received later, and nothing is given twice", async () => {
  const bought = await order();
  const { amount, click } = await ways["a return"](bought);
  bank.script({ before: ({ method }) => { if (method === "refund") throw new Refusal("The bank is closed"); } });
  assert.notEqual((await click()).status, 200);
  assert.equal(await goneBack(bought), 0);
  bank.script();
  assert.equal((await click()).status, 200);
  assert.equal(await goneBack(bought), amount);
});

await running.stop();
await bank.stop();
await dropAll();
finish();
