#!/usr/bin/env node
// Orders that one server has refunded, sent back, swapped, claimed, edited or drafted are shown and carried on by the other, on
// one database, in both directions.
//   node tests/takeover/lives.mjs [medusa|stheno]   one of them alone tries the test on itself
import assert from "node:assert/strict";
import { agent, buy, must, variantOf } from "../lib/buying.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { redis } from "../lib/services.mjs";

const { missing } = peer();
if (missing) { skip("takeover of orders' lives", missing); finish(); }

// The shop as one of the two servers has it open.
async function open(server, database) {
  const running = await serve(server, { folder: project(), database, redis: await redis() });
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const ask = (method, path, body, headers) => must(running.base, method, path, body, headers ?? user);
  return {
    base: running.base,
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, body),
    order: async (id) => (await ask("GET", `/admin/orders/${id}`)).order,
    shop: (path, body) => ask("POST", path, body, {}),
    close: async () => { await running.stop(); agent.destroy(); },
  };
}

const parts = (order, quantity) => [{ item_id: order.items[0].id, quantity }];
async function shipped(shop, email) {
  const bought = await buy(shop.base, "mug", { quantity: 3, email });
  await shop.post(`/admin/orders/${bought.id}/capture`);
  const { order } = await shop.post(`/admin/orders/${bought.id}/fulfillment`, { items: bought.items.map(({ id, quantity }) => ({ item_id: id, quantity })) });
  await shop.post(`/admin/orders/${bought.id}/shipment`, { fulfillment_id: order.fulfillments[0].id });
  return shop.order(bought.id);
}

// Each life has a first half and a second one, and says what of it is looked at by both servers.
const lives = {
  "a refund": {
    begin: async (shop) => {
      const order = await shipped(shop, "refund@example.com");
      await shop.post(`/admin/orders/${order.id}/refund`, { amount: 100, reason: "other", note: "late" });
      return { id: order.id };
    },
    goOn: (shop, { id }) => shop.post(`/admin/orders/${id}/refund`, { amount: 200, reason: "discount" }),
    looks: (order) => assert.equal(order.refunded_total, 300),
  },
  "a return": {
    begin: async (shop) => {
      const order = await shipped(shop, "return@example.com");
      await shop.post(`/admin/orders/${order.id}/return`, { items: parts(order, 2) });
      return { id: order.id };
    },
    goOn: async (shop, { id }) => {
      const order = await shop.order(id);
      await shop.post(`/admin/returns/${order.returns[0].id}/receive`, { items: parts(order, 2) });
    },
    looks: (order) => {
      assert.equal(order.returns[0].status, "received");
      assert.equal(order.items[0].returned_quantity, 2);
      assert.ok(order.refunded_total > 0);
    },
  },
  "a swap": {
    begin: async (shop) => {
      const order = await shipped(shop, "swap@example.com");
      await shop.post(`/admin/orders/${order.id}/swaps`, { return_items: parts(order, 1), additional_items: [{ variant_id: await variantOf(shop.base, "shirt"), quantity: 1 }] });
      const [swap] = (await shop.order(order.id)).swaps;
      return { id: order.id, swap: swap.id };
    },
    goOn: async (shop, { id, swap: swap_id }) => {
      const { swap } = await shop.get(`/admin/swaps/${swap_id}`);
      await shop.shop(`/store/carts/${swap.cart_id}`, { shipping_address: { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" } });
      const { shipping_options } = await shop.get(`/store/shipping-options/${swap.cart_id}`);
      await shop.shop(`/store/carts/${swap.cart_id}/shipping-methods`, { option_id: shipping_options[0].id });
      await shop.shop(`/store/carts/${swap.cart_id}/payment-sessions`);
      const done = await shop.shop(`/store/carts/${swap.cart_id}/complete`);
      assert.equal(done.type, "swap");
      await shop.post(`/admin/orders/${id}/swaps/${swap_id}/process-payment`);
    },
    looks: (order) => assert.notEqual(order.swaps[0].confirmed_at, null),
  },
  "a claim": {
    begin: async (shop) => {
      const order = await shipped(shop, "claim@example.com");
      await shop.post(`/admin/orders/${order.id}/claims`, { type: "replace", claim_items: [{ ...parts(order, 1)[0], reason: "production_failure", note: "cracked", tags: ["glaze"] }], additional_items: [{ variant_id: await variantOf(shop.base, "shirt"), quantity: 1 }],
        shipping_methods: [{ option_id: order.shipping_methods[0].shipping_option_id, price: 0 }] });
      const [claim] = (await shop.order(order.id)).claims;
      return { id: order.id, claim: claim.id };
    },
    goOn: async (shop, { id, claim }) => {
      await shop.post(`/admin/orders/${id}/claims/${claim}/fulfillments`, {});
      const [{ fulfillments }] = (await shop.order(id)).claims;
      await shop.post(`/admin/orders/${id}/claims/${claim}/shipments`, { fulfillment_id: fulfillments[0].id, tracking_numbers: ["Pegasus 1"] });
    },
    looks: (order) => assert.equal(order.claims[0].fulfillment_status, "shipped"),
  },
  "an edit": {
    begin: async (shop) => {
      const bought = await buy(shop.base, "mug", { email: "edit@example.com" });
      const { order_edit } = await shop.post("/admin/order-edits", { order_id: bought.id, internal_note: "one more" });
      await shop.post(`/admin/order-edits/${order_edit.id}/items`, { variant_id: await variantOf(shop.base, "lamp"), quantity: 1 });
      return { id: bought.id, edit: order_edit.id };
    },
    goOn: async (shop, { edit }) => {
      await shop.post(`/admin/order-edits/${edit}/request`);
      await shop.post(`/admin/order-edits/${edit}/confirm`);
    },
    looks: (order) => assert.equal(order.items.length, 2),
  },
  "a draft": {
    begin: async (shop) => {
      const { shipping_options } = await shop.get("/store/shipping-options?region_id=reg_eu");
      const { draft_order } = await shop.post("/admin/draft-orders", { email: "draft@example.com", region_id: "reg_eu", items: [{ variant_id: await variantOf(shop.base, "mug"), quantity: 2 }, { title: "Engraving", unit_price: 250, quantity: 1 }],
        shipping_methods: [{ option_id: shipping_options.find(({ name }) => name === "Standard").id, price: 100 }] });
      return { draft: draft_order.id };
    },
    goOn: async (shop, life) => { life.id = (await shop.post(`/admin/draft-orders/${life.draft}/pay`)).order.id; },
    looks: (order) => assert.equal(order.items.length, 2),
  },
};

async function live(first, second) {
  const database = await copy(await template(first));
  let shop = await open(first, database);
  const begun = {}, seen = {};
  // Stock goes on, and with it the variants' rows; 1.20 marks a draft as completed once more after the answer. It shows most
  // rows that belong to another in no order.
  const sorted = (list) => (Array.isArray(list) ? [...list].sort((a, b) => String(a?.id ?? JSON.stringify(a)).localeCompare(String(b?.id ?? JSON.stringify(b)))) : list);
  const steady = (value) => JSON.parse(JSON.stringify(value, (name, inner) => (name === "variant" ? undefined : sorted(inner))));
  const look = async (life) => steady(await whole(life));
  const whole = async ({ id, draft, edit }) => ({ ...(id ? { order: await shop.order(id) } : {}), ...(draft ? { draft: { ...(await shop.get(`/admin/draft-orders/${draft}`)).draft_order, updated_at: null } } : {}), ...(edit ? { edit: (await shop.get(`/admin/order-edits/${edit}`)).order_edit } : {}) });
  for (const [name, { begin }] of Object.entries(lives)) await check(`${first} begins ${name}`, async () => { begun[name] = await begin(shop); seen[name] = await look(begun[name]); });
  await shop.close();

  shop = await open(second, database);
  for (const [name, { goOn, looks }] of Object.entries(lives)) {
    if (!begun[name]) continue;
    await check(`${second} shows ${name} as ${first} does`, async () => assert.deepEqual(await look(begun[name]), seen[name]));
    await check(`${second} goes on with ${name} of ${first}`, async () => {
      await goOn(shop, begun[name]);
      seen[name] = await look(begun[name]);
      looks(seen[name].order);
    });
  }
  await shop.close();

  shop = await open(first, database);
  for (const name of Object.keys(begun)) await check(`${first} shows what ${second} made of ${name}`, async () => assert.deepEqual(await look(begun[name]), seen[name]));
  await shop.close();
}

const only = process.argv[2];
for (const [first, second] of only ? [[only, only]] : [["stheno", "medusa"], ["medusa", "stheno"]]) await live(first, second);
await dropAll();
finish();
