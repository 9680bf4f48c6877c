// How the catalogue is sorted and priced, as run.mjs walks through it: collections, types, tags and categories.
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

  // Categories: one among n, moved among n others.
  const { product_category: shelf } = await step("POST /admin/product-categories", admin(undefined, { name: "Shelf", parent_category_id: "pcat_x1" }));
  const its = `/admin/product-categories/${shelf.id}`;
  const categorised = { product_ids: upTo(n).map((i) => ({ id: `prod_x${i}` })) };
  await step("GET /admin/product-categories", admin("/admin/product-categories?limit=1000&include_descendants_tree=true"));
  await step("GET /admin/product-categories/:id", admin("/admin/product-categories/pcat_x1"));
  await step("POST /admin/product-categories/:id", admin(its, { name: "Shelves" }));
  await step("POST /admin/product-categories/:id", admin(its, { rank: 0 }, { note: "to the front" }));
  await step("POST /admin/product-categories/:id", admin("/admin/product-categories/pcat_x2", { parent_category_id: shelf.id }, { note: "with n below another" }));
  await step("POST /admin/product-categories/:id", admin("/admin/product-categories/pcat_x2", { parent_category_id: null, rank: 0 }, { note: "with n to the roots" }));
  await step("POST /admin/product-categories/:id/products/batch", admin(`${its}/products/batch`, categorised));
  await step("DELETE /admin/product-categories/:id/products/batch", admin(`${its}/products/batch`, categorised));
  await step("DELETE /admin/product-categories/:id", admin(its));
}
