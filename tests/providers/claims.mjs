#!/usr/bin/env node
// A claim whose refund a payment provider outside gives: asked for once, and without it there is no claim, nor anything taken from stock.
import assert from "node:assert/strict";
import { call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { Refusal, shopAtBank } from "../lib/provider.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";

const { bank, database, running, user } = await shopAtBank();
const { base } = running;
const variant = await variantOf(base, "mug");

const cart = await readyCart(base, variant, { quantity: 2 });
await must(base, "POST", `/store/carts/${cart}/payment-session`, { provider_id: "scripted" });
const { data: order } = (await complete(base, cart)).body;
const [{ id: item }] = order.items;
await must(base, "POST", `/admin/orders/${order.id}/capture`, undefined, user);
const packed = await must(base, "POST", `/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: item, quantity: 2 }] }, user);
await must(base, "POST", `/admin/orders/${order.id}/shipment`, { fulfillment_id: packed.order.fulfillments[0].id }, user);
const [[payment]] = await sql(database, `select id from payment where order_id = '${order.id}'`);

const claim = (amount, more) => call(base, "POST", `/admin/orders/${order.id}/claims`, { type: "refund", refund_amount: amount, claim_items: [{ item_id: item, quantity: 1, reason: "other", tags: ["odd"] }], additional_items: [{ variant_id: variant, quantity: 1 }], ...more }, user);
const facts = async () => (await sql(database, `select (select count(*) from claim_order), (select count(*) from claim_item), (select coalesce(sum(amount), 0) from refund), (select amount_refunded from payment where id = '${payment}'), (select inventory_quantity from product_variant where id = '${variant}'), (select count(*) from stheno_ask)`))[0].map(Number);
const refunds = () => bank.asked.filter(({ method }) => method === "refund").length;

const [, , , , stock] = await facts();

await check("a claim's refund is asked for once", async () => {
  const { status, text } = await claim(100);
  assert.equal(status, 200, text);
  assert.equal(refunds(), 1);
  assert.equal(bank.refunded.get(payment), 100);
  assert.deepEqual(await facts(), [1, 1, 100, 100, stock - 1, 0]);
});

await check("without its refund there is no claim", async () => {
  bank.before = async ({ method }) => { if (method === "refund") throw new Refusal("The bank is closed"); };
  const { status, text } = await claim(50);
  assert.equal(status, 400, text);
  assert.deepEqual(await facts(), [1, 1, 100, 100, stock - 1, 0]);
  bank.before = async () => undefined;
});

await check("what can't be is refused before anybody is asked", async () => {
  const before = refunds();
  for (const wish of [claim(1e6), claim(10, { additional_items: [{ variant_id: variant, quantity: 1e6 }] }), claim(10, { shipping_methods: [{ option_id: "so_nowhere" }] }), claim(10, { return_shipping: { option_id: "so_nowhere" } })]) {
    const { status, text } = await wish;
    assert.ok([400, 404].includes(status), text);
  }
  assert.equal(refunds(), before);
  assert.deepEqual(await facts(), [1, 1, 100, 100, stock - 1, 0]);
});

await running.stop();
await bank.stop();
await dropAll();
finish();
