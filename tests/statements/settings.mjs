// The shop's settings, as run.mjs walks through them: what an admin creates, changes, links and removes.
export async function settings(n, step, { user }) {
  const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Return reasons.
  await step("GET /store/return-reasons", {});
  await step("GET /store/return-reasons/:id", { path: "/store/return-reasons/rr_x1" });
  await step("GET /admin/return-reasons", admin());
  await step("GET /admin/return-reasons/:id", admin("/admin/return-reasons/rr_x1"));
  const { return_reason: reason } = await step("POST /admin/return-reasons", admin(undefined, { value: "small", label: "Small", parent_return_reason_id: "rr_x1" }));
  await step("POST /admin/return-reasons/:id", admin(`/admin/return-reasons/${reason.id}`, { label: "Smaller", metadata: { shelf: 1 } }));
  await step("DELETE /admin/return-reasons/:id", admin(`/admin/return-reasons/${reason.id}`));

  // Sales channels and publishable keys.
  const products = { product_ids: upTo(n).map((i) => ({ id: `prod_x${i}` })) };
  const { sales_channel: channel } = await step("POST /admin/sales-channels", admin(undefined, { name: "Outlet" }));
  const one = `/admin/sales-channels/${channel.id}`;
  await step("GET /admin/sales-channels", admin("/admin/sales-channels?limit=1000"));
  await step("GET /admin/sales-channels/:id", admin(one));
  await step("POST /admin/sales-channels/:id", admin(one, { name: "Outlet store" }));
  await step("POST /admin/sales-channels/:id/products/batch", admin(`${one}/products/batch`, products));
  await step("DELETE /admin/sales-channels/:id/products/batch", admin(`${one}/products/batch`, products));
  await step("POST /admin/sales-channels/:id/stock-locations", admin(`${one}/stock-locations`, { location_id: "sloc" }, { status: [400] })); // without the module
  await step("DELETE /admin/sales-channels/:id/stock-locations", admin(`${one}/stock-locations`, { location_id: "sloc" }, { status: [400] }));
  const channels = { sales_channel_ids: upTo(n).map((i) => ({ id: `sc_x${i}` })) };
  const { publishable_api_key: key } = await step("POST /admin/publishable-api-keys", admin(undefined, { title: "Web" }));
  const that = `/admin/publishable-api-keys/${key.id}`;
  await step("GET /admin/publishable-api-keys", admin("/admin/publishable-api-keys?limit=1000"));
  await step("GET /admin/publishable-api-keys/:id", admin(that));
  await step("POST /admin/publishable-api-keys/:id", admin(that, { title: "App" }));
  await step("POST /admin/publishable-api-keys/:id/sales-channels/batch", admin(`${that}/sales-channels/batch`, channels));
  await step("GET /admin/publishable-api-keys/:id/sales-channels", admin(`${that}/sales-channels`));
  await step("DELETE /admin/publishable-api-keys/:id/sales-channels/batch", admin(`${that}/sales-channels/batch`, channels));
  await step("POST /admin/publishable-api-keys/:id/revoke", admin(`${that}/revoke`));
  await step("DELETE /admin/publishable-api-keys/:id", admin(that));
  await step("DELETE /admin/sales-channels/:id", admin(one));

  // Notes.
  const { note } = await step("POST /admin/notes", admin(undefined, { resource_id: "order_x1", resource_type: "order", value: "Call" }));
  await step("GET /admin/notes", admin("/admin/notes?resource_id=order_x1"));
  await step("GET /admin/notes/:id", admin(`/admin/notes/${note.id}`));
  await step("POST /admin/notes/:id", admin(`/admin/notes/${note.id}`, { value: "Called" }));
  await step("DELETE /admin/notes/:id", admin(`/admin/notes/${note.id}`));

  // The shop and its currencies.
  const codes = ["eur", "usd", ...upTo(n).map((i) => `x${String(i).padStart(2, "0")}`)];
  await step("GET /admin/store", admin());
  await step("GET /admin/store/payment-providers", admin());
  await step("GET /admin/store/tax-providers", admin());
  await step("POST /admin/store", admin(undefined, { name: "Gorgon", currencies: codes, default_currency_code: "eur" }));
  await step("POST /admin/store/currencies/:currency_code", admin("/admin/store/currencies/jpy"));
  await step("DELETE /admin/store/currencies/:currency_code", admin("/admin/store/currencies/jpy"));
  await step("GET /admin/currencies", admin("/admin/currencies?limit=1000"));
  await step("POST /admin/currencies/:code", admin("/admin/currencies/eur", {}, { status: [404] })); // without the feature

  // Customers and their groups.
  await step("GET /admin/customers", admin("/admin/customers?limit=1000&expand=groups,orders"));
  await step("GET /admin/customers", admin("/admin/customers?limit=1000&groups[]=cgrp_x1&q=x", undefined, { note: "of a group" }));
  await step("GET /admin/customers/:id", admin("/admin/customers/cus_x1"));
  await step("POST /admin/customers", admin(undefined, { email: "settings@example.com", first_name: "S", last_name: "G", password: "supersecret" }, { status: [201] }));
  await step("POST /admin/customers/:id", admin("/admin/customers/cus_x1?expand=groups", { last_name: "Gorgon", groups: upTo(n).map((i) => ({ id: `cgrp_x${i}` })) }));
  const { customer_group: group } = await step("POST /admin/customer-groups", admin(undefined, { name: "Friends" }));
  const customers = { customer_ids: upTo(n).map((i) => ({ id: `cus_x${i}` })) };
  const its = `/admin/customer-groups/${group.id}`;
  await step("POST /admin/customer-groups/:id/customers/batch", admin(`${its}/customers/batch`, customers));
  await step("GET /admin/customer-groups", admin("/admin/customer-groups?limit=1000&expand=customers"));
  await step("GET /admin/customer-groups/:id", admin(`${its}?expand=customers`));
  await step("GET /admin/customer-groups/:id/customers", admin(`${its}/customers?limit=1000`));
  await step("POST /admin/customer-groups/:id", admin(its, { name: "Best friends" }));
  await step("DELETE /admin/customer-groups/:id/customers/batch", admin(`${its}/customers/batch`, customers));
  await step("DELETE /admin/customer-groups/:id", admin(its));
}
