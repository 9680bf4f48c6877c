// Search, carriers, logins by a third party, routes and figures of plugins.
import assert from "node:assert/strict";
import { call, complete, readyCart, variantOf } from "../../lib/buying.mjs";

const newProduct = (title) => ({ title, status: "published", description: `${title} of the workshop`, options: [{ title: "Size" }], variants: [{ title: "One", sku: title.toUpperCase().replaceAll(" ", "-"), inventory_quantity: 5, prices: [{ currency_code: "eur", amount: 1100 }], options: [{ value: "One" }] }] });

async function searched(shop, check, name, documents) {
  let product;
  const search = async (q) => (await shop.ask("POST", "/store/products/search", { q })).hits;
  await check(`${name} was given the whole catalogue at the start`, async () => {
    await shop.later("no mug in the index", () => [...documents()].some(({ handle }) => handle === "mug"));
    assert.deepEqual((await search("mug")).map(({ handle }) => handle), ["mug"]);
  });
  await check(`${name} finds a product once it is made, and by its new name once it is changed`, async () => {
    product = (await shop.asAdmin("POST", "/admin/products", newProduct("Kylix of clay"))).product;
    const hits = await shop.later("not found", async () => { const found = await search("kylix"); return found.length && found; });
    assert.deepEqual([hits.length, hits[0].id], [1, product.id]);
    await shop.asAdmin("POST", `/admin/products/${product.id}`, { title: "Amphora of clay" });
    await shop.later("not found by its new name", async () => (await search("amphora")).length === 1);
  });
  await check(`${name} forgets a product that is deleted`, async () => {
    await shop.asAdmin("DELETE", `/admin/products/${product.id}`);
    await shop.later("still found", async () => (await search("amphora")).length === 0);
  });
}
export const meilisearch = (shop, check) => searched(shop, check, "Meilisearch", () => shop.doubles.meilisearch.indexes.get("products")?.documents.values() ?? []);
export const algolia = (shop, check) => searched(shop, check, "Algolia", () => shop.doubles.algolia.indexes.get("products")?.objects.values() ?? []);

export async function wishlist(shop, check) {
  await check("a customer's wishlist is kept, shared and shortened", async () => {
    const { customer } = await shop.ask("POST", "/store/customers", { email: "wishes@example.com", password: "gorgon1", first_name: "Sthe", last_name: "No" });
    const path = `/store/customers/${customer.id}/wishlist`;
    await shop.ask("POST", path, { variant_id: await variantOf(shop.base, "mug"), quantity: 1 });
    const { customer: wishing } = await shop.ask("POST", path, { variant_id: await variantOf(shop.base, "lamp"), quantity: 2, metadata: { why: "dark" } });
    assert.deepEqual(wishing.metadata.wishlist.map(({ title, quantity }) => [title, quantity]), [["Mug", 1], ["Lamp", 2]]);
    const { share_token } = await shop.ask("POST", `${path}/share-token`);
    const { wishlist: shared } = await shop.ask("GET", `/wishlists/${share_token}`);
    assert.deepEqual([shared.first_name, shared.items.length, shared.items[1].metadata], ["Sthe", 2, { why: "dark" }]);
    const { customer: shorter } = await shop.ask("DELETE", path, { index: 0 });
    assert.deepEqual(shorter.metadata.wishlist.map(({ title }) => title), ["Lamp"]);
  });
  await check("a wishlist's refusals are the plugin's own", async () => {
    const { customer } = await shop.ask("POST", "/store/customers", { email: "nowishes@example.com", password: "gorgon1", first_name: "No", last_name: "Wish" });
    assert.equal((await call(shop.base, "GET", "/wishlists/nonsense")).status, 400);
    const answer = await call(shop.base, "OPTIONS", "/wishlists/nonsense", undefined, { origin: "http://localhost:8000", "access-control-request-method": "GET" });
    assert.equal(answer.headers["access-control-allow-origin"], "http://localhost:8000");
    assert.equal((await shop.ask("GET", `/store/customers/${customer.id}/wishlist`).catch((error) => error)).constructor, Error);
  });
}

export async function webshipper(shop, check) {
  const { webshipper: carrier } = shop.doubles;
  let option, order, parcel;
  const data = { drop_point_id: "dp_1", drop_point_name: "Kiosk", drop_point_zip: "10115", drop_point_address_1: "Cisthene 3", drop_point_city: "Sarpedon", drop_point_country_code: "de" };
  // An order that goes by Webshipper alone.
  async function ordered(chosen) {
    const cart = await readyCart(shop.base, await variantOf(shop.base, "mug"), { email: "parcel@example.com" });
    await shop.ask("POST", `/store/carts/${cart}/shipping-methods`, { option_id: option.id, data: chosen });
    await shop.ask("POST", `/store/carts/${cart}/payment-sessions`);
    await shop.ask("POST", `/store/carts/${cart}/payment-session`, { provider_id: "manual" });
    return (await complete(shop.base, cart)).body.data;
  }
  await check("Webshipper's rates can be chosen as shipping options", async () => {
    await shop.asAdmin("POST", "/admin/regions/reg_eu/fulfillment-providers", { provider_id: "webshipper" });
    const { fulfillment_options } = await shop.asAdmin("GET", "/admin/regions/reg_eu/fulfillment-options");
    const { options } = fulfillment_options.find(({ provider_id }) => provider_id === "webshipper");
    assert.deepEqual(options.map(({ name, require_drop_point }) => [name, require_drop_point]), [["Parcel", false], ["Parcel shop", true]]);
    const made = (data) => ({ name: `By ${data.name}`, region_id: "reg_eu", provider_id: "webshipper", data, price_type: "flat_rate", amount: 700 });
    option = (await shop.asAdmin("POST", "/admin/shipping-options", made(options[1]))).shipping_option;
    const refused = await call(shop.base, "POST", "/admin/shipping-options", made({ name: "None", webshipper_id: "77" }), shop.user);
    assert.equal(refused.status, 400, refused.text);
  });
  await check("Webshipper says which drop point is missing, and is given the parcel", async () => {
    const cart = await readyCart(shop.base, await variantOf(shop.base, "mug"), { email: "parcel@example.com" });
    const refused = await call(shop.base, "POST", `/store/carts/${cart}/shipping-methods`, { option_id: option.id });
    assert.notEqual(refused.status, 200);
    const { drop_points } = await shop.ask("GET", "/webshipper/drop-points/2?postal_code=10115&country_code=de&address_1=Cisthene");
    assert.deepEqual(drop_points, [{ drop_point_id: "dp_1", name: "Kiosk", zip: "10115" }]);
    order = await ordered(data);
    const { order: fulfilled } = await shop.asAdmin("POST", `/admin/orders/${order.id}/fulfillment`, { items: order.items.map(({ id, quantity }) => ({ item_id: id, quantity })) });
    parcel = [...carrier.orders.values()].at(-1);
    assert.equal(fulfilled.fulfillments[0].data.id, parcel.id);
    assert.deepEqual([parcel.attributes.ext_ref, parcel.attributes.drop_point.drop_point_id, parcel.attributes.delivery_address.zip], [`${order.id}.${fulfilled.fulfillments[0].id}`, "dp_1", "10115"]);
    assert.deepEqual(parcel.attributes.order_lines.map(({ description, quantity, unit_price }) => [description, quantity, unit_price]), [["Mug", 1, 8]]);
  });
  await check("Webshipper's signed message ships the order with its tracking number", async () => {
    const status = async () => (await shop.asAdmin("GET", `/admin/orders/${order.id}`)).order;
    await carrier.notify(shop.base, parcel.id, { number: "FORGED", secret: "other" });
    await carrier.notify(shop.base, parcel.id, { number: "TRACK-1" });
    const shipped = await shop.later("not shipped", async () => { const now = await status(); return now.fulfillment_status === "shipped" && now; });
    assert.deepEqual(shipped.fulfillments[0].tracking_links.map(({ tracking_number }) => tracking_number), ["TRACK-1"]);
  });
  await check("a canceled parcel is canceled at Webshipper", async () => {
    const bought = await ordered({ ...data, drop_point_id: "dp_2" });
    const { order: fulfilled } = await shop.asAdmin("POST", `/admin/orders/${bought.id}/fulfillment`, { items: bought.items.map(({ id, quantity }) => ({ item_id: id, quantity })) });
    const [own] = fulfilled.fulfillments;
    await shop.asAdmin("POST", `/admin/orders/${bought.id}/fulfillments/${own.id}/cancel`);
    assert.equal(carrier.orders.get(own.data.id).attributes.status, "cancelled");
  });
}

export async function auth(shop, check) {
  const { google } = shop.doubles;
  const person = { email: "third@example.com", first: "Third", last: "Party" };
  const visit = (path, headers = {}) => call(shop.base, "GET", path, undefined, { "x-forwarded-proto": "https", ...headers });
  const cookies = (answer) => (answer.headers["set-cookie"] ?? []).map((text) => text.split(";")[0]).join("; ");
  await check("somebody whom Google knows becomes a customer, and is logged in everywhere", async () => {
    const sent = await visit("/store/auth/google");
    assert.equal(sent.status, 302);
    const code = google.agree(sent.headers.location, person);
    const back = await visit(`/store/auth/google/cb?code=${code}`);
    assert.equal(back.status, 302, back.text);
    assert.match(back.headers.location, /^http:\/\/shop\.test\/account\?access_token=ey/);
    const session = await visit("/store/auth", { cookie: cookies(back) });
    assert.deepEqual([session.status, session.body.customer?.email, session.body.customer?.first_name], [200, person.email, "Third"]);
    const token = new URL(back.headers.location).searchParams.get("access_token");
    const bearer = await visit("/store/customers/me", { authorization: `Bearer ${token}` });
    assert.deepEqual([bearer.status, bearer.body.customer.email], [200, person.email]);
  });
  await check("who comes back is the same customer", async () => {
    const sent = await visit("/store/auth/google?returnAccessToken=true");
    const back = await visit(`/store/auth/google/cb?code=${google.agree(sent.headers.location, person)}`);
    assert.equal(back.status, 200, back.text);
    assert.equal((await shop.rows(`select count(*) from customer where email = '${person.email}'`))[0][0], "1");
  });
  await check("a password's customer is not taken over by Google's word", async () => {
    await shop.ask("POST", "/store/customers", { email: "own@example.com", password: "gorgon1", first_name: "Own", last_name: "Pass" });
    const sent = await visit("/store/auth/google");
    const back = await visit(`/store/auth/google/cb?code=${google.agree(sent.headers.location, { ...person, email: "own@example.com" })}`);
    assert.match(decodeURIComponent(back.headers.location ?? back.text), /already exists/);
  });
}

export async function analytics(shop, check) {
  await check("the analytics' figures count the shop's orders", async () => {
    const count = async () => (await shop.asAdmin("GET", `/admin/orders-analytics/count?dateRangeFrom=${Date.now() - 86_400_000}&dateRangeTo=${Date.now() + 86_400_000}&orderStatuses[]=pending&orderStatuses[]=completed`)).analytics;
    const before = await count();
    await shop.bought("mug");
    assert.equal(Number((await count()).current), Number(before.current) + 1);
    const answer = await call(shop.base, "GET", "/admin/orders-analytics/count");
    assert.equal(answer.status, 401);
  });
}

export async function contentful(shop, check) {
  const { entries } = shop.doubles.contentful;
  let product;
  await check("Contentful is given a product with its variants once it is made", async () => {
    product = (await shop.asAdmin("POST", "/admin/products", newProduct("Krater of bronze"))).product;
    const entry = await shop.later("no entry was made", () => entries.get(product.id));
    assert.deepEqual([entry.fields.title["en-US"], entry.fields.medusaId["en-US"]], ["Krater of bronze", product.id]);
    assert.equal(entries.get(product.variants[0].id).fields.sku["en-US"], "KRATER-OF-BRONZE");
  });
  await check("what an editor changes in Contentful is told to the shop", async () => {
    entries.get(product.id).fields.title = { "en-US": "Krater of silver" };
    await new Promise((done) => setTimeout(done, 2100)); // the plugin ignores echoes for two seconds
    const answer = await call(shop.base, "POST", "/hooks/contentful", { sys: { id: product.id, contentType: { sys: { id: "product" } } } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await shop.asAdmin("GET", `/admin/products/${product.id}`)).product.title, "Krater of silver");
  });
}

export async function warehouses(shop, check) {
  await check("stock lies at a location, is reserved by an order and leaves with its parcel", async () => {
    const { stock_location } = await shop.asAdmin("POST", "/admin/stock-locations", { name: "Cave" });
    const { sales_channels } = await shop.asAdmin("GET", "/admin/sales-channels");
    for (const { id } of sales_channels) await shop.asAdmin("POST", `/admin/sales-channels/${id}/stock-locations`, { location_id: stock_location.id });
    const variant = await variantOf(shop.base, "mug");
    const { variant: { inventory } } = await shop.asAdmin("GET", `/admin/variants/${variant}/inventory`);
    let item = inventory[0];
    if (!item) item = (await shop.asAdmin("POST", "/admin/inventory-items", { variant_id: variant, sku: "MUG-ITEM" })).inventory_item;
    await shop.asAdmin("POST", `/admin/inventory-items/${item.id}/location-levels`, { location_id: stock_location.id, stocked_quantity: 5 }).catch(() => shop.asAdmin("POST", `/admin/inventory-items/${item.id}/location-levels/${stock_location.id}`, { stocked_quantity: 5 }));
    const level = async () => { const { inventory_item } = await shop.asAdmin("GET", `/admin/inventory-items/${item.id}/location-levels`); const { stocked_quantity, reserved_quantity } = inventory_item.location_levels.find(({ location_id }) => location_id === stock_location.id); return [stocked_quantity, reserved_quantity]; };
    assert.deepEqual(await level(), [5, 0]);
    const order = await shop.bought("mug", { quantity: 2 });
    assert.deepEqual(await level(), [5, 2]);
    await shop.asAdmin("POST", `/admin/orders/${order.id}/fulfillment`, { items: order.items.map(({ id, quantity }) => ({ item_id: id, quantity })), location_id: stock_location.id });
    assert.deepEqual(await level(), [3, 0]);
    const cart = await readyCart(shop.base, variant, { quantity: 4 }).catch((error) => error);
    if (typeof cart === "string") assert.notEqual((await complete(shop.base, cart)).body.type, "order");
  });
}
