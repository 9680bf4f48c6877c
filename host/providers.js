// Native operations ask the project's providers here: frames of asks on a Unix socket (src/plugins/channel.hpp), adapted to the
// classes of plugins as 1.20's PaymentProviderService, FulfillmentProviderService and TaxProviderService do.
"use strict";

const { existsSync, unlinkSync } = require("node:fs");
const net = require("node:net");
const { Frames, frame, described } = require("./link.js");
const { payment_methods } = require("./payment.js");

// What JSON has made of an entity's times becomes what an entity has. What is a provider's or a shop's own is left alone.
const own_json = new Set(["metadata", "data", "option_data", "update", "config"]);
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
function with_times(value, depth = 0) {
  if (value === null || typeof value !== "object" || depth > 32) return value;
  if (Array.isArray(value)) return value.map((item) => with_times(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, of]) => {
    if (typeof of === "string" && key.endsWith("_at") && time.test(of)) return [key, new Date(of)];
    return [key, own_json.has(key) ? of : with_times(of, depth + 1)];
  }));
}

// Medusa 1.20: OrderService.createFulfillment. What is packed is an order that stands in the database, and its provider gets it with
// all that 1.20 loads; the goods of swaps and claims come as the server sends them.
const of_packed_order = {
  select: ["subtotal", "shipping_total", "discount_total", "tax_total", "gift_card_total", "total"],
  relations: ["discounts", "discounts.rule", "region", "fulfillments", "shipping_address", "billing_address", "shipping_methods", "shipping_methods.shipping_option", "items.adjustments", "items.variant.product.profiles", "payments"],
};
async function packed({ items, order }, { container }) {
  if (!/^order_/.test(order?.id ?? "")) return { items, order };
  const whole = await container.resolve("orderService").retrieve(order.id, of_packed_order).catch((error) => { if (error?.type !== "not_found") throw error; });
  if (!whole) return { items, order };
  const of = new Map(whole.items.map((item) => [item.id, item]));
  return { order: whole, items: items.map(({ id, quantity }) => ({ ...of.get(id), quantity })) };
}

const fulfillment_methods = {
  options: (provider) => provider.getFulfillmentOptions(),
  validate_option: (provider, { data }) => provider.validateOption(data),
  validate_data: (provider, { option_data, data, cart }) => provider.validateFulfillmentData(option_data, data, cart),
  can_calculate: (provider, { data }) => provider.canCalculate(data),
  calculate_price: (provider, { option_data, data, cart }) => provider.calculatePrice(option_data, data, cart),
  async create_fulfillment(provider, { data, items, order, fulfillment }, asked) {
    const whole = await packed({ items, order }, asked);
    return provider.createFulfillment(data, whole.items, whole.order, fulfillment);
  },
  cancel_fulfillment: (provider, { data }) => provider.cancelFulfillment(data),
  create_return: (provider, { return: order }) => provider.createReturn(order),
};

const tax_methods = {
  async tax_lines(provider, { items, methods, context }) {
    const lines = await provider.getTaxLines(items, methods.map(({ method, rates }) => ({ shipping_method: method, rates })), {
      is_return: false, shipping_address: null, customer: undefined, allocation_map: {}, ...context, shipping_methods: methods.map(({ method }) => method),
    });
    // `at`: where the taxed thing stood in the question, whose ids may be others when the answer is used.
    return lines.map((line) => {
      const { rate, name, code = null, metadata } = line;
      if ("shipping_method_id" in line) return { shipping_method_id: line.shipping_method_id, at: methods.findIndex(({ method }) => method.id === line.shipping_method_id), rate, name, code, metadata };
      return { item_id: line.item_id, at: items.findIndex(({ item }) => item.id === line.item_id), rate, name, code, metadata };
    });
  },
};

const ports = {
  payment: { prefix: "pp_", many: "paymentProviders", methods: payment_methods },
  fulfillment: { prefix: "fp_", many: "fulfillmentProviders", methods: fulfillment_methods },
  tax: { prefix: "tp_", many: "taxProviders", methods: tax_methods },
};

// What the server answers itself where these packages are in the configuration.
const natives = { "medusa-payment-manual": "payment", "medusa-fulfillment-manual": "fulfillment" };

function installed(container, many) {
  if (!container.hasRegistration(many)) return [];
  return [container.resolve(many)].flat();
}
const id_of = (provider) => (typeof provider.getIdentifier === "function" ? provider.getIdentifier() : provider.constructor.identifier);

// All providers of the project: [{ port, id, knows_keys, package }]. `package_of` tells the package of a class.
function offers_of(container, package_of) {
  return Object.entries(ports).flatMap(([port, { many }]) => installed(container, many)
    .map((provider) => ({ port, id: id_of(provider), knows_keys: false, package: package_of(provider.constructor) }))
    .filter(({ package: name }) => natives[name] !== port));
}

class Asked {
  constructor(container, medusa, offers) {
    this.container = container;
    this.medusa = medusa;
    this.offers = offers;
    this.remembered = new Map();
  }
  async answer({ port, provider: id, method, arguments: given }) {
    if (method === "providers" && !port) return this.offers;
    const of_port = ports[port];
    if (!of_port?.methods[method]) throw Object.assign(new Error(`Providers of ${port} have no method ${method}`), { type: "invalid_argument" });
    const name = `${of_port.prefix}${id}`;
    if (!this.container.hasRegistration(name)) throw Object.assign(new Error(`Could not find a ${port} provider with id: ${id}`), { type: "not_found" });
    return of_port.methods[method](this.container.resolve(name), with_times(given), this);
  }
}

async function serve({ path, container, medusa, package_of }) {
  const offers = offers_of(container, package_of);
  const asked = new Asked(container, medusa, offers);
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    const frames = new Frames(async (text) => {
      let reply;
      try {
        reply = frame({ answer: await asked.answer(JSON.parse(text)) });
      } catch (error) {
        reply = frame({ error: described(error) });
      }
      if (!socket.destroyed) socket.write(reply);
    });
    socket.on("data", (part) => { if (!frames.add(part)) socket.destroy(); });
  });
  if (existsSync(path)) unlinkSync(path);
  await new Promise((done, failed) => { server.once("error", failed); server.listen(path, done); });
  server.unref();
  return offers;
}

module.exports = { serve, offers_of, with_times };
