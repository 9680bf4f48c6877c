#!/usr/bin/env node
// What comes back is received once and refunded once, and never more than was bought or paid, however many admins click and however
// many shoppers ask at the same time.
import assert from "node:assert/strict";
import { buy, call, must, variantOf } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

const running = await shop("stheno", { sessions: "redis" });
const { base, database } = running;
const one = async (text) => Number((await sql(database, text))[0][0]);
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const user = { authorization: `Bearer ${access_token}` };
const asAdmin = (path, body, headers) => call(base, "POST", path, body, { ...user, ...headers });
const many = (count, send) => Promise.all(Array.from({ length: count }, (_, index) => send(index)));
const count = (answers, wanted) => answers.filter(({ status }) => status === wanted).length;
const statuses = (answers) => answers.map(({ status, text }) => `${status} ${status === 200 ? "" : text.slice(0, 120)}`).join("\n");

const variant = await variantOf(base, "mug");
await sql(database, `update product_variant set inventory_quantity = 1000 where id = '${variant}'`);
async function paidOrder(quantity) {
  const order = await buy(base, "mug", { quantity });
  await must(base, "POST", `/admin/orders/${order.id}/capture`, undefined, user);
  return { id: order.id, item: order.items[0].id, price: order.items[0].unit_price };
}
async function asked(order, quantity, more = {}) {
  const answer = await must(base, "POST", `/admin/orders/${order.id}/return?expand=returns`, { items: [{ item_id: order.item, quantity }], ...more }, user);
  return answer.order.returns.map(({ id, created_at }) => ({ id, created_at })).sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0].id;
}
const items = (order, quantity) => ({ items: [{ item_id: order.item, quantity }] });
const stock = () => one(`select inventory_quantity from product_variant where id = '${variant}'`);
const refunded = (order) => one(`select coalesce(sum(amount), 0) from refund where order_id = '${order.id}'`);
const givenBack = (order) => one(`select sum(amount_refunded) from payment where order_id = '${order.id}'`);
const returned = (order) => one(`select returned_quantity from line_item where id = '${order.item}'`);
const events = (name, order) => one(`select count(*) from stheno_told where name = '${name}' and id = '${order.id}'`);
// Events leave the outbox as soon as they are delivered: a trigger keeps what was told.
await sql(database, `create table stheno_told (name text, id text, data jsonb);
  create function stheno_tell() returns trigger language plpgsql as $$ begin insert into stheno_told values (new.event_name, new.data->>'id', new.data); return new; end $$;
  create trigger stheno_tell after insert on staged_job for each row execute function stheno_tell()`);

await check("a return that 50 admins receive at once is received once and refunded once", async () => {
  const order = await paidOrder(3);
  const before = await stock();
  const id = await asked(order, 2);
  const answers = await many(50, () => asAdmin(`/admin/returns/${id}/receive`, items(order, 2)));
  assert.equal(count(answers, 200), 1, statuses(answers));
  assert.equal(count(answers, 400), 49, statuses(answers));
  assert.equal(await refunded(order), 2 * order.price);
  assert.equal(await givenBack(order), 2 * order.price);
  assert.equal(await returned(order), 2);
  assert.equal(await stock(), before + 2);
  assert.equal(await events("order.items_returned", order), 1);
});

await check("50 returns of the same unit bring it back once", async () => {
  const order = await paidOrder(1);
  const before = await stock();
  const ids = await many(50, async () => (await must(base, "POST", "/store/returns", { order_id: order.id, ...items(order, 1) })).return.id);
  assert.equal(new Set(ids).size, 50);
  const answers = await many(50, (turn) => asAdmin(`/admin/returns/${ids[turn]}/receive`, items(order, 1)));
  assert.equal(count(answers, 200), 1, statuses(answers));
  assert.equal(count(answers, 400), 49, statuses(answers));
  assert.equal(await refunded(order), order.price);
  assert.equal(await givenBack(order), order.price);
  assert.equal(await returned(order), 1);
  assert.equal(await stock(), before + 1);
  assert.equal(await one(`select count(*) from return where order_id = '${order.id}' and status = 'received'`), 1);
});

await check("50 returns that bring more than was paid never refund more", async () => {
  const order = await paidOrder(50);
  const [[paid]] = await sql(database, `select amount from payment where order_id = '${order.id}'`);
  const part = Math.floor(Number(paid) / 10);
  const ids = await many(50, async () => (await must(base, "POST", "/store/returns", { order_id: order.id, ...items(order, 1) })).return.id);
  const answers = await many(50, (turn) => (turn % 5 ? asAdmin(`/admin/returns/${ids[turn]}/receive`, { ...items(order, 1), refund: part }) : asAdmin(`/admin/orders/${order.id}/refund`, { amount: part, reason: "other" })));
  assert.ok(answers.every(({ status }) => [200, 400].includes(status)), statuses(answers));
  assert.equal(await refunded(order), 10 * part);
  assert.equal(await givenBack(order), 10 * part);
  // Those that came too late are received all the same, and wait for somebody.
  assert.equal(await returned(order), 40);
  const late = await events("order.return_action_required", order);
  assert.ok(late >= 30, `${late} were told of`);
  assert.equal((await events("order.items_returned", order)) + late, 40);
});

await check("what is told of returns is what 1.20 tells", async () => {
  const order = await paidOrder(3);
  const id = await asked(order, 1, { no_notification: true });
  await must(base, "POST", `/admin/returns/${id}/receive`, items(order, 1), user);
  const above = await asked(order, 1, { refund: 1e6 });
  await must(base, "POST", `/admin/returns/${above}/receive`, items(order, 1), user);
  const shopper = (await must(base, "POST", "/store/returns", { order_id: order.id, ...items(order, 1) })).return.id;
  const told = await sql(database, `select name, data from stheno_told where id = '${order.id}' and name like 'order.%return%' order by data->>'return_id', name`);
  const data = (return_id, more) => ({ id: order.id, return_id, ...more });
  const expected = [
    ["order.items_returned", data(id, { no_notification: true })],
    ["order.return_requested", data(id, { no_notification: true })],
    ["order.return_action_required", data(above, { no_notification: null })],
    ["order.return_requested", data(above, { no_notification: null })],
    ["order.return_requested", data(shopper)],
  ];
  assert.deepEqual(told.map(([name, text]) => [name, JSON.parse(text)]), expected);
});

await check("a return that is canceled and received at once is one of both", async () => {
  for (let turn = 0; turn < 10; turn++) {
    const order = await paidOrder(1);
    const id = await asked(order, 1);
    const [received, canceled] = await Promise.all([asAdmin(`/admin/returns/${id}/receive`, items(order, 1)), asAdmin(`/admin/returns/${id}/cancel`)]);
    assert.deepEqual([received.status, canceled.status].sort(), [200, 400], statuses([received, canceled]));
    assert.equal(await refunded(order), received.status === 200 ? order.price : 0);
  }
});

await check("50 clicks with one Idempotency-Key ask for one return, and receive it once", async () => {
  const order = await paidOrder(2);
  const before = await stock();
  const wish = { ...items(order, 1), receive_now: true };
  const answers = await many(50, () => asAdmin(`/admin/orders/${order.id}/return`, wish, { "idempotency-key": `return-once-${order.id}` }));
  assert.equal(count(answers, 200), 50, statuses(answers));
  assert.equal(await one(`select count(*) from return where order_id = '${order.id}'`), 1);
  assert.equal(await returned(order), 1);
  assert.equal(await stock(), before + 1);
  const shopper = await many(50, () => call(base, "POST", "/store/returns", { order_id: order.id, ...items(order, 1) }, { "idempotency-key": `shopper-once-${order.id}` }));
  assert.equal(count(shopper, 200), 50, statuses(shopper));
  assert.equal(new Set(shopper.map(({ body }) => body.return.id)).size, 1);
});

await check("a return of 1.20's that waits for an admin is received once more, and only the difference counts", async () => {
  const order = await paidOrder(3);
  const before = await stock();
  const id = await asked(order, 2);
  // One of two has come: 1.20 leaves it so.
  await sql(database, `update return set status = 'requires_action', received_at = now() where id = '${id}';
    update return_item set quantity = 1, received_quantity = 1, is_requested = false where return_id = '${id}';
    update line_item set returned_quantity = 1 where id = '${order.item}'`);
  const answers = await many(50, () => asAdmin(`/admin/returns/${id}/receive`, items(order, 2)));
  assert.equal(count(answers, 200), 1, statuses(answers));
  assert.equal(await returned(order), 2);
  assert.equal(await stock(), before + 1);
  assert.equal(await refunded(order), 2 * order.price);
  const [[quantity, requested, received, matches]] = await sql(database, `select quantity, requested_quantity, received_quantity, is_requested from return_item where return_id = '${id}'`);
  assert.deepEqual([quantity, requested, received, matches].map(String), ["2", "2", "2", "t"]);
});

await check("what a claim has refunded is not refunded again when its goods come, unless an admin says so", async () => {
  const order = await paidOrder(2);
  await sql(database, `insert into claim_order (id, type, payment_status, order_id, refund_amount) values ('claim_back', 'refund', 'refunded', '${order.id}', 500)`);
  const receive = async (quantity, more) => {
    const id = await asked(order, quantity);
    await sql(database, `update return set claim_order_id = 'claim_back' where id = '${id}'`);
    return must(base, "POST", `/admin/returns/${id}/receive`, { ...items(order, quantity), ...more }, user);
  };
  await receive(1);
  assert.equal(await refunded(order), 0);
  assert.equal(await returned(order), 1);
  await sql(database, "update return set claim_order_id = null");
  await receive(1, { refund: 123 });
  assert.equal(await refunded(order), 123);
});

await running.stop();
await dropAll();
finish();
