// A claim that one server takes and the other carries on.
import assert from "node:assert/strict";
import { must } from "../lib/buying.mjs";

// What both must show alike of an order's claims.
const shown = ({ order }) => order.claims.map(({ id, type, payment_status, fulfillment_status, refund_amount, claim_items, additional_items, shipping_methods }) => ({
  id, type, payment_status, fulfillment_status, refund_amount,
  claimed: claim_items.map(({ item_id, quantity, reason, note, tags, images }) => ({ item_id, quantity, reason, note, tags: tags.map(({ value }) => value).sort(), images: images.map(({ url }) => url).sort() })),
  sent: additional_items.map(({ title, quantity, unit_price, fulfilled_quantity, shipped_quantity }) => ({ title, quantity, unit_price, fulfilled_quantity, shipped_quantity })),
  methods: shipping_methods.map(({ price, shipping_option_id }) => ({ price, shipping_option_id })),
}));
const everything = "expand=items,fulfillments,shipping_methods,claims,claims.claim_items,claims.claim_items.tags,claims.claim_items.images,claims.additional_items,claims.shipping_methods,claims.fulfillments";

// The order's goods, which are packed, go out, and one unit was wrong. Returns what the server shows of the claim.
export async function takeClaim(base, headers, order_id) {
  const path = `/admin/orders/${order_id}`;
  const { order } = await must(base, "GET", `${path}?${everything}`, undefined, headers);
  await must(base, "POST", `${path}/shipment`, { fulfillment_id: order.fulfillments[0].id }, headers);
  const [item] = order.items;
  const wish = {
    type: "replace",
    claim_items: [{ item_id: item.id, quantity: 1, reason: "wrong_item", note: "Red", tags: [" Colour", "red"], images: ["https://images.stheno.test/red.png"] }],
    additional_items: [{ variant_id: item.variant_id, quantity: 1 }],
    shipping_methods: [{ option_id: order.shipping_methods[0].shipping_option_id, price: 0 }],
  };
  await must(base, "POST", `${path}/claims`, wish, headers);
  return shown(await must(base, "GET", `${path}?${everything}`, undefined, headers));
}

// The other server shows it alike, sends its goods, and gives back money for the same item.
export async function carryClaimOn(base, headers, order_id, claims) {
  const path = `/admin/orders/${order_id}`;
  assert.deepEqual(shown(await must(base, "GET", `${path}?${everything}`, undefined, headers)), claims);
  const [{ id, claimed }] = claims;
  const packed = (await must(base, "POST", `${path}/claims/${id}/fulfillments?${everything}`, {}, headers)).order.claims[0];
  assert.equal(packed.fulfillment_status, "fulfilled");
  await must(base, "POST", `${path}/claims/${id}/shipments`, { fulfillment_id: packed.fulfillments[0].id, tracking_numbers: ["T1"] }, headers);
  const [after] = shown(await must(base, "GET", `${path}?${everything}`, undefined, headers));
  assert.equal(after.fulfillment_status, "shipped");
  assert.deepEqual(after.sent, [{ ...claims[0].sent[0], fulfilled_quantity: 1, shipped_quantity: 1 }]);
  const { order } = await must(base, "POST", `${path}/claims`, { type: "refund", refund_amount: 100, claim_items: [{ item_id: claimed[0].item_id, quantity: 1, reason: "other" }] }, headers);
  assert.equal(order.refunded_total, 100);
}
