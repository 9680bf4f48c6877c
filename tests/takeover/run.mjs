#!/usr/bin/env node
// A shop changes from the real Medusa to this server and back, on one database, and each shows and goes on with the other's orders.
import assert from "node:assert/strict";
import { agent, buy, call, must } from "../lib/buying.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { redis, sql } from "../lib/services.mjs";
import { carryClaimOn, takeClaim } from "./claims.mjs";
import { beginEdit, endEditing, goOnEditing } from "./edits.mjs";

const { missing } = peer();
if (missing) { skip("takeover", missing); finish(); }

async function openFor(server, database) {
  return serve(server, { folder: project(), database, redis: await redis() });
}
async function asAdmin(base) {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  return { authorization: `Bearer ${access_token}` };
}
const migrations = (database) => sql(database, "select name from migrations order by name");

async function handOver(first, second) {
  const database = await copy(await template(first));
  let running = await openFor(first, database);
  const bought = [await buy(running.base, "mug", { email: "one@example.com" }), await buy(running.base, "shirt", { email: "two@example.com", quantity: 2 })];
  const asFirst = await Promise.all(bought.map(({ id }) => must(running.base, "GET", `/store/orders/${id}`)));
  const login = await call(running.base, "POST", "/admin/auth", admin, { "x-forwarded-proto": "https" });
  const session = { cookie: (login.headers["set-cookie"] ?? []).map((text) => text.split(";")[0]).join("; ") };
  const token = await asAdmin(running.base);
  const edited = await beginEdit(running.base, token);
  const list = await must(running.base, "GET", "/admin/orders", undefined, token);
  await must(running.base, "POST", `/admin/orders/${bought[0].id}/capture`, undefined, token);
  await must(running.base, "POST", `/admin/orders/${bought[1].id}/capture`, undefined, token);
  const shirts = bought[1].items.map(({ id }) => ({ item_id: id, quantity: 1 }));
  const returnsOf = ({ order }) => order.returns.map(({ id, status, refund_amount }) => ({ id, status, refund_amount }));
  const [asked] = returnsOf(await must(running.base, "POST", `/admin/orders/${bought[1].id}/return`, { items: shirts, refund: 500 }, token));
  const urls = ["c", "a", "d", "b"].map((name) => `https://images.stheno.test/takeover-${name}.png`);
  const { product } = await must(running.base, "POST", "/admin/products", { title: "Gallery", images: urls }, token);
  await must(running.base, "POST", `/admin/products/${product.id}`, { images: [urls[3], urls[0], "https://images.stheno.test/takeover-e.png", urls[1]] }, token);
  const imagesIn = async (headers) => (await must(running.base, "GET", `/admin/products/${product.id}`, undefined, headers)).product.images.map(({ url }) => url);
  const images = await imagesIn(token);
  const before = await migrations(database);
  await running.stop();
  agent.destroy();

  running = await openFor(second, database);
  await check(`${second} finds nothing to migrate in ${first}'s database`, async () => assert.deepEqual(await migrations(database), before));
  await check(`${second} shows the orders that ${first} took`, async () => {
    const asSecond = await Promise.all(bought.map(({ id }) => must(running.base, "GET", `/store/orders/${id}`)));
    const stable = ({ order }) => ({ ...order, payment_status: "", updated_at: "", payments: order.payments?.map((payment) => ({ ...payment, captured_at: "", updated_at: "" })) });
    asSecond.forEach((answer, index) => {
      assert.equal(answer.order.total, asFirst[index].order.total);
      assert.deepEqual(Object.keys(stable(answer)).sort(), Object.keys(stable(asFirst[index])).sort());
      assert.deepEqual(answer.order.items.map(({ id, total }) => [id, total]).sort(), asFirst[index].order.items.map(({ id, total }) => [id, total]).sort());
    });
    assert.equal(asSecond[0].order.payment_status, "captured");
  });
  await check(`${second} receives the return that was asked of ${first}, and both show it alike`, async () => {
    assert.deepEqual(returnsOf(await must(running.base, "GET", `/admin/orders/${bought[1].id}`, undefined, token)), [asked]);
    const answer = await must(running.base, "POST", `/admin/returns/${asked.id}/receive`, { items: shirts }, token);
    assert.equal(answer.return.status, "received");
    const { order } = await must(running.base, "GET", `/admin/orders/${bought[1].id}`, undefined, token);
    assert.equal(order.fulfillment_status, "partially_returned");
    assert.equal(order.refunded_total, 500);
    assert.deepEqual(order.items.map(({ returned_quantity }) => returned_quantity), [1]);
  });
  await check(`${second} honours the session and the token of ${first}'s admin`, async () => {
    assert.equal((await call(running.base, "GET", "/admin/auth", undefined, session)).status, 200);
    const again = await must(running.base, "GET", "/admin/orders", undefined, token);
    assert.deepEqual(again.orders.map(({ id }) => id), list.orders.map(({ id }) => id));
  });
  await check(`${second} shows images in ${first}'s order`, async () => assert.deepEqual(await imagesIn(token), images));
  await check(`${second} goes on with ${first}'s order and sells on`, async () => {
    const headers = await asAdmin(running.base);
    const items = asFirst[0].order.items.map(({ id, quantity }) => ({ item_id: id, quantity }));
    const { order } = await must(running.base, "POST", `/admin/orders/${bought[0].id}/fulfillment`, { items }, headers);
    assert.equal(order.fulfillment_status, "fulfilled");
    const next = await buy(running.base, "mug", { email: "one@example.com" });
    assert.equal(next.display_id, bought[1].display_id + 2);
    assert.equal(next.customer_id, bought[0].customer_id);
  });
  let editing, claims;
  await check(`${second} takes a claim on ${first}'s order`, async () => { claims = await takeClaim(running.base, await asAdmin(running.base), bought[0].id); });
  await check(`${second} goes on editing an order that ${first} has edited`, async () => { editing = await goOnEditing(running.base, await asAdmin(running.base), edited); });
  await running.stop();
  agent.destroy();

  // And back again.
  running = await openFor(first, database);
  await check(`${first} takes the shop back from ${second}`, async () => {
    const { orders } = await must(running.base, "GET", "/admin/orders?expand=returns", undefined, await asAdmin(running.base));
    assert.equal(orders.length, 4);
    assert.deepEqual(returnsOf({ order: orders.find(({ id }) => id === bought[1].id) }), [{ ...asked, status: "received" }]);
    await buy(running.base, "lamp", { email: "three@example.com" });
  });
  await check(`${first} shows the claim that ${second} took, and carries it on`, async () => carryClaimOn(running.base, await asAdmin(running.base), bought[0].id, claims));
  await check(`${first} ends an edit that ${second} has begun`, async () => endEditing(running.base, await asAdmin(running.base), editing));
  await running.stop();
  agent.destroy();
}

const only = process.argv[2]; // "medusa" alone tries the test on itself
if (only) await handOver(only, only);
else {
  await handOver("stheno", "medusa");
  await handOver("medusa", "stheno");
}
await dropAll();
finish();
