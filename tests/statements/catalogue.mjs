// Products and their variants as an admin keeps them, as run.mjs walks through them, with n of everything in each write.
export async function catalogue(n, step, { user }) {
  const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });
  const all = "limit=1000";

  await step("GET /admin/products", admin(`/admin/products?${all}`));
  await step("GET /admin/products", admin(`/admin/products?${all}&q=thing&status[]=published&price_list_id[]=pl_x1&tags[]=ptag_x1&category_id[]=pcat_x1&include_category_children=true&sales_channel_id[]=sc_x1&fields=title&expand=variants`, undefined, { note: "filtered" }));
  await step("GET /admin/products/:id", admin("/admin/products/prod_x1"));
  await step("GET /admin/products/types", admin());
  await step("GET /admin/products/tag-usage", admin());
  await step("GET /admin/products/:id/variants", admin(`/admin/products/prod_x1/variants?${all}`));
  await step("GET /admin/variants", admin(`/admin/variants?${all}&region_id=reg_x1`));
  await step("GET /admin/variants/:id", admin("/admin/variants/variant_x1_1"));

  // Everything that a product can have, n times.
  const prices = (amount) => [{ currency_code: "eur", amount }, ...upTo(n).map((i) => ({ region_id: `reg_x${i}`, amount }))];
  const lists = (mark) => ({
    images: upTo(n).map((i) => `https://images.example.com/${mark}/${i}`), tags: upTo(n).map((i) => ({ value: `${mark} ${i}` })), type: { value: mark },
    sales_channels: upTo(n).map((i) => ({ id: `sc_x${i}` })), categories: upTo(n).map((i) => ({ id: `pcat_x${i}` })),
  });
  const values = (mark) => upTo(n).map((i) => ({ value: `${mark} ${i}` }));
  const { product } = await step("POST /admin/products", admin(undefined, {
    title: "New thing", ...lists("new"), options: upTo(n).map((i) => ({ title: `Option ${i}` })),
    variants: upTo(n).map((i) => ({ title: `Variant ${i}`, sku: `NEW-${i}`, options: values(i), prices: prices(100) })),
  }));
  const one = `/admin/products/${product.id}`;
  const option_ids = product.options.map(({ id }) => id);
  const variant = (mark) => ({ title: mark, prices: prices(100), inventory_quantity: 1, options: option_ids.map((option_id) => ({ option_id, value: mark })) });
  // Half of the variants go, the others change, as many are added.
  const stay = product.variants.slice(0, Math.ceil(n / 2));
  await step("POST /admin/products/:id", admin(one, {
    title: "Newer thing", ...lists("newer"),
    variants: [
      ...stay.map(({ id, options }) => ({ id, sku: null, options: options.map(({ option_id }) => ({ option_id, value: id })), prices: prices(200).slice(1).concat({ currency_code: "usd", amount: 1 }) })),
      ...upTo(n).map((i) => variant(`Added ${i}`)),
    ],
  }));
  await step("POST /admin/products/:id", admin(one, { status: "published" }, { note: "one column" }));
  await step("POST /admin/products/:id/metadata", admin(`${one}/metadata`, { key: "a", value: "b" }));
  await step("POST /admin/products/:id/variants", admin(`${one}/variants`, variant("Another")));
  const changed = `${one}/variants/${stay[0].id}`;
  await step("POST /admin/products/:id/variants/:variant_id", admin(changed, { title: "Changed", prices: prices(300), options: option_ids.map((option_id) => ({ option_id, value: "changed" })) }));
  await step("DELETE /admin/products/:id/variants/:variant_id", admin(changed));
  await step("POST /admin/products/:id/options", admin(`${one}/options`, { title: "Another" }));
  await step("POST /admin/products/:id/options/:option_id", admin(`${one}/options/${option_ids[0]}`, { title: "Renamed" }));
  await step("DELETE /admin/products/:id/options/:option_id", admin(`${one}/options/${option_ids[0]}`)); // the others tell variants apart
  await step("DELETE /admin/products/:id", admin(one));
}
