// An order that one server edits and the other goes on editing, as run.mjs hands the shop over.
import assert from "node:assert/strict";
import { buy, must, variantOf } from "../lib/buying.mjs";

const edits = "/admin/order-edits";

// An edit with an item more and one that is changed, requested, so that something is to be paid.
export async function beginEdit(base, headers) {
  const { id: order } = await buy(base, "mug", { email: "edits@example.com", quantity: 2 });
  const send = async (path, body) => (await must(base, "POST", `${edits}${path}`, body, headers)).order_edit;
  const { id, items: [item] } = await send("", { order_id: order });
  await send(`/${id}/items/${item.id}`, { quantity: 3 });
  await send(`/${id}/items`, { variant_id: await variantOf(base, "lamp"), quantity: 1 });
  return { order, edit: await send(`/${id}/request`, { payment_collection_description: "A lamp" }) };
}

const figures = ({ status, subtotal, total, difference_due, changes, items, payment_collection: collection }) => ({
  status, subtotal, total, difference_due, due: collection?.amount,
  changes: changes.map(({ id, type }) => [id, type]).sort(), items: items.map(({ id, quantity, total: its }) => [id, quantity, its]).sort(),
});

// Shows it as the other did, confirms it, and begins the next one: without the lamp.
export async function goOnEditing(base, headers, { order, edit }) {
  const shown = (await must(base, "GET", `${edits}/${edit.id}`, undefined, headers)).order_edit;
  assert.deepEqual(figures(shown), figures(edit));
  const before = (await must(base, "GET", `/admin/orders/${order}`, undefined, headers)).order.total;
  await must(base, "POST", `${edits}/${edit.id}/confirm`, undefined, headers);
  const changed = (await must(base, "GET", `/admin/orders/${order}`, undefined, headers)).order;
  assert.equal(changed.total, before + edit.difference_due);
  assert.deepEqual(changed.items.map(({ id }) => id).sort(), edit.items.map(({ id }) => id).sort());
  const { order_edit: next } = await must(base, "POST", edits, { order_id: order }, headers);
  const lamp = next.items.find(({ title }) => title === "Lamp");
  return { order, edit: (await must(base, "DELETE", `${edits}/${next.id}/items/${lamp.id}`, undefined, headers)).order_edit };
}

export async function endEditing(base, headers, { order, edit }) {
  assert.deepEqual(figures((await must(base, "GET", `${edits}/${edit.id}`, undefined, headers)).order_edit), figures(edit));
  await must(base, "POST", `${edits}/${edit.id}/confirm`, undefined, headers);
  assert.deepEqual((await must(base, "GET", `/admin/orders/${order}`, undefined, headers)).order.items.map(({ title, quantity }) => [title, quantity]), [["Mug", 3]]);
}
