// Where and how a shop sells, as run.mjs walks through it: regions, shipping options and profiles, tax rates; and what has been
// agreed about orders: drafts, edits, returns, swaps, payments.
export async function selling(n, step, { user }) {
  const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);
  const ids = (prefix) => upTo(n).map((i) => `${prefix}_x${i}`);
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Regions.
  await step("GET /admin/regions", admin("/admin/regions?limit=1000"));
  await step("GET /admin/regions", admin("/admin/regions?limit=1000&q=x", undefined, { note: "search" }));
  const countries = ["se", "no", "fi", "pt", "pl", "ro", "sk", "si", "tr", "ua", "ug", "uy", "ve", "vn", "ye", "zm", "zw", "tz", "th", "tn"].slice(0, n);
  const providers = { payment_providers: ["manual"], fulfillment_providers: ["manual"] };
  const { region } = await step("POST /admin/regions", admin(undefined, { name: "North", currency_code: "eur", tax_rate: 1, countries, ...providers }));
  const it = `/admin/regions/${region.id}`;
  await step("GET /admin/regions/:region_id", admin(it));
  await step("POST /admin/regions/:region_id", admin(it, { name: "South", currency_code: "usd", tax_rate: 2, countries, ...providers, metadata: { a: 1 } }));
  await step("GET /admin/regions/:region_id/fulfillment-options", admin(`${it}/fulfillment-options`));
  await step("POST /admin/regions/:region_id/countries", admin(`${it}/countries`, { country_code: "za" }));
  await step("DELETE /admin/regions/:region_id/countries/:country_code", admin(`${it}/countries/za`));
  for (const kind of ["payment", "fulfillment"]) {
    await step(`DELETE /admin/regions/:region_id/${kind}-providers/:provider_id`, admin(`${it}/${kind}-providers/manual`));
    await step(`POST /admin/regions/:region_id/${kind}-providers`, admin(`${it}/${kind}-providers`, { provider_id: "manual" }));
  }

  // Shipping options and profiles.
  await step("GET /admin/shipping-options", admin("/admin/shipping-options?limit=1000"));
  const requirements = [{ type: "min_subtotal", amount: 1 }, { type: "max_subtotal", amount: 9 }];
  const { shipping_option: option } = await step("POST /admin/shipping-options", admin(undefined, { name: "Boat", region_id: region.id, provider_id: "manual", data: {}, price_type: "flat_rate", amount: 1, requirements }));
  const its = `/admin/shipping-options/${option.id}`;
  await step("GET /admin/shipping-options/:option_id", admin(its));
  await step("POST /admin/shipping-options/:option_id", admin(its, { name: "Ship", amount: 2, requirements: [{ ...requirements[0], id: option.requirements.find(({ type }) => type === "min_subtotal").id }, { type: "max_subtotal", amount: 8 }] }));
  await step("GET /admin/shipping-profiles", admin());
  const { shipping_profile: profile } = await step("POST /admin/shipping-profiles", admin(undefined, { name: "Heavy", type: "custom" }));
  const that = `/admin/shipping-profiles/${profile.id}`;
  await step("POST /admin/shipping-profiles/:profile_id", admin(that, { name: "Heavier", products: ids("prod"), shipping_options: [option.id] }));
  await step("GET /admin/shipping-profiles/:profile_id", admin(that));
  const [{ id: usual }] = (await step("GET /admin/shipping-profiles", admin())).shipping_profiles.filter(({ type }) => type === "default");
  await step("POST /admin/shipping-profiles/:profile_id", admin(`/admin/shipping-profiles/${usual}`, { products: ids("prod") }, { note: "back" }));

  // Tax rates.
  const whatFor = "expand[]=products&expand[]=product_types&expand[]=shipping_options&fields[]=product_count&fields[]=product_type_count&fields[]=shipping_option_count";
  const resources = { products: ids("prod"), product_types: ids("ptyp"), shipping_options: [option.id] };
  const { tax_rate: rate } = await step("POST /admin/tax-rates", admin(`/admin/tax-rates?${whatFor}`, { name: "Low", code: "L", region_id: region.id, rate: 1, ...resources }));
  const one = `/admin/tax-rates/${rate.id}`;
  await step("GET /admin/tax-rates", admin(`/admin/tax-rates?limit=1000&${whatFor}`));
  await step("GET /admin/tax-rates/:id", admin(`${one}?${whatFor}`));
  await step("POST /admin/tax-rates/:id", admin(one, { rate: 2, ...resources }));
  for (const [path, member] of [["products", "products"], ["product-types", "product_types"], ["shipping-options", "shipping_options"]]) {
    await step(`DELETE /admin/tax-rates/:id/${path}/batch`, admin(`${one}/${path}/batch`, { [member]: resources[member] }));
    await step(`POST /admin/tax-rates/:id/${path}/batch`, admin(`${one}/${path}/batch`, { [member]: resources[member] }));
  }

  // Drafts, edits, returns, swaps, payments.
  await step("GET /admin/draft-orders", admin("/admin/draft-orders?limit=1000"));
  await step("GET /admin/draft-orders", admin("/admin/draft-orders?limit=1000&q=x1", undefined, { note: "search" }));
  await step("GET /admin/draft-orders/:id", admin("/admin/draft-orders/dorder_x1"));
  const lines = upTo(n).flatMap((i) => [{ variant_id: `variant_x1_${i}`, quantity: 2 }, { variant_id: `variant_x1_${i}`, quantity: 1, unit_price: 5 }, { title: "By hand", quantity: 1, unit_price: 7 }]);
  const here = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
  const drafted = { email: "x1@example.com", customer_id: "cus_x1", region_id: "reg_eu", items: lines, shipping_address: here, billing_address: here, shipping_methods: upTo(n).map((i) => ({ option_id: `so_x${i}`, price: i })), discounts: [{ code: "X1" }, { code: "FREESHIP" }] };
  const { draft_order: draft } = await step("POST /admin/draft-orders", admin(undefined, drafted));
  const its_lines = `/admin/draft-orders/${draft.id}/line-items`;
  await step("POST /admin/draft-orders/:id/line-items", admin(its_lines, { variant_id: "variant_x1_1", quantity: 1 }));
  await step("POST /admin/draft-orders/:id/line-items", admin(its_lines, { title: "By hand", quantity: 1 }, { note: "by hand" }));
  await step("POST /admin/draft-orders/:id/line-items/:line_id", admin(`${its_lines}/${draft.cart.items[0].id}`, { quantity: 3, unit_price: 2 }));
  await step("DELETE /admin/draft-orders/:id/line-items/:line_id", admin(`${its_lines}/${draft.cart.items[0].id}`));
  await step("POST /admin/draft-orders/:id", admin(`/admin/draft-orders/${draft.id}`, { customer_id: "cus_x1", shipping_address: here, no_notification_order: true, discounts: [{ code: "X1" }] }));
  await step("POST /admin/draft-orders/:id/pay", admin(`/admin/draft-orders/${draft.id}/pay`));
  await step("DELETE /admin/draft-orders/:id", admin("/admin/draft-orders/dorder_x2"));
  await step("GET /admin/order-edits", admin("/admin/order-edits?limit=1000"));
  await step("GET /admin/order-edits/:id", admin("/admin/order-edits/oe_x1_1"));
  await step("GET /store/order-edits/:id", { path: "/store/order-edits/oe_x1_1" });
  await step("POST /admin/order-edits/:id", admin("/admin/order-edits/oe_x1_1", { internal_note: "Less" }));
  await step("DELETE /admin/order-edits/:id", admin("/admin/order-edits/oe_x1_1"));
  await step("GET /admin/payment-collections/:id", admin("/admin/payment-collections/paycol_x1"));
  await step("GET /store/payment-collections/:id", { path: "/store/payment-collections/paycol_x1" });
  await step("POST /admin/payment-collections/:id", admin("/admin/payment-collections/paycol_x1", { description: "Less", metadata: { a: 1 } }));
  const parts = "/store/payment-collections/paycol_x2/sessions";
  await step("POST /store/payment-collections/:id/sessions", { path: "/store/payment-collections/paycol_x1/sessions", body: { provider_id: "manual" } });
  const { payment_collection } = await step("POST /store/payment-collections/:id/sessions/batch", { path: `${parts}/batch`, body: { sessions: upTo(n).map((i) => ({ provider_id: "manual", amount: i === n ? 1 : 0 })) } });
  const [{ id: first }, ...others] = payment_collection.payment_sessions;
  const { payment_session } = await step("POST /store/payment-collections/:id/sessions/:session_id", { path: `${parts}/${first}` });
  await step("POST /store/payment-collections/:id/sessions/:session_id/authorize", { path: `${parts}/${payment_session.id}/authorize` });
  await step("POST /store/payment-collections/:id/sessions/batch/authorize", { path: `${parts}/batch/authorize`, body: { session_ids: others.map(({ id }) => id) } });
  await step("POST /admin/payment-collections/:id/authorize", admin("/admin/payment-collections/paycol_x2/authorize"));
  await step("DELETE /admin/payment-collections/:id", admin("/admin/payment-collections/paycol_x1"));
  await step("GET /admin/payments/:id", admin("/admin/payments/pay_x1_1"));
  await step("POST /admin/payments/:id/capture", admin("/admin/payments/pay_x1_1/capture"));
  await step("POST /admin/payments/:id/refund", admin("/admin/payments/pay_x1_1/refund", { amount: 1, reason: "other" }));
  await step("GET /admin/returns", admin("/admin/returns?limit=1000"));
  const back = (order) => upTo(n).map((i) => ({ item_id: `item_${order}_${i}`, quantity: 1, reason_id: `rr_x${i}` }));
  const received = { items: back("x1").map(({ item_id, quantity }) => ({ item_id, quantity })) };
  await step("POST /admin/orders/:id/return", admin("/admin/orders/order_x2/return", { items: back("x2"), return_shipping: { option_id: "so_x1" } }));
  await step("POST /admin/orders/:id/return", admin("/admin/orders/order_x2/return", { items: back("x2"), receive_now: true }, undefined, { note: "received now" }));
  await step("POST /admin/returns/:id/receive", admin("/admin/returns/ret_x1_1/receive", { ...received, refund: 1 }));
  await step("POST /admin/returns/:id/cancel", admin("/admin/returns/ret_x2_1/cancel"));
  await step("POST /store/returns", { path: "/store/returns", body: { order_id: "order_x2", items: back("x2") } });
  const claims = "/admin/orders/order_x2/claims";
  const claimed = upTo(n).map((i) => ({ item_id: `item_x2_${i}`, quantity: 1, reason: "other", tags: upTo(n).map((t) => `odd ${t}`), images: upTo(n).map((t) => `https://images.example.com/${t}`) }));
  await step("POST /admin/orders/:id/claims", admin("/admin/orders/order_x1/claims", { type: "refund", claim_items: claimed.map((item, i) => ({ ...item, item_id: `item_x1_${i + 1}` })), refund_amount: 1 }));
  const replaced = await step("POST /admin/orders/:id/claims", admin(claims, { type: "replace", claim_items: claimed, additional_items: upTo(n).map((i) => ({ variant_id: `variant_x1_${i}`, quantity: 1 })), shipping_methods: upTo(n).map((i) => ({ option_id: `so_x${i}`, price: 1 })), return_shipping: { option_id: "so_x1" } }, { note: "replace" }));
  const { id: claim, claim_items: itsItems } = replaced.order.claims.find(({ type }) => type === "replace");
  await step("POST /admin/orders/:id/claims/:claim_id", admin(`${claims}/${claim}`, { metadata: { a: 1 }, shipping_methods: upTo(n).map((i) => ({ option_id: `so_x${i}` })), claim_items: itsItems.map(({ id }) => ({ id, note: "x", images: upTo(n).map((t) => ({ url: `https://images.example.com/new/${t}` })), tags: upTo(n).map((t) => ({ value: `new ${t}` })) })) }));
  const [parcel] = (await step("POST /admin/orders/:id/claims/:claim_id/fulfillments", admin(`${claims}/${claim}/fulfillments`, {}))).order.claims.find(({ id }) => id === claim).fulfillments;
  await step("POST /admin/orders/:id/claims/:claim_id/fulfillments/:fulfillment_id/cancel", admin(`${claims}/${claim}/fulfillments/${parcel.id}/cancel`));
  const other = (await step("POST /admin/orders/:id/claims", admin(claims, { type: "replace", claim_items: claimed, additional_items: upTo(n).map((i) => ({ variant_id: `variant_x1_${i}`, quantity: 1 })), shipping_methods: [{ option_id: "so_x1" }] }, { note: "replace" }))).order.claims.find(({ id, type }) => type === "replace" && id !== claim);
  const sent = (await step("POST /admin/orders/:id/claims/:claim_id/fulfillments", admin(`${claims}/${other.id}/fulfillments`, {}))).order.claims.find(({ id }) => id === other.id).fulfillments[0];
  await step("POST /admin/orders/:id/claims/:claim_id/shipments", admin(`${claims}/${other.id}/shipments`, { fulfillment_id: sent.id, tracking_numbers: upTo(n).map((t) => `T${t}`) }));
  await step("POST /admin/orders/:id/claims/:claim_id/cancel", admin(`${claims}/claim_x2_1/cancel`));
  await step("GET /admin/swaps", admin("/admin/swaps?limit=1000"));
  await step("GET /admin/swaps/:id", admin("/admin/swaps/swap_x1_1"));
  await step("GET /store/swaps/:cart_id", { path: "/store/swaps/cart_s" });

  await step("DELETE /admin/tax-rates/:id", admin(one));
  await step("DELETE /admin/shipping-options/:option_id", admin(its));
  await step("DELETE /admin/shipping-profiles/:profile_id", admin(that));
  await step("DELETE /admin/regions/:region_id", admin(it));
}
