#!/usr/bin/env node
// A swap that one server has made is completed, paid, packed and shipped by the other, turn about, on one database; and both show it
// alike.
import assert from "node:assert/strict";
import { agent, buy, must, variantOf } from "../lib/buying.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { redis } from "../lib/services.mjs";

const { missing } = peer();
if (missing) { skip("takeover", missing); finish(); }

const database = await copy(await template("medusa"));
const running = {};
for (const server of ["medusa", "stheno"]) running[server] = await serve(server, { folder: project(), database, redis: await redis() });
const users = {};
for (const [server, { base }] of Object.entries(running)) users[server] = { authorization: `Bearer ${(await must(base, "POST", "/admin/auth/token", admin)).access_token}` };
const asAdmin = (server, path, body) => must(running[server].base, "POST", path, body, users[server]);
const asShopper = (server, method, path, body) => must(running[server].base, method, path, body);

// What both say of a swap, lists in one order.
const sorted = (value) => (Array.isArray(value) ? value.map(sorted).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value);
async function alike(path) {
  const [real, ours] = await Promise.all(["medusa", "stheno"].map((server) => must(running[server].base, "GET", path, undefined, users[server])));
  assert.deepEqual(sorted(ours), sorted(real), path);
}

for (const [first, second] of [["medusa", "stheno"], ["stheno", "medusa"]])
  for (const [bought, other, settled] of [["mug", "lamp", "captured"], ["lamp", "mug", "difference_refunded"]])
    await check(`${first} and ${second} turn about: a ${other} for a ${bought}`, async () => {
      const order = await buy(running[first].base, bought);
      const items = [{ item_id: order.items[0].id, quantity: 1 }];
      await asAdmin(second, `/admin/orders/${order.id}/capture`);
      await asAdmin(first, `/admin/orders/${order.id}/fulfillment`, { items });
      // The real one hangs where more may not go out than there is.
      const { order: { swaps: [swap] } } = await asAdmin(first, `/admin/orders/${order.id}/swaps`, { return_items: items, additional_items: [{ variant_id: await variantOf(running[first].base, other), quantity: 1 }], allow_backorder: settled === "captured" });
      const its = `/admin/orders/${order.id}/swaps/${swap.id}`, cart = `/store/carts/${swap.cart_id}`;
      await alike(`/admin/swaps/${swap.id}`);
      await alike(cart);
      if (settled === "captured") {
        const { shipping_options } = await asShopper(second, "GET", `/store/shipping-options/${swap.cart_id}`);
        await asShopper(second, "POST", `${cart}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
        await asShopper(first, "POST", `${cart}/payment-sessions`);
      }
      const completed = await asShopper(second, "POST", `${cart}/complete`);
      assert.equal(completed.type, "swap");
      assert.deepEqual(sorted((await asShopper(first, "POST", `${cart}/complete`)).data), sorted(completed.data));
      const { order: paid } = await asAdmin(first, `${its}/process-payment`);
      assert.equal(paid.swaps[0].payment_status, settled);
      await alike(`/store/swaps/${swap.cart_id}`);
      if (settled === "captured") {
        const { order: packed } = await asAdmin(second, `${its}/fulfillments`, {});
        await asAdmin(first, `${its}/shipments`, { fulfillment_id: packed.swaps[0].fulfillments[0].id });
      }
      await asAdmin(second, `/admin/returns/${swap.return_order.id}/receive`, { items });
      await alike(`/admin/swaps/${swap.id}`);
      await alike(`/admin/orders/${order.id}`);
    });

for (const server of Object.values(running)) await server.stop();
agent.destroy();
await dropAll();
finish();
