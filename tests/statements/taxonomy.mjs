// How the catalogue is sorted and priced, as run.mjs walks through it: collections, types, tags, categories and price lists.
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

  // A price list with prices of n variants for n groups.
  const prices = upTo(n).map((i) => ({ variant_id: `variant_x1_${i}`, currency_code: "eur", amount: i }));
  const { price_list: sale } = await step("POST /admin/price-lists", admin(undefined, { name: "Sale", description: "", type: "sale", status: "active", prices, customer_groups: upTo(n).map((i) => ({ id: `cgrp_x${i}` })) }));
  const that = `/admin/price-lists/${sale.id}`;
  await step("GET /admin/price-lists", admin("/admin/price-lists?limit=1000&q=sale&expand=customer_groups,prices"));
  await step("GET /admin/price-lists/:id", admin(that));
  await step("POST /admin/price-lists/:id", admin(that, { name: "Sales", customer_groups: [], prices: sale.prices.map(({ id }, i) => ({ id, variant_id: "variant_x1_1", amount: i + 2 })) }));
  await step("POST /admin/price-lists/:id/prices/batch", admin(`${that}/prices/batch`, { prices, override: true }));
  await step("GET /admin/price-lists/:id/products", admin("/admin/price-lists/pl_x1/products?limit=1000"));
  await step("DELETE /admin/price-lists/:id/prices/batch", admin(`${that}/prices/batch`, { price_ids: sale.prices.map(({ id }) => id) }));
  await step("DELETE /admin/price-lists/:id/variants/:variant_id/prices", admin(`${that}/variants/variant_x1_1/prices`));
  await step("DELETE /admin/price-lists/:id/products/:product_id/prices", admin(`${that}/products/prod_x1/prices`));
  await step("DELETE /admin/price-lists/:id/products/prices/batch", admin("/admin/price-lists/pl_x1/products/prices/batch", { product_ids: upTo(n).map((i) => `prod_x${i}`) }));
  await step("DELETE /admin/price-lists/:id", admin(that));
}
