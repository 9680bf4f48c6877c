#!/usr/bin/env node
// An order has one open edit, and an edit is confirmed once, however many clicks there are.
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
const asAdmin = (method, path, body) => call(base, method, path, body, user);
const edit = async (path, body, method = "POST") => (await must(base, method, path, body, user)).order_edit;
const many = (count, send) => Promise.all(Array.from({ length: count }, (_, index) => send(index)));
const count = (answers, wanted) => answers.filter(({ status }) => status === wanted).length;
const statuses = (answers) => answers.map(({ status, text }) => `${status} ${status === 200 ? "" : text.slice(0, 120)}`).join("\n");
const told = (name, id) => one(`select count(*) from told where event_name = '${name}' and data->>'id' = '${id}'`);
await sql(database, `create table told as table staged_job with no data;
  create function keep_told() returns trigger language plpgsql as $$ begin insert into told select new.*; return new; end $$;
  create trigger keep_told after insert on staged_job for each row execute function keep_told()`);

const poster = await variantOf(base, "poster");
const opened = async () => {
  const order = await buy(base, "mug", { quantity: 2 });
  const { id, items } = await edit("/admin/order-edits", { order_id: order.id });
  return { order, id, item: items[0].id, path: `/admin/order-edits/${id}` };
};

await check("20 edits of one order at once are one", async () => {
  const order = await buy(base, "mug");
  const answers = await many(20, () => asAdmin("POST", "/admin/order-edits", { order_id: order.id }));
  assert.equal(count(answers, 200), 1, statuses(answers));
  assert.equal(count(answers, 400), 19, statuses(answers));
  assert.equal(await one(`select count(*) from line_item where original_item_id = '${order.items[0].id}'`), 1);
});

await check("50 clicks, of admins and of who has ordered, confirm an edit once", async () => {
  const { order, id, item, path } = await opened();
  await edit(`${path}/items/${item}`, { quantity: 1 });
  await edit(`${path}/request`, {});
  const answers = await many(50, (turn) => (turn % 2 ? asAdmin("POST", `${path}/confirm`) : call(base, "POST", `/store/order-edits/${id}/complete`)));
  assert.equal(count(answers, 200), 50, statuses(answers));
  assert.equal(await told("order-edit.confirmed", id), 1);
  assert.equal(await one(`select count(*) from line_item where order_id = '${order.id}'`), 1);
  assert.equal(await one(`select quantity from line_item where order_id = '${order.id}'`), 1);
});

await check("an edit that is confirmed, declined and canceled at once is one of these", async () => {
  const { order, id, item, path } = await opened();
  await edit(`${path}/items/${item}`, { quantity: 1 });
  await edit(`${path}/request`, {});
  const answers = await many(48, (turn) => [() => asAdmin("POST", `${path}/confirm`), () => asAdmin("POST", `${path}/cancel`), () => call(base, "POST", `/store/order-edits/${id}/decline`, {})][turn % 3]());
  assert.equal(count(answers, 200), 16, statuses(answers));
  assert.equal(count(answers, 400), 32, statuses(answers));
  assert.equal(await one(`select num_nonnulls(confirmed_at, canceled_at, declined_at) from order_edit where id = '${id}'`), 1);
  const confirmed = await one(`select count(*) from order_edit where id = '${id}' and confirmed_at is not null`);
  assert.equal(await one(`select quantity from line_item where order_id = '${order.id}'`), confirmed ? 1 : 2);
});

await check("20 requests at once ask for one payment", async () => {
  const { id, path } = await opened();
  await edit(`${path}/items`, { variant_id: poster, quantity: 1 });
  const answers = await many(20, () => asAdmin("POST", `${path}/request`, {}));
  assert.equal(count(answers, 200), 20, statuses(answers));
  assert.equal(new Set(answers.map(({ body }) => body.order_edit.payment_collection_id)).size, 1);
  assert.equal(await told("order-edit.requested", id), 1);
  assert.equal(await one("select count(*) from payment_collection"), 1);
});

await check("items that change at once are changed one after the other", async () => {
  const { id, item, path } = await opened();
  const answers = await many(30, (turn) => (turn % 3 ? asAdmin("POST", `${path}/items/${item}`, { quantity: turn }) : asAdmin("POST", `${path}/items`, { variant_id: poster, quantity: 1 })));
  assert.equal(count(answers, 200), 30, statuses(answers));
  assert.equal(await one(`select count(*) from order_item_change where order_edit_id = '${id}' and type = 'item_update'`), 1);
  assert.equal(await one(`select count(*) from order_item_change where order_edit_id = '${id}' and type = 'item_add'`), 10);
  const removed = await many(20, () => asAdmin("DELETE", `${path}/items/${item}`));
  assert.equal(count(removed, 200), 20, statuses(removed));
  assert.equal(await one(`select count(*) from order_item_change where order_edit_id = '${id}' and type = 'item_remove'`), 1);
});

await check("what was packed while an edit was open stays packed, and can't be edited away", async () => {
  const { order, item, path } = await opened();
  await edit(`${path}/items`, { variant_id: poster, quantity: 1 });
  await must(base, "POST", `/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: order.items[0].id, quantity: 2 }] }, user);
  await edit(`${path}/items/${item}`, { quantity: 1 });
  const refused = await asAdmin("POST", `${path}/confirm`);
  assert.deepEqual([refused.status, refused.body.type], [400, "not_allowed"], refused.text);
  await edit(`${path}/items/${item}`, { quantity: 2 });
  await edit(`${path}/confirm`);
  assert.equal(await one(`select fulfilled_quantity from line_item where order_id = '${order.id}' and original_item_id is not null`), 2);
  const again = await asAdmin("POST", `/admin/orders/${order.id}/fulfillment`, { items: [{ item_id: item, quantity: 1 }] });
  assert.equal(again.status, 400, again.text.slice(0, 200));
});

await running.stop();
await dropAll();
finish();
