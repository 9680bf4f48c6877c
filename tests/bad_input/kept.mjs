#!/usr/bin/env node
// What many requests add to one column is bounded: metadata, a cart's context, the data of a payment session. The request that would
// make it longer than one body may be is refused with a 400 that names the field; what was there before stays, and can be used.
//   node tests/bad_input/kept.mjs
import assert from "node:assert/strict";
import { call, must, variantOf } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

help(import.meta.url);
const most = 100 * 1024, part = 30_000;

const { base, stop } = await shop("stheno", {});
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const asAdmin = { authorization: `Bearer ${access_token}` };
const variant = await variantOf(base, "poster");
const { cart } = await must(base, "POST", "/store/carts", { region_id: "reg_eu", items: [{ variant_id: variant, quantity: 1 }] });
const path = `/store/carts/${cart.id}`;
await must(base, "POST", `${path}/payment-sessions`);
const { product } = await must(base, "POST", "/admin/products", { title: "Full" }, asAdmin);

// [what it is, field, the request that adds `text` under `name`, what is kept by an answer]
const columns = [
  ["a cart's context", "context", (name, text) => [path, { context: { [name]: text } }], ({ cart }) => cart.context],
  ["an item's metadata", "metadata", (name, text) => [`${path}/line-items/${cart.items[0].id}`, { quantity: 1, metadata: { [name]: text } }], ({ cart }) => cart.items[0].metadata],
  ["a payment session's data", "data", (name, text) => [`${path}/payment-sessions/manual`, { data: { data: { [name]: text } } }], ({ cart }) => cart.payment_session.data],
  ["a product's metadata", "metadata", (name, text) => [`/admin/products/${product.id}`, { metadata: { [name]: text } }, asAdmin], ({ product }) => product.metadata],
  ["the shop's metadata", "metadata", (name, text) => ["/admin/store", { metadata: { [name]: text } }, asAdmin], ({ store }) => store.metadata],
];
for (const [what, field, request, kept] of columns)
  await check(`${what} grows to a limit and no further`, async () => {
    const post = (name, text) => { const [where, body, headers] = request(name, text); return call(base, "POST", where, body, headers); };
    let last;
    for (let i = 0; i < 3; i++) {
      last = await post(`n${i}`, "x".repeat(part));
      assert.equal(last.status, 200, last.text.slice(0, 300));
    }
    const before = JSON.stringify(kept(last.body));
    assert.ok(before.length > 3 * part && before.length <= most, `${before.length} bytes are kept`);
    const refused = await post("n3", "x".repeat(part));
    assert.equal(refused.status, 400, refused.text.slice(0, 100));
    assert.deepEqual(refused.body, { type: "invalid_data", message: `${field} must not be longer than ${most} bytes of JSON text` });
    // It takes the place of what is there, and says what was kept.
    const small = await post("n0", "small");
    assert.equal(small.status, 200, small.text.slice(0, 300));
    assert.deepEqual(kept(small.body), { ...JSON.parse(before), n0: "small" });
  });

await stop();
await dropAll();
finish();
