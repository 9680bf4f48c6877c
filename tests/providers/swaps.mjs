#!/usr/bin/env node
// The difference of a swap, taken or given back by a payment provider outside: once, whatever fails and whenever the server is
// killed, and money and rows agree.
import assert from "node:assert/strict";
import { call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { pause, until } from "../lib/processes.mjs";
import { Refusal, shopAtBank } from "../lib/provider.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";

const { bank, database, start, user, ...opened } = await shopAtBank();
let { running } = opened;
const one = async (text) => (await sql(database, text))[0][0];
const asAdmin = (path, body) => call(running.base, "POST", path, body, user);
const done = async (path, body) => { const answer = await asAdmin(path, body); assert.equal(answer.status, 200, answer.text); return answer.body; };
const variants = { mug: await variantOf(running.base, "mug"), shirt: await variantOf(running.base, "shirt") };

const { script } = bank;
const settled = () => until(async () => Number(await one("select count(*) from stheno_ask")) === 0, { every: 20, seconds: 60, describe: () => running.process.tail(20) });

// One bought for another; whether the shopper has agreed yet.
async function swapOf(bought, other, { completed = true } = {}) {
  script();
  const cart = await readyCart(running.base, variants[bought]);
  await must(running.base, "POST", `/store/carts/${cart}/payment-session`, { provider_id: "scripted" });
  const { data: order } = (await complete(running.base, cart)).body;
  await done(`/admin/orders/${order.id}/capture`);
  const items = [{ item_id: order.items[0].id, quantity: 1 }];
  await done(`/admin/orders/${order.id}/fulfillment`, { items });
  const { order: { swaps: [swap] } } = await done(`/admin/orders/${order.id}/swaps`, { return_items: items, additional_items: [{ variant_id: variants[other], quantity: 1 }], allow_backorder: false });
  const made = { id: swap.id, order: order.id, cart: swap.cart_id, settle: `/admin/orders/${order.id}/swaps/${swap.id}/process-payment` };
  const sessions = await call(running.base, "POST", `/store/carts/${made.cart}/payment-sessions`);
  assert.equal(sessions.status, 200, sessions.text);
  if (sessions.body.cart.payment_sessions.length) await must(running.base, "POST", `/store/carts/${made.cart}/payment-session`, { provider_id: "scripted" });
  if (completed) assert.equal((await complete(running.base, made.cart)).body.type, "swap");
  return made;
}
const state = async ({ id }) => (await sql(database, `select payment_status, difference_due from swap where id = '${id}'`))[0];
// The bank's books, the payments and the refunds say the same, and the swap is settled.
async function agree(swap, status) {
  const [payment_status, due] = await state(swap);
  assert.equal(payment_status, status);
  for (const [payment, captured, refunded] of await sql(database, `select id, captured_at is not null, amount_refunded from payment where order_id = '${swap.order}'`)) {
    assert.equal(captured === "t", (bank.captured.get(payment) ?? 0) > 0);
    assert.equal(Number(refunded), bank.refunded.get(payment) ?? 0);
  }
  const back = Number(await one(`select coalesce(sum(amount), 0) from refund where order_id = '${swap.order}'`));
  assert.equal(back, Number(await one(`select sum(amount_refunded) from payment where order_id = '${swap.order}'`)));
  if (status === "difference_refunded") assert.equal(back, -Number(due));
  if (status === "captured") assert.equal(bank.captured.get(await one(`select id from payment where swap_id = '${swap.id}'`)), Number(due));
}
async function killedAt(hooks, request) {
  let died;
  const death = new Promise((then) => { died = then; });
  script(hooks(async () => { script(); running.kill(); await running.process.exit; died(); }));
  await Promise.all([death, request().catch(() => undefined)]);
  running = await start();
  await settled();
}
const moments = (method) => ({
  "before the provider has done it": (die) => ({ before: async (ask) => { if (ask.method === method) await die(); } }),
  "when the provider has done it, before its answer": (die) => ({ after: async (ask) => { if (ask.method === method) await die(); } }),
  "about when the answer comes": (die) => ({ after: async (ask) => { if (ask.method === method) setTimeout(die, Math.random() * 6); } }),
});

for (const [method, bought, other, status] of [["capture", "mug", "shirt", "captured"], ["refund", "shirt", "mug", "difference_refunded"]]) {
  await check(`${method}: 20 clicks are one`, async () => {
    const swap = await swapOf(bought, other);
    script({ before: (ask) => (ask.method === method ? pause(50) : undefined) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => asAdmin(swap.settle)));
    for (const answer of answers) assert.ok([200, 409].includes(answer.status), answer.text);
    await agree(swap, status);
  });

  await check(`${method}: refused, then done`, async () => {
    const swap = await swapOf(bought, other);
    script({ before: (ask) => { if (ask.method === method) throw new Refusal("The bank is closed"); } });
    await done(swap.settle);
    await agree(swap, "requires_action");
    script();
    await done(swap.settle);
    await agree(swap, status);
  });

  for (const [moment, hooks] of Object.entries(moments(method)))
    await check(`${method}: killed ${moment}`, async () => {
      const swap = await swapOf(bought, other);
      await killedAt(hooks, () => asAdmin(swap.settle));
      await done(swap.settle);
      await agree(swap, status);
      script();
      await done(swap.settle);
      assert.equal(bank.asked.length, 0, "asked for once more");
    });
}

await check("a difference that two payments give back: the part of the first is not given again when the second refuses", async () => {
  // The swap's own payment is the newest; a further swap of what it sent gives back more than that.
  const swap = await swapOf("shirt", "mug");
  const [, due] = await state(swap);
  await sql(database, `insert into payment (id, order_id, amount, currency_code, provider_id, data, captured_at, created_at) select 'pay_part_' || id, id, 100, 'eur', 'scripted', '{}', now(), now() + interval '1 hour' from "order" where id = '${swap.order}'`);
  const part = `pay_part_${swap.order}`;
  bank.captured.set(part, 100);
  script({ before: (ask) => { if (ask.method === "refund" && ask.arguments.payment.id !== part) throw new Refusal("The bank is closed"); } });
  await done(swap.settle);
  assert.equal((await state(swap))[0], "requires_action");
  assert.equal(bank.refunded.get(part), 100);
  await settled();
  script();
  await done(swap.settle);
  await agree(swap, "difference_refunded");
  assert.equal(Number(await one(`select sum(amount) from refund where order_id = '${swap.order}'`)), -Number(due));
});

for (const [moment, hooks] of Object.entries(moments("authorize")))
  await check(`completion: killed ${moment}`, async () => {
    const swap = await swapOf("mug", "shirt", { completed: false });
    await killedAt(hooks, () => complete(running.base, swap.cart));
    const answer = await complete(running.base, swap.cart);
    assert.equal(answer.body?.type, "swap", answer.text);
    assert.equal(Number(await one(`select count(*) from payment where swap_id = '${swap.id}' and canceled_at is null`)), 1);
    await done(swap.settle);
    await agree(swap, "captured");
  });

await running.stop();
await bank.stop();
await dropAll();
finish();
