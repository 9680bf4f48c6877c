// What happens to orders after they were placed, as rows for run.mjs: each life is a few requests one after the other, with an
// order of its own that is made before the clock runs.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function send(base, token, method, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { agent, method, headers: { authorization: `Bearer ${token}`, ...(text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {}) } }, (answer) => {
      let all = "";
      answer.setEncoding("utf8").on("data", (part) => (all += part)).on("end", () => {
        if (answer.statusCode !== 200) reject(new Error(`${method} ${path}: ${answer.statusCode} ${all.slice(0, 300)}`));
        else resolve(JSON.parse(all));
      });
    });
    request.on("error", reject).end(text);
  });
}

// `place`: { base, token, region, variants, option }: of the region an id, of a shipping option (not for returns) an id.
export function lives({ base, token, region, variants, option, returning }) {
  const ask = (...request) => send(base, token, ...request);
  const address = { first_name: "Medusa", last_name: "Gorgon", address_1: "Cisthene 1", city: "Sarpedon", country_code: "de", postal_code: "10115" };
  const draft = (turn) => ({ email: `life${turn % 100}@example.com`, region_id: region, shipping_address: address, billing_address: address, shipping_methods: [{ option_id: option }],
    items: [{ variant_id: variants[turn % variants.length], quantity: 2 }, { variant_id: variants[(turn + 1) % variants.length], quantity: 1 }] });
  const pay = async (turn) => {
    const { draft_order } = await ask("POST", "/admin/draft-orders", draft(turn));
    return (await ask("POST", `/admin/draft-orders/${draft_order.id}/pay`)).order;
  };
  const paid = async (turn) => {
    const { id } = await pay(turn);
    await ask("POST", `/admin/orders/${id}/capture`);
    return (await ask("GET", `/admin/orders/${id}`)).order;
  };
  const shipped = async (turn) => {
    const order = await paid(turn);
    const items = order.items.map(({ id, quantity }) => ({ item_id: id, quantity }));
    const { order: packed } = await ask("POST", `/admin/orders/${order.id}/fulfillment`, { items });
    await ask("POST", `/admin/orders/${order.id}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
    return order;
  };
  return [
    { name: "life: draft order to paid (2)", make: async (turn) => turn, live: pay },
    { name: "life: refund (1)", make: paid, live: (order) => ask("POST", `/admin/orders/${order.id}/refund`, { amount: 100, reason: "other" }) },
    { name: "life: return requested and received (2)", make: shipped, live: async (order) => {
      const items = [{ item_id: order.items[0].id, quantity: 1 }];
      const { order: asked } = await ask("POST", `/admin/orders/${order.id}/return`, { items, ...(returning ? { return_shipping: { option_id: returning, price: 0 } } : {}) });
      await ask("POST", `/admin/returns/${asked.returns[0].id}/receive`, { items });
    } },
    { name: "life: claim, replace (1)", make: shipped, live: (order, turn) => ask("POST", `/admin/orders/${order.id}/claims`, {
      type: "replace", claim_items: [{ item_id: order.items[0].id, quantity: 1, reason: "production_failure" }], additional_items: [{ variant_id: variants[turn % variants.length], quantity: 1 }], shipping_methods: [{ option_id: option }] }) },
    { name: "life: order edit to confirmed (4)", make: paid, live: async (order, turn) => {
      const { order_edit } = await ask("POST", "/admin/order-edits", { order_id: order.id });
      await ask("POST", `/admin/order-edits/${order_edit.id}/items`, { variant_id: variants[(turn + 2) % variants.length], quantity: 1 });
      await ask("POST", `/admin/order-edits/${order_edit.id}/request`);
      await ask("POST", `/admin/order-edits/${order_edit.id}/confirm`);
    } },
  ];
}

// Makes `count` orders, then lives their lives with so many at once, for at most so many seconds.
export async function run({ make, live }, { count, connections, seconds, began = () => {} }) {
  const orders = new Array(count);
  const each = async (work) => {
    let next = 0;
    await Promise.all(Array.from({ length: connections }, async () => { while (next < count) { const turn = next++; if ((await work(turn)) === false) return; } }));
  };
  // The real one refuses some of what comes at once (409): such an order is made again, such a life doesn't count.
  await each(async (turn) => { for (let again = 0; orders[turn] === undefined; again++) try { orders[turn] = await make(turn); } catch (error) { if (again === 5) throw error; } });
  began();
  const start = performance.now();
  const times = [];
  let bad = 0;
  await each(async (turn) => {
    const from = performance.now();
    if (from - start > seconds * 1000) return false;
    try { await live(orders[turn], turn); } catch { bad++; return; }
    times.push(performance.now() - from);
  });
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { count: times.length, bad, seconds: (performance.now() - start) / 1000, p50: at(0.5), p99: at(0.99) };
}
