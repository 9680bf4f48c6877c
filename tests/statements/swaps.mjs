// Swaps of an order, as run.mjs walks through them: all its items come back, n others go out.
export async function swaps(n, step, { user, order }) {
  const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);
  const return_items = order.items.map(({ id }) => ({ item_id: id, quantity: 1 }));
  const additional_items = upTo(n).map((i) => ({ variant_id: `variant_x1_${i}`, quantity: 1 }));
  const ofOrder = (rest, body) => ({ path: `/admin/orders/${order.id}/swaps${rest}`, headers: user, body });
  const { order: { swaps: [swap] } } = await step("POST /admin/orders/:id/swaps", ofOrder("", { return_items, additional_items, return_shipping: { option_id: "so_x1" }, custom_shipping_options: upTo(n).map((i) => ({ option_id: `so_x${i}`, price: 1 })) }));
  const path = `/store/carts/${swap.cart_id}`;
  await step("POST /store/carts/:id/shipping-methods", { note: "of a swap", path: `${path}/shipping-methods`, body: { option_id: "so_x1" } });
  await step("POST /store/carts/:id/payment-sessions", { note: "of a swap", path: `${path}/payment-sessions` });
  await step("POST /store/carts/:id/complete", { note: "of a swap", path: `${path}/complete` });
  await step("POST /admin/orders/:id/swaps/:swap_id/process-payment", ofOrder(`/${swap.id}/process-payment`));
  const pack = async (note) => {
    const { order: { swaps: all } } = await step("POST /admin/orders/:id/swaps/:swap_id/fulfillments", { note, ...ofOrder(`/${swap.id}/fulfillments`, {}) });
    return all.find(({ id }) => id === swap.id).fulfillments.find(({ canceled_at }) => !canceled_at).id;
  };
  const undone = await pack();
  await step("POST /admin/orders/:id/swaps/:swap_id/fulfillments/:fulfillment_id/cancel", ofOrder(`/${swap.id}/fulfillments/${undone}/cancel`));
  const kept = await pack("again");
  await step("POST /admin/orders/:id/swaps/:swap_id/shipments", ofOrder(`/${swap.id}/shipments`, { fulfillment_id: kept, tracking_numbers: upTo(n).map((i) => `T${i}`) }));
  const { swap: own } = await step("POST /store/swaps", { body: { order_id: order.id, return_items, additional_items } });
  await step("POST /admin/returns/:id/cancel", { note: "of a swap", path: `/admin/returns/${own.return_order.id}/cancel`, headers: user });
  await step("POST /admin/orders/:id/swaps/:swap_id/cancel", ofOrder(`/${own.id}/cancel`));
}
