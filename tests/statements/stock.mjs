// A shop with the inventory and stock location modules, as run.mjs walks through it: what an admin keeps, and a purchase of n
// items, each stocked at n locations. Without the modules these routes refuse.
const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);
const all = "limit=1000";

export async function stock(n, step, { user }) {
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Locations.
  await step("GET /admin/stock-locations", admin(`/admin/stock-locations?${all}&expand=address,sales_channels&sales_channel_id[]=sc_x1`));
  const { stock_location: location } = await step("POST /admin/stock-locations", admin("/admin/stock-locations?expand=address", { name: "Cave", address: { address_1: "Street 1", country_code: "de" } }));
  const place = `/admin/stock-locations/${location.id}`;
  await step("GET /admin/stock-locations/:id", admin("/admin/stock-locations/sloc_x1?expand=address,sales_channels"));
  await step("POST /admin/stock-locations/:id", admin(`${place}?expand=address`, { name: "Cellar", address: { address_1: "Street 2", country_code: "de" } }));
  const linked = (method) => step(`${method} /admin/sales-channels/:id/stock-locations`, admin("/admin/sales-channels/sc_x1/stock-locations", { location_id: location.id }, { note: "with stock" }));
  await linked("POST");
  await linked("DELETE");

  // Inventory items and their levels.
  await step("GET /admin/inventory-items", admin(`/admin/inventory-items?${all}&q=i-&location_id[]=sloc_x1`));
  await step("GET /admin/inventory-items/:id", admin("/admin/inventory-items/iitem_x1"));
  const { inventory_item: item } = await step("POST /admin/inventory-items", admin(undefined, { variant_id: "variant_x2_1", sku: "NEW" }));
  const one = `/admin/inventory-items/${item.id}`;
  await step("POST /admin/inventory-items/:id", admin(one, { title: "New" }));
  await step("POST /admin/inventory-items/:id/location-levels", admin(`${one}/location-levels`, { location_id: location.id, stocked_quantity: 5 }));
  await step("POST /admin/inventory-items/:id/location-levels/:location_id", admin(`${one}/location-levels/${location.id}`, { stocked_quantity: 6 }));
  await step("GET /admin/inventory-items/:id/location-levels", admin("/admin/inventory-items/iitem_x1/location-levels"));
  await step("DELETE /admin/inventory-items/:id/location-levels/:location_id", admin(`${one}/location-levels/${location.id}`));
  await step("DELETE /admin/inventory-items/:id", admin(one));
  await step("DELETE /admin/stock-locations/:id", admin(place));
  await step("GET /admin/variants/:id/inventory", admin("/admin/variants/variant_x1_1/inventory"));

  // Reservations.
  await step("GET /admin/reservations", admin(`/admin/reservations?${all}&expand=line_item,inventory_item`));
  const { reservation } = await step("POST /admin/reservations", admin(undefined, { inventory_item_id: "iitem_x1", location_id: "sloc_x1", quantity: 1 }));
  const held = `/admin/reservations/${reservation.id}`;
  await step("GET /admin/reservations/:id", admin(held));
  await step("POST /admin/reservations/:id", admin(held, { quantity: 2, location_id: "sloc_x2" }));
  await step("DELETE /admin/reservations/:id", admin(held));
  await step("GET /admin/orders/:id/reservations", admin("/admin/orders/order_x1/reservations"));
}

// The same routes without the modules.
export async function noStock(step, { user }) {
  const refused = (path, body) => ({ path, body, headers: user, status: [400], note: "without stock" });
  await step("GET /admin/stock-locations", refused());
  await step("GET /admin/inventory-items", refused());
  await step("GET /admin/reservations", refused());
}

export async function stockedPurchase(n, step, { user, address }) {
  const noted = (path, body) => ({ note: "with stock", path, body });
  await step("GET /store/products", noted(`/store/products?${all}&region_id=reg_eu&currency_code=eur`));
  await step("GET /store/products/:id", noted("/store/products/prod_x1"));
  await step("GET /store/variants", noted(`/store/variants?${all}&region_id=reg_eu`));
  await step("GET /store/variants/:id", noted("/store/variants/variant_x1_1?region_id=reg_eu"));
  const variant = (i) => ({ variant_id: `variant_x1_${i}`, quantity: 2 });
  const { cart } = await step("POST /store/carts", noted(undefined, { region_id: "reg_eu", items: upTo(n - 1).map(variant) }));
  const path = `/store/carts/${cart.id}`;
  const { cart: { items } } = await step("POST /store/carts/:id/line-items", noted(`${path}/line-items`, variant(n)));
  await step("POST /store/carts/:id/line-items/:line_id", noted(`${path}/line-items/${items[0].id}`, { quantity: 3 }));
  await step("POST /store/carts/:id", noted(path, { email: "stock@example.com", shipping_address: address, billing_address: address }));
  await step("POST /store/carts/:id/shipping-methods", noted(`${path}/shipping-methods`, { option_id: "so_x1" }));
  await step("POST /store/carts/:id/payment-sessions", noted(`${path}/payment-sessions`));
  await step("GET /store/carts/:id", noted(path));
  const { data: order } = await step("POST /store/carts/:id/complete", noted(`${path}/complete`));
  await step("GET /admin/orders/:id/reservations", { ...noted(`/admin/orders/${order.id}/reservations`), headers: user });
  await step("POST /admin/orders/:id/line-items/:line_item_id/reserve", { path: "/admin/orders/order_x2/line-items/item_x2_1/reserve", body: { location_id: "sloc_x1", quantity: 1 }, headers: user });
  const packed = await step("POST /admin/orders/:id/fulfillment", { ...noted(`/admin/orders/${order.id}/fulfillment`, { location_id: "sloc_x1", items: order.items.map(({ id, quantity }) => ({ item_id: id, quantity: quantity - 1 })) }), headers: user });
  await step("POST /admin/orders/:id/fulfillments/:fulfillment_id/cancel", { ...noted(`/admin/orders/${order.id}/fulfillments/${packed.order.fulfillments[0].id}/cancel`), headers: user });
}
