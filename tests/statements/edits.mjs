// Edits of orders with n items, as run.mjs walks through them: made, changed, requested, declined, canceled, confirmed, completed.
export async function edits(n, step, { user }) {
  const of = (edit, rest = "", body = undefined, more = {}) => ({ path: `/admin/order-edits/${edit}${rest}`, body, headers: user, ...more });
  const make = async (note) => (await step("POST /admin/order-edits", { note, body: { order_id: "order_edit" }, headers: user })).order_edit;
  const { id, items: [first, second] } = await make("n items");
  await step("POST /admin/order-edits/:id/items", of(id, "/items", { variant_id: "variant_x2_1", quantity: 2 }));
  await step("POST /admin/order-edits/:id/items/:item_id", of(id, `/items/${first.id}`, { quantity: 4 }));
  const { order_edit: { changes } } = await step("DELETE /admin/order-edits/:id/items/:item_id", of(id, `/items/${second.id}`));
  for (const { id: change, type } of changes.sort((a, b) => a.type.localeCompare(b.type)).slice(1)) await step("DELETE /admin/order-edits/:id/changes/:change_id", of(id, `/changes/${change}`, undefined, { note: type }));
  await step("POST /admin/order-edits/:id/request", of(id, "/request", {}));
  await step("POST /store/order-edits/:id/decline", { path: `/store/order-edits/${id}/decline`, body: {} });
  await step("POST /admin/order-edits/:id/cancel", of((await make("n items again")).id, "/cancel"));
  const { id: last } = await make("and again");
  await step("POST /admin/order-edits/:id/confirm", of(last, "/confirm"));
  await step("POST /store/order-edits/:id/complete", { path: "/store/order-edits/oe_paid/complete" });
}
