// A purchase with plain requests, for tests that need orders rather than look at each answer.
import http from "node:http";
import { send } from "./script.mjs";

export const agent = new http.Agent({ keepAlive: true, maxSockets: 128 });
const address = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };

export async function call(base, method, path, body, headers = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await send(base, { method, path, headers: { ...(text ? { "content-type": "application/json" } : {}), ...headers }, body: text }, agent);
  return { ...answer, body: answer.json };
}
export async function must(base, method, path, body, headers) {
  const answer = await call(base, method, path, body, headers);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.body;
}

export async function variantOf(base, handle) {
  const { products } = await must(base, "GET", `/store/products?handle=${handle}`);
  return products[0].variants[0].id;
}

// A cart that can be completed; in another shop than the tests' with that shop's region, and whatever ships there.
export async function readyCart(base, variant_id, { quantity = 1, email = "buyer@example.com", region_id = "reg_eu" } = {}) {
  const { cart } = await must(base, "POST", "/store/carts", { region_id, items: [{ variant_id, quantity }] });
  const path = `/store/carts/${cart.id}`;
  await must(base, "POST", path, { email, shipping_address: address, billing_address: address });
  const { shipping_options } = await must(base, "GET", `/store/shipping-options/${cart.id}`);
  await must(base, "POST", `${path}/shipping-methods`, { option_id: (shipping_options.find(({ name }) => name === "Standard") ?? shipping_options[0]).id });
  await must(base, "POST", `${path}/payment-sessions`);
  return cart.id;
}
export const complete = (base, cart, headers) => call(base, "POST", `/store/carts/${cart}/complete`, undefined, headers);
export async function buy(base, handle, options) {
  const answer = await complete(base, await readyCart(base, await variantOf(base, handle), options));
  if (answer.status !== 200 || answer.body.type !== "order") throw new Error(`no order: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.body.data;
}
