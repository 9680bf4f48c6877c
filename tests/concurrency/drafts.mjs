#!/usr/bin/env node
// A draft order is paid once and a payment collection's sessions are authorized once, however many click at the same time.
import assert from "node:assert/strict";
import { call, must, variantOf } from "../lib/buying.mjs";
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
const many = (count, send) => Promise.all(Array.from({ length: count }, (_, index) => send(index)));
const count = (answers, wanted) => answers.filter(({ status }) => status === wanted).length;
// Each kind of answer, and how many there are of it.
function statuses(answers) {
  const kinds = new Map();
  for (const { status, text } of answers) {
    const kind = status === 200 ? "200" : `${status} ${text.slice(0, 120)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, number]) => `${number} x ${kind}`).join("\n");
}

const mug = await variantOf(base, "mug");
const stock = () => one(`select inventory_quantity from product_variant where id = '${mug}'`);
const { shipping_options } = await must(base, "GET", "/admin/shipping-options?region_id=reg_eu", undefined, user);
const option_id = shipping_options.find(({ name }) => name === "Standard").id;
async function draft(more = {}) {
  const body = { email: "drafts@example.com", region_id: "reg_eu", items: [{ variant_id: mug, quantity: 2 }], shipping_methods: [{ option_id }], ...more };
  return (await must(base, "POST", "/admin/draft-orders", body, user)).draft_order;
}
const pay = ({ id }) => asAdmin("POST", `/admin/draft-orders/${id}/pay`);
const orders = ({ cart_id }) => one(`select count(*) from "order" where cart_id = '${cart_id}'`);
const payments = ({ cart_id }) => one(`select count(*) from payment where cart_id = '${cart_id}' and captured_at is not null`);

await check("50 payments of one draft at once make one order", async () => {
  const made = await draft({ discounts: [{ code: "ONCE" }] });
  const before = await stock();
  const answers = await many(50, () => pay(made));
  assert.equal(count(answers, 200), 1, statuses(answers));
  // On a machine with other work some wait too long for a connection, and are told so.
  assert.equal(count(answers, 422) + count(answers, 503), 49, statuses(answers));
  assert.equal(await orders(made), 1);
  assert.equal(await payments(made), 1);
  assert.equal(await one(`select count(*) from payment_session where cart_id = '${made.cart_id}'`), 1);
  assert.equal(await stock(), before - 2);
  assert.equal(await one("select usage_count from discount where code = 'ONCE'"), 1);
  assert.equal(await one(`select count(*) from draft_order where id = '${made.id}' and status = 'completed' and order_id is not null`), 1);
});

await check("a draft that is paid, changed and completed by its buyer at once is one order of what it held", async () => {
  const made = await draft();
  const before = await stock();
  const answers = await many(30, (turn) => [
    () => pay(made),
    () => asAdmin("POST", `/admin/draft-orders/${made.id}/line-items`, { title: "Wrapping", unit_price: 100, quantity: 1 }),
    () => call(base, "POST", `/store/carts/${made.cart_id}/complete`),
  ][turn % 3]());
  assert.deepEqual(answers.filter(({ status }) => ![200, 400, 409, 422].includes(status)).map(({ status, text }) => `${status} ${text.slice(0, 200)}`), []);
  assert.equal(await orders(made), 1);
  assert.equal(await stock(), before - 2);
  assert.equal(await one(`select count(*) from line_item where cart_id = '${made.cart_id}' and order_id is null`), 0, "a line was added behind the order");
  const [[order]] = await sql(database, `select id from "order" where cart_id = '${made.cart_id}'`);
  const shown = (await must(base, "GET", `/admin/orders/${order}`, undefined, user)).order;
  assert.equal(shown.paid_total, shown.total);
});

await check("a draft that is paid and deleted at once is one of both", async () => {
  for (let turn = 0; turn < 5; turn++) {
    const made = await draft();
    const [paid, gone] = await Promise.all([pay(made), asAdmin("DELETE", `/admin/draft-orders/${made.id}`)]);
    assert.ok((paid.status === 200 && gone.status === 400) || (paid.status === 404 && gone.status === 200), statuses([paid, gone]));
    assert.equal(await orders(made), paid.status === 200 ? 1 : 0);
  }
});

await check("drafts of the last units don't sell them twice", async () => {
  const left = 5;
  await sql(database, `update product_variant set inventory_quantity = ${left} where id = '${mug}'`);
  const drafts = await many(8, () => draft());
  const answers = await many(8, (turn) => pay(drafts[turn]));
  assert.equal(count(answers, 200), 2, statuses(answers));
  assert.equal(count(answers, 400), 6, statuses(answers));
  assert.equal(await stock(), 1);
  for (const [turn, { status }] of answers.entries()) {
    const none = status === 200 ? 1 : 0;
    assert.equal(await orders(drafts[turn]), none);
    assert.equal(await one(`select count(*) from payment where cart_id = '${drafts[turn].cart_id}'`), none, "a payment was left behind");
  }
});

await check("50 authorizations of one payment session at once make one payment", async () => {
  await sql(database, "insert into payment_collection (id, type, status, amount, region_id, currency_code, created_by) values ('paycol_1', 'order_edit', 'not_paid', 1500, 'reg_eu', 'eur', 'admin')");
  const path = "/store/payment-collections/paycol_1/sessions";
  const { payment_collection } = await must(base, "POST", `${path}/batch`, { sessions: [500, 1000].map((amount) => ({ provider_id: "manual", amount })) });
  const ids = payment_collection.payment_sessions.map(({ id }) => id);
  const answers = await many(50, (turn) => (turn % 2 ? call(base, "POST", `${path}/batch/authorize`, { session_ids: ids }) : call(base, "POST", `${path}/${ids[0]}/authorize`)));
  assert.equal(count(answers, 200), 50, statuses(answers));
  const [[amount, number]] = await sql(database, "select sum(p.amount), count(*) from payment p join payment_collection_payments l on l.payment_id = p.id where l.payment_collection_id = 'paycol_1'");
  assert.deepEqual([Number(amount), Number(number)], [1500, 2]);
  assert.equal(await one("select authorized_amount from payment_collection where id = 'paycol_1' and status = 'authorized'"), 1500);
});

await running.stop();
await dropAll();
finish();
