// What `./dev bench` asks for, of the shop that gen-data.sh makes: { name, path | settings (of load.lua), prepare?, checkout?, live?, beside?,
// once? }. `prepare` returns more settings; `beside` runs meanwhile and returns what ends it; `once` prepares one
// such request and returns it, for the limit.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, readyCart, complete } from "../tests/lib/buying.mjs";
import { temporaryDirectory } from "../tests/lib/processes.mjs";
import { sql } from "../tests/lib/services.mjs";
import { lives } from "./lives.mjs";

const get = (base, path, headers) => must(base, "GET", path, undefined, headers);
const post = (base, path, body) => must(base, "POST", path, body);

// Shoppers beside a row: so many checkouts a second as far as the server can, never more than forty at once.
function shoppers(base, region, variants, perSecond) {
  let open = 0, bought = 0, failed = 0, turn = 0;
  const timer = setInterval(() => {
    if (open === 40) return;
    open++;
    turn++;
    readyCart(base, variants[turn % variants.length], { region_id: region.id, email: `shopper${turn % 1000}@example.com` })
      .then((cart) => complete(base, cart))
      .then(({ status }) => { if (status === 200) bought++; else failed++; }, () => failed++)
      .finally(() => open--);
  }, 1000 / perSecond);
  const began = performance.now();
  return async () => {
    clearInterval(timer);
    const seconds = (performance.now() - began) / 1000;
    const result = `${(bought / seconds).toFixed(1)} checkouts a second beside it${failed ? `, ${failed} failed` : ""}`;
    for (const end = performance.now() + 60_000; open && performance.now() < end;) await new Promise((done) => setTimeout(done, 50));
    return result;
  };
}

// The nine requests of a checkout, as load.lua sends them.
async function checkout(base, region, variant) {
  const address = { first_name: "Grace", last_name: "Hopper", address_1: "1 Test Street", address_2: "", city: "Berlin", country_code: "de", postal_code: "10115", phone: "+4900000000" };
  const { cart } = await post(base, "/store/carts", { region_id: region.id });
  const path = `/store/carts/${cart.id}`;
  await post(base, `${path}/line-items`, { variant_id: variant, quantity: 1 });
  await post(base, path, { email: "shopper0@example.com", shipping_address: address, billing_address: address });
  const { shipping_options } = await get(base, `/store/shipping-options/${cart.id}`);
  await post(base, `${path}/shipping-methods`, { option_id: shipping_options[0].id });
  await post(base, `${path}/payment-sessions`);
  await post(base, `${path}/payment-session`, { provider_id: "manual" });
  const { data } = await post(base, `${path}/complete`);
  await get(base, `/store/orders/${data.id}`);
}

export async function rows(base, database) {
  const { regions } = await get(base, "/store/regions");
  const region = regions.find(({ countries }) => countries.some(({ iso_2 }) => iso_2 === "de"));
  const { products } = await get(base, `/store/products?limit=50&is_giftcard=false&region_id=${region.id}`);
  const variants = products.flatMap((product) => product.variants.map(({ id }) => id));
  const priced = `region_id=${region.id}&currency_code=${region.currency_code}`;
  // Who the seed of gen-data.sh makes.
  const { access_token: token } = await post(base, "/admin/auth/token", { email: "admin@medusa-test.com", password: "supersecret" });
  const admin = (name, path) => ({ name, path, settings: { L_TOKEN: token } });
  const { shipping_options: options } = await get(base, `/admin/shipping-options?region_id=${region.id}`, { authorization: `Bearer ${token}` });
  const files = temporaryDirectory("bench");
  const file = (name, list) => { const path = join(files, name); writeFileSync(path, `${list.join("\n")}\n`); return path; };
  const ids = (await sql(database, "select id from product where status = 'published' and deleted_at is null order by id")).map(([id]) => id);
  const kinds = ["shirt", "jacket", "trousers", "scarf", "sweater", "dress", "shorts", "socks"];
  // A filter that changes nothing, another one each time: no reply is of use twice.
  const another = (index) => `created_at[gt]=${new Date(index * 1000).toISOString()}`;
  // The same fields, in another order each time.
  const permutation = (number) => {
    const fields = ["id", "title", "handle", "description", "status", "thumbnail", "subtitle"];
    return fields.map((_, index) => fields.splice(Math.floor(number / (index + 1)) % fields.length, 1)[0]).join(",");
  };
  const once = { settings: { L_PATHS: file("once", Array.from({ length: 40_000 }, (_, index) => `/store/products?limit=12&${priced}&${another(index)}`)) } };
  return [
    { name: "GET /store/products?limit=12", path: "/store/products?limit=12" },
    { name: "GET /store/products?limit=12 with region", path: `/store/products?limit=12&${priced}` },
    // What a sold unit writes, in a transaction of its own each; the statistics know of it.
    { name: "GET /store/products?limit=12, after 20,000 orders", path: "/store/products?limit=12", async prepare() {
      await sql(database, `do $$ begin for turn in 1..20000 loop update product_variant set inventory_quantity = inventory_quantity where id = '${variants[0]}'; commit; end loop; end $$`);
      await sql(database, "analyze");
    } },
    { ...once, name: "GET /store/products?limit=12, each asked once" },
    { ...once, name: "GET /store/products?limit=12, each asked once, while others buy", beside: () => shoppers(base, region, variants, 20) },
    { name: "GET /store/products?limit=12 with region, while others buy", path: `/store/products?limit=12&${priced}`, beside: () => shoppers(base, region, variants, 20) },
    { name: "GET /store/products?q=two words, each asked once", settings: { L_PATHS: file("words", Array.from({ length: 40_000 }, (_, index) => `/store/products?limit=12&q=linen%20${kinds[index % kinds.length]}&${another(index)}`)) } },
    { name: "GET /store/products/:id with region, each asked once", settings: { L_PATHS: file("single", Array.from({ length: 40_000 }, (_, index) => `/store/products/${ids[(index * 7919) % ids.length]}?${priced}&fields=${permutation(Math.floor(index / ids.length))}`)) } },
    { name: "GET /store/products?limit=100", path: "/store/products?limit=100" },
    { name: "GET /store/products/:id with region", settings: { L_PATHS: file("paths", products.map(({ id }) => `/store/products/${id}?${priced}`)) } },
    { name: "POST /store/carts", path: "/store/carts", settings: { L_METHOD: "POST", L_BODY: JSON.stringify({ region_id: region.id }) }, once: () => () => post(base, "/store/carts", { region_id: region.id }) },
    { name: "POST /store/carts/:id/line-items", settings: { L_METHOD: "POST" }, once: async () => {
      const { cart } = await post(base, "/store/carts", { region_id: region.id });
      return () => post(base, `/store/carts/${cart.id}/line-items`, { variant_id: variants[0], quantity: 1 });
    }, async prepare() {
      const carts = [];
      await Promise.all(Array.from({ length: 8 }, async () => { while (carts.length < 512) carts.push((await post(base, "/store/carts", { region_id: region.id })).cart.id); }));
      return { L_PATHS: file("carts", carts.map((id) => `/store/carts/${id}/line-items`)),
        L_BODIES: file("bodies", carts.map((_, index) => JSON.stringify({ variant_id: variants[index % variants.length], quantity: 1 }))) };
    } },
    // As the dashboard asks.
    admin("GET /admin/products", "/admin/products?fields=id,title,thumbnail,status,handle,collection_id&expand=variants,options,variants.prices,variants.options,collection,tags,type,images,sales_channels&is_giftcard=false&offset=0&limit=15"),
    admin("GET /admin/orders", "/admin/orders?expand=customer,shipping_address,sales_channel&fields=id,status,display_id,created_at,email,fulfillment_status,payment_status,total,currency_code&offset=0&limit=15"),
    admin("GET /admin/customers", "/admin/customers?expand=orders&offset=0&limit=15"),
    admin("GET /admin/product-categories", "/admin/product-categories?parent_category_id=null&include_descendants_tree=true"),
    admin("GET /admin/variants", "/admin/variants?offset=0&limit=20"),
    ...lives({ base, token, region: region.id, variants, option: options.find(({ is_return, admin_only }) => !is_return && !admin_only)?.id, returning: options.find(({ is_return }) => is_return)?.id }),
    { name: "whole checkout (9 requests)", checkout: true, settings: { L_CHECKOUT: "1", L_REGION: region.id, L_VARIANTS: file("variants", variants) }, once: () => () => checkout(base, region, variants[0]) },
  ];
}
