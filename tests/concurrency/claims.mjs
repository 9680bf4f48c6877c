#!/usr/bin/env node
// A claim is refunded once and packed once, however many admins click at the same time; what it sends is taken from stock once.
import assert from "node:assert/strict";
import { buy, variantOf } from "../lib/buying.mjs";
import { clickedShop, count, many, statuses } from "../lib/clicks.mjs";
import { check, finish } from "../lib/report.mjs";
import { sql } from "../lib/services.mjs";
import { dropAll } from "../lib/shop.mjs";

const { running, base, database, one, asAdmin, done } = await clickedShop();

const variant = await variantOf(base, "mug");
await sql(database, `update product_variant set inventory_quantity = 1000 where id = '${variant}'`);
// Events leave the outbox as soon as they are delivered: a trigger keeps what was told.
await sql(database, `create table stheno_told (name text, data jsonb);
  create function stheno_tell() returns trigger language plpgsql as $$ begin insert into stheno_told values (new.event_name, new.data); return new; end $$;
  create trigger stheno_tell after insert on staged_job for each row execute function stheno_tell()`);

// An order that was paid for and has arrived.
async function sentOrder(quantity = 2) {
  const order = await buy(base, "mug", { quantity });
  const item = order.items[0].id;
  await done(`/admin/orders/${order.id}/capture`);
  const packed = await done(`/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: item, quantity }] });
  await done(`/admin/orders/${order.id}/shipment`, { fulfillment_id: packed.order.fulfillments[0].id });
  const [[amount]] = await sql(database, `select amount from payment where order_id = '${order.id}'`);
  const option = order.shipping_methods?.[0]?.shipping_option_id ?? (await sql(database, `select shipping_option_id from shipping_method where order_id = '${order.id}'`))[0][0];
  return { id: order.id, item, option, amount: Number(amount), claims: `/admin/orders/${order.id}/claims` };
}
const claimed = (order) => [{ item_id: order.item, quantity: 1, reason: "wrong_item" }];
const replacing = (order, quantity = 1) => ({ type: "replace", claim_items: claimed(order), additional_items: [{ variant_id: variant, quantity }], shipping_methods: [{ option_id: order.option, price: 0 }] });
const refunded = (order) => one(`select coalesce(sum(amount), 0) from refund where order_id = '${order.id}'`);
const givenBack = (order) => one(`select sum(amount_refunded) from payment where order_id = '${order.id}'`);
const claimsOf = (order) => one(`select count(*) from claim_order where order_id = '${order.id}'`);
const stock = () => one(`select inventory_quantity from product_variant where id = '${variant}'`);
const events = (name, claim) => one(`select count(*) from stheno_told where name = '${name}' and data->>'id' = '${claim}'`);

await check("50 refund claims at once give back no more than was paid, and none stands without its money", async () => {
  const order = await sentOrder();
  const part = Math.floor(order.amount / 10);
  const answers = await many(50, () => asAdmin(order.claims, { type: "refund", refund_amount: part, claim_items: claimed(order) }));
  assert.equal(count(answers, 200), 10, statuses(answers));
  assert.equal(count(answers, 400), 40, statuses(answers));
  assert.equal(await refunded(order), 10 * part);
  assert.equal(await givenBack(order), 10 * part);
  assert.equal(await claimsOf(order), 10);
});

await check("50 clicks with one Idempotency-Key make one claim and refund it once", async () => {
  const order = await sentOrder();
  const key = { "idempotency-key": `claim-once-${order.id}` };
  const wish = { type: "refund", refund_amount: 100, claim_items: claimed(order) };
  const answers = await many(50, () => asAdmin(order.claims, wish, key));
  assert.equal(count(answers, 200), 50, statuses(answers));
  for (const { body } of answers) assert.deepEqual(body, answers[0].body);
  assert.equal(await refunded(order), 100);
  assert.equal(await givenBack(order), 100);
  assert.equal(await claimsOf(order), 1);
  assert.equal(await one(`select count(*) from claim_order where order_id = '${order.id}' and idempotency_key = 'claim-once-${order.id}'`), 1);
  assert.equal((await asAdmin(order.claims, { ...wish, refund_amount: 101 }, key)).status, 409, "the key of another request");
});

await check("a claim that 50 admins pack at once is packed once", async () => {
  const order = await sentOrder();
  const { id } = (await done(order.claims, replacing(order))).order.claims[0];
  const answers = await many(50, () => asAdmin(`${order.claims}/${id}/fulfillments`, {}));
  assert.equal(count(answers, 200), 1, statuses(answers));
  assert.equal(count(answers, 400), 49, statuses(answers));
  assert.equal(await one(`select count(*) from fulfillment where claim_order_id = '${id}'`), 1);
  assert.equal(await one(`select fulfilled_quantity from line_item where claim_order_id = '${id}'`), 1);
  assert.equal(await events("claim.fulfillment_created", id), 1);
});

await check("50 clicks that unpack, and 50 that ship, count once", async () => {
  const order = await sentOrder();
  const { id } = (await done(order.claims, replacing(order, 3))).order.claims[0];
  const counts = () => sql(database, `select coalesce(fulfilled_quantity, -1), coalesce(shipped_quantity, -1) from line_item where claim_order_id = '${id}'`);
  const pack = async () => (await done(`${order.claims}/${id}/fulfillments`, {})).order.claims[0].fulfillments.find((parcel) => !parcel.canceled_at).id;
  const first = await pack();
  const unpacked = await many(50, () => asAdmin(`${order.claims}/${id}/fulfillments/${first}/cancel`));
  assert.equal(count(unpacked, 200), 50, statuses(unpacked));
  assert.deepEqual(await counts(), [["0", "-1"]]);
  const second = await pack();
  const shipped = await many(50, () => asAdmin(`${order.claims}/${id}/shipments`, { fulfillment_id: second }));
  assert.equal(count(shipped, 200), 50, statuses(shipped));
  assert.deepEqual(await counts(), [["3", "3"]]);
});

await check("a claim that is canceled by 50 and packed at once is one of both, and its units come back once", async () => {
  for (let turn = 0; turn < 5; turn++) {
    const order = await sentOrder();
    const before = await stock();
    const { id } = (await done(order.claims, replacing(order, 2))).order.claims[0];
    assert.equal(await stock(), before - 2);
    const answers = await many(50, (index) => (index === 25 ? asAdmin(`${order.claims}/${id}/fulfillments`, {}) : asAdmin(`${order.claims}/${id}/cancel`)));
    const packed = answers[25].status === 200;
    assert.equal(count(answers, 200), packed ? 1 : 49, statuses(answers));
    assert.equal(await stock(), before - (packed ? 2 : 0));
    assert.equal(await events("claim.canceled", id), packed ? 0 : 1);
  }
});

await check("claims at once send no more than there is", async () => {
  const order = await sentOrder();
  await sql(database, `update product_variant set inventory_quantity = 10 where id = '${variant}'`);
  const answers = await many(50, () => asAdmin(order.claims, replacing(order)));
  assert.equal(count(answers, 200), 10, statuses(answers));
  assert.equal(await stock(), 0);
  assert.equal(await claimsOf(order), 10);
  await sql(database, `update product_variant set inventory_quantity = 1000 where id = '${variant}'`);
});

await check("a tag that 50 claims name at once is one tag", async () => {
  const orders = await many(5, () => sentOrder(50));
  const answers = await many(50, (turn) => asAdmin(orders[turn % 5].claims, { type: "refund", refund_amount: 0, claim_items: [{ ...claimed(orders[turn % 5])[0], tags: [" Cracked", "cracked "] }] }));
  assert.equal(count(answers, 200), 50, statuses(answers));
  assert.equal(await one("select count(*) from claim_tag where value = 'cracked'"), 1);
});

await check("what is told of claims is what 1.20 tells", async () => {
  const order = await sentOrder();
  await sql(database, "delete from stheno_told");
  const id = (await done(order.claims, { type: "refund", no_notification: true, refund_amount: 5, claim_items: claimed(order) })).order.claims[0].id;
  const [[item]] = await sql(database, `select id from claim_item where claim_order_id = '${id}'`);
  await done(`${order.claims}/${id}`, { no_notification: false, claim_items: [{ id: item, images: [], tags: [] }] });
  const told = async () => (await sql(database, "select name, data from stheno_told where name like 'claim%' order by name")).map(([name, data]) => [name, JSON.parse(data)]);
  assert.deepEqual(await told(), [
    ["claim_item.created", { id: item }],
    ["claim_item.updated", { id: item }],
    ["claim.created", { id, no_notification: true }],
    ["claim.refund_processed", { id, no_notification: true }],
    ["claim.updated", { id, no_notification: false }],
  ].sort(([a], [b]) => (a < b ? -1 : 1)));
  await sql(database, "delete from stheno_told");
  const other = await sentOrder();
  await sql(database, "delete from stheno_told");
  const sent = (await done(other.claims, replacing(other))).order.claims[0].id;
  const parcel = (await done(`${other.claims}/${sent}/fulfillments`, { no_notification: true })).order.claims[0].fulfillments[0].id;
  await done(`${other.claims}/${sent}/shipments`, { fulfillment_id: parcel });
  const third = await sentOrder();
  const canceled = (await done(third.claims, replacing(third))).order.claims[0].id;
  await done(`${third.claims}/${canceled}/cancel`);
  const of = async (name) => (await sql(database, `select data from stheno_told where name = '${name}' order by data->>'id' = '${canceled}'`)).map(([data]) => JSON.parse(data));
  const quiet = { no_notification: null };
  assert.deepEqual(await of("claim.created"), [{ id: sent, ...quiet }, { id: canceled, ...quiet }]);
  assert.deepEqual(await of("claim.fulfillment_created"), [{ id: sent, fulfillment_id: parcel, ...quiet }]);
  assert.deepEqual(await of("claim.shipment_created"), [{ id: sent, fulfillment_id: parcel, ...quiet }]);
  assert.deepEqual(await of("claim.canceled"), [{ id: canceled, ...quiet }]);
});

await running.stop();
await dropAll();
finish();
