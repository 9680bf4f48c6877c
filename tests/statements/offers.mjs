// What a shop offers besides its products, as run.mjs walks through it: discounts, gift cards, stock.
export async function offers(n, step, { user }) {
  const all = "limit=1000";
  const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);

  // Discounts as an admin keeps them.
  const ids = (prefix) => upTo(n).map((i) => `${prefix}_x${i}`);
  await step("GET /admin/discounts", { path: `/admin/discounts?${all}&expand=parent_discount,regions,rule.conditions.products`, headers: user });
  await step("GET /admin/discounts", { note: "search", path: `/admin/discounts?${all}&q=x&rule[type]=percentage`, headers: user });
  await step("GET /admin/discounts/:discount_id", { path: "/admin/discounts/disc_x1", headers: user });
  await step("GET /admin/discounts/code/:code", { path: "/admin/discounts/code/x1", headers: user });
  const conditions = [{ operator: "in", products: ids("prod") }, { operator: "in", product_types: ids("ptyp") }, { operator: "in", product_tags: ids("ptag") }, { operator: "in", product_collections: ids("pcol") }, { operator: "in", customer_groups: ids("cgrp") }];
  const { discount } = await step("POST /admin/discounts", { headers: user, body: { code: "NEW", is_dynamic: true, valid_duration: "P1M", rule: { type: "percentage", value: 1, allocation: "item", conditions }, regions: ids("reg") } });
  const ofDiscount = (rest, more) => ({ path: `/admin/discounts/${discount.id}${rest}`, headers: user, ...more });
  await step("POST /admin/discounts/:discount_id", ofDiscount("", { body: { code: "NEWER", regions: [...ids("reg"), "reg_eu"], metadata: { a: 1 }, rule: { id: discount.rule_id, value: 2, conditions: discount.rule.conditions.map(({ id, type }) => ({ id, operator: "not_in", ...conditions.find((wish) => wish[type]), operator: "not_in" })) } } }));
  await step("POST /admin/discounts/:discount_id/regions/:region_id", ofDiscount("/regions/reg_na"));
  await step("DELETE /admin/discounts/:discount_id/regions/:region_id", ofDiscount("/regions/reg_na"));
  const condition = discount.rule.conditions.find(({ type }) => type === "products").id;
  await step("GET /admin/discounts/:discount_id/conditions/:condition_id", ofDiscount(`/conditions/${condition}?expand=products`));
  await step("POST /admin/discounts/:discount_id/conditions", ofDiscount("/conditions", { body: conditions[0] }));
  await step("POST /admin/discounts/:discount_id/conditions/:condition_id", ofDiscount(`/conditions/${condition}`, { body: { products: ids("prod") } }));
  await step("DELETE /admin/discounts/:discount_id/conditions/:condition_id/batch", ofDiscount(`/conditions/${condition}/batch`, { body: { resources: ids("prod").map((id) => ({ id })) } }));
  await step("POST /admin/discounts/:discount_id/conditions/:condition_id/batch", ofDiscount(`/conditions/${condition}/batch`, { body: { resources: ids("prod").map((id) => ({ id })) } }));
  await step("DELETE /admin/discounts/:discount_id/conditions/:condition_id", ofDiscount(`/conditions/${condition}`));
  await step("POST /admin/discounts/:discount_id/dynamic-codes", ofDiscount("/dynamic-codes", { body: { code: "NEWEST" } }));
  await step("DELETE /admin/discounts/:discount_id/dynamic-codes/:code", ofDiscount("/dynamic-codes/NEWEST"));
  await step("DELETE /admin/discounts/:discount_id", ofDiscount(""));

  // Gift cards.
  await step("GET /admin/gift-cards", { path: `/admin/gift-cards?${all}`, headers: user });
  await step("GET /admin/gift-cards", { note: "search", path: `/admin/gift-cards?${all}&q=x`, headers: user });
  await step("GET /admin/gift-cards/:id", { path: "/admin/gift-cards/gift_x1", headers: user });
  const { gift_card: card } = await step("POST /admin/gift-cards", { headers: user, body: { value: 1000, region_id: "reg_eu" } });
  await step("POST /admin/gift-cards/:id", { path: `/admin/gift-cards/${card.id}`, headers: user, body: { balance: 500, region_id: "reg_na", metadata: { a: 1 } } });
  await step("DELETE /admin/gift-cards/:id", { path: `/admin/gift-cards/${card.id}`, headers: user });
}
