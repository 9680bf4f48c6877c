#!/usr/bin/env node
// Money goes back once and units come back once, however many admins click at the same time.
import assert from "node:assert/strict";
import { buy, must, variantOf } from "../lib/buying.mjs";
import { clickedShop, count, many, statuses } from "../lib/clicks.mjs";
import { check, finish } from "../lib/report.mjs";
import { sql } from "../lib/services.mjs";
import { dropAll } from "../lib/shop.mjs";

const { running, base, database, user, one, asAdmin } = await clickedShop();

async function paidOrder(handle = "mug") {
  const order = await buy(base, handle, { quantity: 2 });
  await must(base, "POST", `/admin/orders/${order.id}/capture`, undefined, user);
  const [[payment, amount]] = await sql(database, `select id, amount from payment where order_id = '${order.id}'`);
  return { id: order.id, payment, amount: Number(amount) };
}
const refunded = (order) => one(`select coalesce(sum(amount), 0) from refund where order_id = '${order.id}'`);
const givenBack = (order) => one(`select amount_refunded from payment where id = '${order.payment}'`);

await check("50 refunds at once give back no more than was paid", async () => {
  const order = await paidOrder();
  const part = Math.floor(order.amount / 10);
  const answers = await many(50, (turn) => (turn % 2 ? asAdmin(`/admin/orders/${order.id}/refund`, { amount: part, reason: "other" }) : asAdmin(`/admin/payments/${order.payment}/refund`, { amount: part, reason: "other" })));
  assert.equal(count(answers, 200), 10, statuses(answers));
  assert.equal(count(answers, 400), 40, statuses(answers));
  assert.equal(await refunded(order), 10 * part);
  assert.equal(await givenBack(order), 10 * part);
});

await check("20 clicks with one Idempotency-Key refund once", async () => {
  for (const path of [(order) => `/admin/orders/${order.id}/refund`, (order) => `/admin/payments/${order.payment}/refund`]) {
    const order = await paidOrder();
    const key = { "idempotency-key": `refund-once-${order.id}` };
    const answers = await many(20, () => asAdmin(path(order), { amount: 100, reason: "other" }, key));
    assert.equal(count(answers, 200), 20, statuses(answers));
    for (const { body } of answers) assert.deepEqual(body, answers[0].body);
    assert.equal(await refunded(order), 100);
    assert.equal(await givenBack(order), 100);
    assert.equal((await asAdmin(path(order), { amount: 101, reason: "other" }, key)).status, 409, "the key of another request");
  }
});

await check("20 captures of one payment at once take the money once", async () => {
  const order = await buy(base, "mug");
  const [[payment]] = await sql(database, `select id from payment where order_id = '${order.id}'`);
  const answers = await many(20, () => asAdmin(`/admin/payments/${payment}/capture`));
  assert.equal(count(answers, 200), 20, statuses(answers));
  assert.equal(new Set(answers.map(({ body }) => body.payment.captured_at)).size, 1);
});

await check("20 cancelations at once bring the units back once", async () => {
  const variant = await variantOf(base, "mug");
  const stock = () => one(`select inventory_quantity from product_variant where id = '${variant}'`);
  const before = await stock();
  const order = await buy(base, "mug", { quantity: 3 });
  assert.equal(await stock(), before - 3);
  const answers = await many(20, () => asAdmin(`/admin/orders/${order.id}/cancel`));
  assert.equal(count(answers, 200), 20, statuses(answers));
  assert.equal(await stock(), before);
  assert.equal(await one(`select count(*) from "order" where id = '${order.id}' and status = 'canceled' and canceled_at is not null`), 1);
  assert.equal(await one(`select count(*) from payment where order_id = '${order.id}' and canceled_at is null`), 0);
});

await check("an order that is canceled and refunded at once is one of both", async () => {
  const order = await paidOrder();
  const [canceled, back] = await Promise.all([asAdmin(`/admin/orders/${order.id}/cancel`), asAdmin(`/admin/orders/${order.id}/refund`, { amount: 100, reason: "other" })]);
  assert.deepEqual([canceled.status, back.status].sort(), [200, 400], statuses([canceled, back]));
  assert.equal(await refunded(order), back.status === 200 ? 100 : 0);
});

await running.stop();
await dropAll();
finish();
