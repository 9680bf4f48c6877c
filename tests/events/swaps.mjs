#!/usr/bin/env node
// What happens to swaps is told with 1.20's names and data.
//   node tests/events/swaps.mjs [--medusa]
import assert from "node:assert/strict";
import { buy, must, variantOf } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

const running = await shop(process.argv.includes("--medusa") ? "medusa" : "stheno", { sessions: "redis" });
const { base, database } = running;
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const user = { authorization: `Bearer ${access_token}` };
const asAdmin = (path, body) => must(base, "POST", path, body, user);
await sql(database, `create table staged_ever (at serial, name text, data jsonb);
  create function keep_staged() returns trigger language plpgsql as $$ begin insert into staged_ever (name, data) values (new.event_name, new.data); return new; end $$;
  create trigger keep_staged after insert on staged_job for each row execute function keep_staged()`);
const told = async () => {
  const rows = await sql(database, "with taken as (delete from staged_ever returning *) select name, data from taken where name like 'swap.%' order by at");
  return rows.map(([name, data]) => [name, typeof data === "string" ? JSON.parse(data) : data]);
};

async function swapOf(handle, other, more) {
  const order = await buy(base, handle);
  await asAdmin(`/admin/orders/${order.id}/capture`);
  await asAdmin(`/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity: 1 }] });
  await told();
  const { order: after } = await asAdmin(`/admin/orders/${order.id}/swaps`, { return_items: [{ item_id: order.items[0].id, quantity: 1 }], additional_items: [{ variant_id: await variantOf(base, other), quantity: 1 }], ...more });
  const [swap] = after.swaps;
  return { order, swap, id: swap.id, path: `/admin/orders/${order.id}/swaps/${swap.id}`, cart: `/store/carts/${swap.cart_id}`, returned: `/admin/returns/${swap.return_order.id}` };
}
async function ship(swap) {
  const { shipping_options } = await must(base, "GET", `/store/shipping-options/${swap.swap.cart_id}`);
  await must(base, "POST", `${swap.cart}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
}

await check("a swap from its wish to the parcel", async () => {
  const swap = await swapOf("mug", "lamp", { no_notification: true });
  const { id } = swap;
  assert.deepEqual(await told(), [["swap.created", { id, no_notification: true }]]);
  await ship(swap);
  await must(base, "POST", `${swap.cart}/payment-sessions`);
  await must(base, "POST", `${swap.cart}/complete`);
  assert.deepEqual(await told(), [["swap.payment_completed", { id, no_notification: true }]]);
  await asAdmin(`${swap.path}/process-payment`);
  assert.deepEqual(await told(), [["swap.payment_captured", { id, no_notification: true }]]);
  const { order } = await asAdmin(`${swap.path}/fulfillments`, { no_notification: false });
  assert.deepEqual(await told(), [["swap.fulfillment_created", { id, fulfillment_id: id, no_notification: false }]]);
  const fulfillment_id = order.swaps[0].fulfillments[0].id;
  await asAdmin(`${swap.path}/shipments`, { fulfillment_id, no_notification: false });
  assert.deepEqual(await told(), [["swap.shipment_created", { id, fulfillment_id, no_notification: true }]]);
  await asAdmin(`${swap.returned}/receive`, { items: [{ item_id: swap.order.items[0].id, quantity: 1 }] });
  assert.deepEqual(await told(), [["swap.received", { id, order_id: swap.order.id, no_notification: true }]]);
});

await check("a difference that goes back", async () => {
  const swap = await swapOf("lamp", "mug");
  const { id } = swap;
  assert.deepEqual(await told(), [["swap.created", { id, no_notification: null }]]);
  await must(base, "POST", `${swap.cart}/complete`);
  await told();
  await asAdmin(`${swap.path}/process-payment`);
  assert.deepEqual(await told(), [["swap.refund_processed", { id, no_notification: null }]]);
  await asAdmin(`${swap.path}/process-payment`);
  assert.deepEqual(await told(), []);
});

await check("a difference that can't go back", async () => {
  const swap = await swapOf("lamp", "mug");
  await must(base, "POST", `${swap.cart}/complete`);
  await asAdmin(`/admin/orders/${swap.order.id}/refund`, { amount: swap.order.total, reason: "other" });
  await told();
  const { order } = await asAdmin(`${swap.path}/process-payment`);
  assert.equal(order.swaps[0].payment_status, "requires_action");
  assert.equal(order.refunds.length, 1);
  assert.deepEqual(await told(), [["swap.process_refund_failed", { id: swap.id, no_notification: null }]]);
});

await check("a payment that can't be taken", async () => {
  const swap = await swapOf("mug", "lamp");
  await ship(swap);
  await must(base, "POST", `${swap.cart}/payment-sessions`);
  await must(base, "POST", `${swap.cart}/complete`);
  await sql(database, `update payment set provider_id = 'nobody' where swap_id = '${swap.id}'`);
  await told();
  const { order } = await asAdmin(`${swap.path}/process-payment`);
  assert.equal(order.swaps[0].payment_status, "requires_action");
  assert.deepEqual(await told(), [["swap.payment_capture_failed", { id: swap.id, no_notification: null }]]);
  await sql(database, `update payment set provider_id = 'manual' where swap_id = '${swap.id}'`);
  const { order: after } = await asAdmin(`${swap.path}/process-payment`);
  assert.equal(after.swaps[0].payment_status, "captured");
  assert.deepEqual(await told(), [["swap.payment_captured", { id: swap.id, no_notification: null }]]);
});

await running.stop();
await dropAll();
finish();
