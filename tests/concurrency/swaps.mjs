#!/usr/bin/env node
// A swap is paid once, its difference goes back once, and its goods leave once, however many click at the same time.
import assert from "node:assert/strict";
import { buy, call, complete, must, variantOf } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

const running = await shop("stheno", { sessions: "redis" });
const { base, database } = running;
const rows = (text) => sql(database, text);
const one = async (text) => Number((await rows(text))[0][0]);
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const user = { authorization: `Bearer ${access_token}` };
const asAdmin = (path, body, headers) => call(base, "POST", path, body, { ...user, ...headers });
const many = (count, send) => Promise.all(Array.from({ length: count }, (_, index) => send(index)));
const statuses = (answers) => answers.map(({ status, text }) => `${status} ${status === 200 ? "" : text.slice(0, 160)}`).join("\n");
const all = (answers, wanted) => assert.ok(answers.every(({ status }) => status === wanted), statuses(answers));
const stock = async (handle) => one(`select inventory_quantity from product_variant where id = '${await variantOf(base, handle)}'`);

async function sentOrder(handle, quantity = 1) {
  const order = await buy(base, handle, { quantity });
  await must(base, "POST", `/admin/orders/${order.id}/capture`, undefined, user);
  await must(base, "POST", `/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity }] }, user);
  return { id: order.id, item: order.items[0].id };
}
async function swapOf(order, handle, more) {
  const body = { return_items: [{ item_id: order.item, quantity: 1 }], additional_items: [{ variant_id: await variantOf(base, handle), quantity: 1 }], ...more };
  const { order: after } = await must(base, "POST", `/admin/orders/${order.id}/swaps`, body, user);
  const swap = after.swaps.at(-1);
  return { id: swap.id, cart: swap.cart_id, path: `/admin/orders/${order.id}/swaps/${swap.id}` };
}
async function payable(swap) {
  const { shipping_options } = await must(base, "GET", `/store/shipping-options/${swap.cart}`);
  await must(base, "POST", `/store/carts/${swap.cart}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
  await must(base, "POST", `/store/carts/${swap.cart}/payment-sessions`);
}
const state = async (swap) => (await rows(`select payment_status, fulfillment_status, difference_due from swap where id = '${swap.id}'`))[0];

await check("50 completions of a swap's cart take one payment and the goods once", async () => {
  const order = await sentOrder("mug");
  const before = await stock("lamp"), mugs = await stock("mug");
  const swap = await swapOf(order, "lamp", { allow_backorder: false });
  await payable(swap);
  const answers = await many(50, () => complete(base, swap.cart));
  all(answers, 200);
  for (const { body } of answers) assert.deepEqual(body, answers[0].body);
  assert.equal(answers[0].body.type, "swap");
  assert.equal(await one(`select count(*) from payment where swap_id = '${swap.id}' and order_id = '${order.id}'`), 1);
  assert.equal(await one(`select amount from payment where swap_id = '${swap.id}'`), answers[0].body.data.difference_due);
  assert.equal(await stock("lamp"), before - 1);
  assert.equal(await stock("mug"), mugs, "what comes back is not taken");
  assert.equal(await one(`select count(*) from shipping_method where swap_id = '${swap.id}'`), 1);
});

await check("50 clicks take the money of a swap once", async () => {
  const order = await sentOrder("mug");
  const swap = await swapOf(order, "lamp");
  await payable(swap);
  all([await complete(base, swap.cart)], 200);
  all(await many(50, () => asAdmin(`${swap.path}/process-payment`)), 200);
  assert.equal((await state(swap))[0], "captured");
  assert.equal(await one(`select count(*) from payment where swap_id = '${swap.id}' and captured_at is not null`), 1);
});

await check("50 clicks give the difference of a swap back once", async () => {
  const order = await sentOrder("lamp");
  const swap = await swapOf(order, "mug", { allow_backorder: false });
  all([await complete(base, swap.cart)], 200);
  const due = -Number((await state(swap))[2]);
  assert.ok(due > 0);
  all(await many(50, () => asAdmin(`${swap.path}/process-payment`)), 200);
  assert.equal((await state(swap))[0], "difference_refunded");
  assert.equal(await one(`select coalesce(sum(amount), 0) from refund where order_id = '${order.id}'`), due);
  assert.equal(await one(`select sum(amount_refunded) from payment where order_id = '${order.id}'`), due);
});

await check("a swap for the same moves no money", async () => {
  const order = await sentOrder("mug");
  const swap = await swapOf(order, "mug", { allow_backorder: false });
  all(await many(10, () => complete(base, swap.cart)), 200);
  assert.deepEqual(await state(swap), ["confirmed", "not_fulfilled", "0"]);
  all(await many(10, () => asAdmin(`${swap.path}/process-payment`)), 200);
  assert.equal((await state(swap))[0], "difference_refunded");
  assert.equal(await one(`select count(*) from payment where swap_id = '${swap.id}'`), 0);
  assert.equal(await one(`select count(*) from refund where order_id = '${order.id}'`), 0);
});

await check("a difference is not given back beyond what was paid", async () => {
  const order = await sentOrder("lamp");
  const swap = await swapOf(order, "mug", { allow_backorder: false });
  all([await complete(base, swap.cart)], 200);
  const due = -Number((await state(swap))[2]);
  const paid = await one(`select amount from payment where order_id = '${order.id}'`);
  const answers = await Promise.all([asAdmin(`/admin/orders/${order.id}/refund`, { amount: paid, reason: "other" }), ...Array.from({ length: 20 }, () => asAdmin(`${swap.path}/process-payment`))]);
  const whole = answers[0].status === 200;
  const [status] = await state(swap);
  assert.equal(status, whole ? "requires_action" : "difference_refunded", statuses(answers));
  assert.equal(await one(`select sum(amount_refunded) from payment where order_id = '${order.id}'`), whole ? paid : due);
  assert.equal(await one(`select coalesce(sum(amount), 0) from refund where order_id = '${order.id}'`), whole ? paid : due);
});

await check("20 clicks pack a swap once", async () => {
  const order = await sentOrder("mug");
  const swap = await swapOf(order, "lamp");
  await payable(swap);
  all([await complete(base, swap.cart)], 200);
  const answers = await many(20, () => asAdmin(`${swap.path}/fulfillments`, {}));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, statuses(answers));
  assert.equal(await one(`select count(*) from fulfillment where swap_id = '${swap.id}'`), 1);
  assert.equal(await one(`select sum(fulfilled_quantity) from line_item where swap_id = '${swap.id}'`), 1);
});

await check("a swap that is canceled and completed at once is one of both", async () => {
  for (let turn = 0; turn < 5; turn++) {
    const order = await sentOrder("lamp");
    const before = await stock("mug");
    const swap = await swapOf(order, "mug", { allow_backorder: false });
    const [[returned]] = await rows(`select id from return where swap_id = '${swap.id}'`);
    await must(base, "POST", `/admin/returns/${returned}/cancel`, undefined, user);
    const [canceled, completed] = await Promise.all([asAdmin(`${swap.path}/cancel`), complete(base, swap.cart)]);
    assert.equal(canceled.status, 200, canceled.text);
    // Completed first, then canceled: what it had taken is back.
    assert.ok(completed.status === 200 || /canceled swap/.test(completed.text), completed.text);
    assert.equal((await state(swap))[0], "canceled");
    assert.equal(await stock("mug"), before);
  }
});

await check("20 wishes under one Idempotency-Key make one swap", async () => {
  const order = await sentOrder("mug");
  const variant = await variantOf(base, "lamp");
  for (const [path, body, headers] of [
    [`/admin/orders/${order.id}/swaps`, { return_items: [{ item_id: order.item, quantity: 1 }], additional_items: [{ variant_id: variant, quantity: 1 }] }, user],
    ["/store/swaps", { order_id: order.id, return_items: [{ item_id: order.item, quantity: 1 }], additional_items: [{ variant_id: variant, quantity: 1 }] }, {}],
  ]) {
    const before = await one(`select count(*) from swap where order_id = '${order.id}'`);
    const key = { "idempotency-key": `swap-once-${path.length}-${order.id}` };
    const answers = await many(20, () => call(base, "POST", path, body, { ...headers, ...key }));
    all(answers, 200);
    for (const answer of answers) assert.deepEqual(answer.body, answers[0].body);
    assert.equal(await one(`select count(*) from swap where order_id = '${order.id}'`), before + 1);
    assert.equal(await one(`select count(*) from cart where type = 'swap' and metadata->>'parent_order_id' = '${order.id}'`), before + 1);
  }
});

await check("a swap that must not go below the stock waits until there is some", async () => {
  const order = await sentOrder("mug");
  const variant = await variantOf(base, "pullover");
  const strict = await swapOf(order, "pullover", { allow_backorder: false });
  await payable(strict);
  await rows(`update product_variant set inventory_quantity = 0 where id = '${variant}'`);
  const refused = await complete(base, strict.cart);
  assert.equal(refused.status, 409, refused.text);
  assert.equal(refused.body.errors[0].code, "insufficient_inventory");
  await rows(`update product_variant set inventory_quantity = 1 where id = '${variant}'`);
  all([await complete(base, strict.cart)], 200);
  const lenient = await swapOf(await sentOrder("mug"), "pullover", { allow_backorder: true });
  await payable(lenient);
  all([await complete(base, lenient.cart)], 200);
  assert.equal(await stock("pullover"), -1);
  await rows(`update product_variant set inventory_quantity = 100 where id = '${variant}'`);
});

await running.stop();

// With the inventory module: what goes out is reserved once, leaves the shelf that packs it, and comes back to it.
const stocked = await shop("stheno", { extras: { inventory: true }, sessions: "redis" });
{
  const { base, database } = stocked;
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const asAdmin = (path, body) => must(base, "POST", path, body, user);
  const { sales_channels: [{ id: channel }] } = await must(base, "GET", "/admin/sales-channels?limit=1", undefined, user);
  const { stock_location: { id: cave } } = await asAdmin("/admin/stock-locations", { name: "Cave" });
  await asAdmin(`/admin/sales-channels/${channel}/stock-locations`, { location_id: cave });
  const variants = {};
  for (const handle of ["mug", "pullover"]) {
    variants[handle] = await variantOf(base, handle);
    const { inventory_item: { id } } = await asAdmin("/admin/inventory-items", { variant_id: variants[handle], sku: `I-${handle}` });
    await asAdmin(`/admin/inventory-items/${id}/location-levels`, { location_id: cave, stocked_quantity: 10 });
  }
  // [stocked, reserved] of mugs and pullovers.
  const levels = async () => (await sql(database, "select i.sku, l.stocked_quantity, l.reserved_quantity from inventory_level l join inventory_item i on i.id = l.inventory_item_id order by i.sku")).map(([, there, reserved]) => [Number(there), Number(reserved)]);

  await check("a swap reserves what goes out once, and gives it back", async () => {
    const order = await buy(base, "mug", { quantity: 2 });
    await asAdmin(`/admin/orders/${order.id}/capture`);
    await asAdmin(`/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity: 2 }], location_id: cave });
    assert.deepEqual(await levels(), [[8, 0], [10, 0]]);
    const body = { return_items: [{ item_id: order.items[0].id, quantity: 1 }], additional_items: [{ variant_id: variants.pullover, quantity: 2 }], return_location_id: cave, allow_backorder: false };
    const { order: { swaps: [swap] } } = await asAdmin(`/admin/orders/${order.id}/swaps`, body);
    assert.equal(swap.return_order.location_id, cave);
    assert.deepEqual(await levels(), [[8, 0], [10, 0]]);
    const path = `/store/carts/${swap.cart_id}`;
    const { shipping_options } = await must(base, "GET", `/store/shipping-options/${swap.cart_id}`);
    await must(base, "POST", `${path}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
    await must(base, "POST", `${path}/payment-sessions`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(base, swap.cart_id)));
    assert.ok(answers.every(({ status }) => status === 200), statuses(answers));
    assert.deepEqual(await levels(), [[8, 0], [10, 2]]);
    const its = `/admin/orders/${order.id}/swaps/${swap.id}`;
    const packed = await asAdmin(`${its}/fulfillments`, { location_id: cave });
    assert.deepEqual(await levels(), [[8, 0], [8, 0]]);
    await asAdmin(`${its}/fulfillments/${packed.order.swaps[0].fulfillments[0].id}/cancel`);
    assert.deepEqual(await levels(), [[8, 0], [10, 0]]);
    await asAdmin(`/admin/returns/${swap.return_order.id}/receive`, { items: [{ item_id: order.items[0].id, quantity: 1 }] });
    assert.deepEqual(await levels(), [[9, 0], [10, 0]]);
  });

  await check("a canceled swap keeps nothing reserved", async () => {
    const order = await buy(base, "mug", { quantity: 1 });
    await asAdmin(`/admin/orders/${order.id}/capture`);
    await asAdmin(`/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity: 1 }], location_id: cave });
    const before = await levels();
    const { order: { swaps: [swap] } } = await asAdmin(`/admin/orders/${order.id}/swaps`, { return_items: [{ item_id: order.items[0].id, quantity: 1 }], additional_items: [{ variant_id: variants.mug, quantity: 1 }], allow_backorder: false });
    assert.equal((await complete(base, swap.cart_id)).status, 200);
    assert.equal((await levels())[0][1], before[0][1] + 1);
    await asAdmin(`/admin/returns/${swap.return_order.id}/cancel`);
    const { order: after } = await asAdmin(`/admin/orders/${order.id}/swaps/${swap.id}/cancel`);
    assert.equal(after.swaps[0].payment_status, "canceled");
    assert.deepEqual(await levels(), before);
  });

  await check("more goes out than there is only where the swap allows it", async () => {
    for (const allowed of [false, true]) {
      const order = await buy(base, "mug", { quantity: 1 });
      await asAdmin(`/admin/orders/${order.id}/capture`);
      await asAdmin(`/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity: 1 }], location_id: cave });
      const { order: { swaps: [swap] } } = await asAdmin(`/admin/orders/${order.id}/swaps`, { return_items: [{ item_id: order.items[0].id, quantity: 1 }], additional_items: [{ variant_id: variants.pullover, quantity: 11 }], allow_backorder: allowed });
      await must(base, "POST", `/store/carts/${swap.cart_id}/payment-sessions`);
      const answer = await complete(base, swap.cart_id);
      assert.equal(answer.status, allowed ? 200 : 409, answer.text.slice(0, 300));
    }
    assert.deepEqual((await levels())[1], [10, 11]);
  });
}
await stocked.stop();
await dropAll();
finish();
