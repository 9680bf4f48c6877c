#!/usr/bin/env node
// The unmodified client library of Medusa 1 registers, browses, buys and looks its order up.
//   node tests/client/run.mjs [--medusa]
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../lib/packages.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { default: Medusa } = packagesOf(here, "@medusajs/medusa-js")("@medusajs/medusa-js");
const running = await shop(process.argv.includes("--medusa") ? "medusa" : "stheno", { sessions: "redis" });
const medusa = new Medusa({ baseUrl: running.base, maxRetries: 0 });
const customer = { email: "client@example.com", password: "gorgon1", first_name: "Cli", last_name: "Ent" };
let token, region, product, variant, cart, order;
const mine = () => ({ authorization: `Bearer ${token}` });

await check("register", async () => {
  const answer = await medusa.customers.create(customer);
  assert.equal(answer.response.status, 200);
  assert.equal(answer.customer.email, customer.email);
  assert.deepEqual(await medusa.auth.exists(customer.email).then(({ exists }) => exists), true);
  token = (await medusa.auth.getToken({ email: customer.email, password: customer.password })).access_token;
  assert.equal((await medusa.customers.retrieve(mine())).customer.first_name, "Cli");
  assert.equal((await medusa.auth.getSession(mine())).customer.email, customer.email);
});
await check("a wrong password is refused", async () => {
  await assert.rejects(medusa.auth.authenticate({ email: customer.email, password: "wrong" }), (error) => error.response.status === 401);
});
await check("browse", async () => {
  region = (await medusa.regions.list()).regions.find(({ name }) => name === "Europe");
  const listed = await medusa.products.list({ limit: 3, region_id: region.id, currency_code: region.currency_code });
  assert.equal(listed.products.length, 3);
  assert.equal(listed.limit, 3);
  const found = await medusa.products.list({ handle: "shirt", region_id: region.id });
  assert.equal(found.count, 1);
  product = (await medusa.products.retrieve(found.products[0].id)).product;
  variant = found.products[0].variants.find(({ sku }) => sku === "SHIRT-M-BLUE");
  assert.equal(variant.calculated_price, 1950);
  assert.equal((await medusa.products.variants.retrieve(variant.id)).variant.product_id, product.id);
  assert.equal((await medusa.collections.list()).collections.length, 2);
  assert.equal((await medusa.productTypes.list()).product_types.length, 2);
  assert.ok((await medusa.productCategories.list()).count >= 4);
  assert.ok((await medusa.shippingOptions.list({ region_id: region.id })).shipping_options.length > 0);
});
await check("an account with an address", async () => {
  const address = { first_name: "Cli", last_name: "Ent", address_1: "Port 1", address_2: "", city: "Sarpedon", country_code: "de", postal_code: "10115", phone: "1", company: "", province: "", metadata: {} };
  const added = await medusa.customers.addresses.addAddress({ address }, mine());
  assert.equal(added.customer.shipping_addresses.length, 1);
  const changed = await medusa.customers.update({ phone: "+49 2" }, mine());
  assert.equal(changed.customer.phone, "+49 2");
});
await check("fill a cart", async () => {
  cart = (await medusa.carts.create({ region_id: region.id }, mine())).cart;
  cart = (await medusa.carts.lineItems.create(cart.id, { variant_id: variant.id, quantity: 1 })).cart;
  cart = (await medusa.carts.lineItems.update(cart.id, cart.items[0].id, { quantity: 2 })).cart;
  assert.equal(cart.items[0].quantity, 2);
  cart = (await medusa.carts.update(cart.id, { discounts: [{ code: "TEN" }] })).cart;
  assert.equal(cart.discount_total, 390);
  cart = (await medusa.carts.deleteDiscount(cart.id, "TEN")).cart;
  assert.equal(cart.subtotal, 3900);
  assert.equal((await medusa.carts.retrieve(cart.id)).cart.total, 3900);
});
await check("check out", async () => {
  const address = { first_name: "Cli", last_name: "Ent", address_1: "Port 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
  await medusa.carts.update(cart.id, { shipping_address: address, billing_address: address }, mine());
  const { shipping_options } = await medusa.shippingOptions.listCartOptions(cart.id);
  cart = (await medusa.carts.addShippingMethod(cart.id, { option_id: shipping_options.find(({ name }) => name === "Standard").id })).cart;
  cart = (await medusa.carts.createPaymentSessions(cart.id)).cart;
  cart = (await medusa.carts.setPaymentSession(cart.id, { provider_id: "manual" })).cart;
  assert.equal(cart.payment_session.provider_id, "manual");
  const done = await medusa.carts.complete(cart.id);
  assert.equal(done.type, "order");
  order = done.data;
  assert.equal(order.total, 4900);
});
await check("look the order up", async () => {
  assert.equal((await medusa.orders.retrieve(order.id)).order.total, 4900);
  assert.equal((await medusa.orders.retrieveByCartId(cart.id)).order.id, order.id);
  assert.equal((await medusa.orders.lookupOrder({ display_id: order.display_id, email: customer.email })).order.id, order.id);
  assert.deepEqual((await medusa.customers.listOrders({}, mine())).orders.map(({ id }) => id), [order.id]);
});
await running.stop();
await dropAll();
finish();
