#!/usr/bin/env node
// With the inventory and stock location modules: what a location has is never promised twice, and levels and reservations always
// tell the same, whatever arrives at once.
import assert from "node:assert/strict";
import { call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

const running = await shop("stheno", { extras: { inventory: true }, sessions: "redis" });
const { base, database } = running;
const one = async (text) => Number((await sql(database, text))[0][0]);
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const user = { authorization: `Bearer ${access_token}` };
const asAdmin = (method, path, body) => must(base, method, path, body, user);
const statuses = (answers) => JSON.stringify(answers.reduce((all, { status }) => ({ ...all, [status]: (all[status] ?? 0) + 1 }), {}));

const { sales_channels: [{ id: channel }] } = await asAdmin("GET", "/admin/sales-channels?limit=1");
async function location(name) {
  const { stock_location } = await asAdmin("POST", "/admin/stock-locations", { name });
  await asAdmin("POST", `/admin/sales-channels/${channel}/stock-locations`, { location_id: stock_location.id });
  return stock_location.id;
}
async function stocked(handle, quantities) {
  const variant = await variantOf(base, handle);
  const { inventory_item: { id } } = await asAdmin("POST", "/admin/inventory-items", { variant_id: variant, sku: `I-${handle}` });
  for (const [location_id, stocked_quantity] of quantities) await asAdmin("POST", `/admin/inventory-items/${id}/location-levels`, { location_id, stocked_quantity });
  return { variant, item: id };
}
const carts = async (count, wishes) => {
  const made = [];
  for (let turn = 0; turn < count; turn += 10) made.push(...(await Promise.all(Array.from({ length: Math.min(10, count - turn) }, (_, index) => wishes(turn + index)))));
  return made;
};
// Levels count what is reserved, and no more than there is.
async function sound() {
  assert.equal(await one("select count(*) from inventory_level l where l.deleted_at is null and l.reserved_quantity <> (select coalesce(sum(r.quantity), 0) from reservation_item r where r.inventory_item_id = l.inventory_item_id and r.location_id = l.location_id and r.deleted_at is null)"), 0, "a level counts other than its reservations");
  assert.equal(await one("select count(*) from inventory_level where deleted_at is null and (reserved_quantity > stocked_quantity or stocked_quantity < 0 or reserved_quantity < 0)"), 0, "more is promised than there is");
}
const cave = await location("Cave"), harbour = await location("Harbour");

await check("50 carts for one last item make one order", async () => {
  const { variant, item } = await stocked("last-vase", [[cave, 1]]);
  const all = await carts(50, (index) => readyCart(base, variant, { email: `vase${index}@example.com` }));
  const answers = await Promise.all(all.map((cart) => complete(base, cart)));
  const won = answers.filter(({ status, body }) => status === 200 && body.type === "order");
  assert.equal(won.length, 1, `${won.length} orders: ${statuses(answers)}`);
  for (const { status, body } of answers) assert.ok(status === 200 || (status === 409 && body.errors?.[0].code === "insufficient_inventory"), `${status} ${JSON.stringify(body)}`);
  assert.equal(await one(`select sum(quantity) from reservation_item where inventory_item_id = '${item}' and deleted_at is null`), 1);
  assert.equal(await one(`select reserved_quantity from inventory_level where inventory_item_id = '${item}'`), 1);
  assert.equal(await one("select count(*) from payment where canceled_at is null and order_id is null"), 0, "a payment is left without an order");
  await sound();
});

let mug, lamp;
await check("orders of several items from two locations, all at once, take all there is and no more", async () => {
  mug = await stocked("mug", [[cave, 12], [harbour, 9]]);
  lamp = await stocked("lamp", [[harbour, 30], [cave, 6]]);
  // Half of the carts name the items in the other order, so that locks would cross.
  const all = await carts(30, async (index) => {
    const [first, second] = index % 2 ? [mug, lamp] : [lamp, mug];
    const cart = await readyCart(base, first.variant, { email: `pair${index}@example.com` });
    await must(base, "POST", `/store/carts/${cart}/line-items`, { variant_id: second.variant, quantity: 1 });
    const { shipping_options } = await must(base, "GET", `/store/shipping-options/${cart}`);
    await must(base, "POST", `/store/carts/${cart}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
    return cart;
  });
  const answers = await Promise.all(all.map((cart) => complete(base, cart)));
  assert.deepEqual(answers.filter(({ status }) => ![200, 409].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.equal(answers.filter(({ status }) => status === 200).length, 21, statuses(answers));
  await sound();
});

await check("an order's units leave the location once, however often they are packed at once", async () => {
  const { orders } = await asAdmin("GET", "/admin/orders?limit=1&expand=items&fields=id&order=created_at&offset=1");
  const [{ id, items }] = orders;
  const before = await one(`select sum(stocked_quantity) from inventory_level where inventory_item_id in ('${mug.item}', '${lamp.item}')`);
  const pack = { location_id: harbour, items: items.map(({ id: item_id }) => ({ item_id, quantity: 1 })) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(base, "POST", `/admin/orders/${id}/fulfillment`, pack, user)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)], `${statuses(answers)} ${answers[0].text.slice(0, 300)}`);
  const after = await one(`select sum(stocked_quantity) from inventory_level where inventory_item_id in ('${mug.item}', '${lamp.item}')`);
  assert.equal(before - after, 2);
  assert.equal(await one(`select count(*) from reservation_item where deleted_at is null and line_item_id in (${items.map(({ id: item }) => `'${item}'`).join()})`), 0);
  const fulfillment = (await sql(database, `select id from fulfillment where order_id = '${id}'`))[0][0];
  const canceled = await Promise.all(Array.from({ length: 10 }, () => call(base, "POST", `/admin/orders/${id}/fulfillments/${fulfillment}/cancel`, undefined, user)));
  assert.deepEqual(canceled.filter(({ status }) => status !== 200).map(({ text }) => text), []);
  assert.equal(await one(`select sum(stocked_quantity) from inventory_level where inventory_item_id in ('${mug.item}', '${lamp.item}')`), before);
  await sound();
});

await check("reservations that are made, moved and removed at once stay counted", async () => {
  const { variant, item } = await stocked("poster", [[cave, 1000], [harbour, 1000]]);
  const made = await Promise.all(Array.from({ length: 20 }, (_, index) => asAdmin("POST", "/admin/reservations", { inventory_item_id: item, location_id: index % 2 ? cave : harbour, quantity: 3 })));
  const ids = made.map(({ reservation }) => reservation.id);
  const answers = await Promise.all(ids.flatMap((id, index) => [
    call(base, "POST", `/admin/reservations/${id}`, { location_id: index % 2 ? harbour : cave, quantity: index + 1 }, user),
    index % 3 ? call(base, "POST", `/admin/reservations/${id}`, { quantity: 7 }, user) : call(base, "DELETE", `/admin/reservations/${id}`, undefined, user),
  ]));
  assert.deepEqual(answers.filter(({ status }) => ![200, 404].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  await sound();
  // An item is attached to a variant once.
  const other = await variantOf(base, "gift-card");
  const attached = await Promise.all(Array.from({ length: 10 }, (_, index) => call(base, "POST", "/admin/inventory-items", { variant_id: other, sku: `G-${index}` }, user)));
  assert.deepEqual(attached.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)], statuses(attached));
  assert.equal(await one(`select count(*) from product_variant_inventory_item where variant_id in ('${other}', '${variant}')`), 2);
});

await running.stop();
await dropAll();
finish();
