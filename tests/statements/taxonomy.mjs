// How the catalogue is sorted and priced, as run.mjs walks through it: collections, types and tags.
export async function taxonomy(n, step, { user }) {
  const upTo = (n) => Array.from({ length: n }, (_, index) => index + 1);
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Collections of n products.
  const { collection } = await step("POST /admin/collections", admin(undefined, { title: "Things" }));
  const one = `/admin/collections/${collection.id}`;
  const things = { product_ids: upTo(n).map((i) => `prod_x${i}`) };
  await step("POST /admin/collections/:id/products/batch", admin(`${one}/products/batch`, things));
  await step("GET /admin/collections", admin("/admin/collections?limit=1000"));
  await step("GET /admin/collections", admin("/admin/collections?limit=1000&q=t", undefined, { note: "search" }));
  await step("GET /admin/collections/:id", admin(one));
  await step("POST /admin/collections/:id", admin(one, { title: "All things", metadata: { shelf: 1 } }));
  await step("DELETE /admin/collections/:id/products/batch", admin(`${one}/products/batch`, things));
  await step("DELETE /admin/collections/:id", admin(one));

  // Types and tags.
  await step("GET /admin/product-types", admin("/admin/product-types?limit=1000&discount_condition_id=discon_x1_product_types"));
  await step("GET /admin/product-tags", admin("/admin/product-tags?limit=1000&discount_condition_id=discon_x1_product_tags"));
}
