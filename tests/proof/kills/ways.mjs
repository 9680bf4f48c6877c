// The ways of an order, as steps that can be taken again after a crash: each finds what it needs in the database, as a person would on
// the page. A way's `prepare` is not killed.
import { complete, must, readyCart } from "../../lib/buying.mjs";

// shop: { base(), sql, user, variants, options, location, run } of which base and run change with each life and run.
export function waysOf(shop) {
  const one = async (text) => (await shop.sql(text))[0]?.[0];
  const asAdmin = (path, body) => must(shop.base(), "POST", path, body, shop.user);
  const at = shop.location ? { location_id: shop.location } : {};
  const backAt = shop.location ? { return_location_id: shop.location } : {};

  async function order(handle, { captured = true, sent = true } = {}) {
    const cart = await readyCart(shop.base(), shop.variants[handle], { quantity: 2 });
    await must(shop.base(), "POST", `/store/carts/${cart}/payment-session`, { provider_id: "scripted" });
    const answer = await complete(shop.base(), cart);
    if (answer.body?.type !== "order") throw new Error(`no order: ${answer.text}`);
    const { id, items } = answer.body.data;
    const made = { id, path: `/admin/orders/${id}`, item: items[0].id, price: items[0].unit_price };
    if (captured) await asAdmin(`${made.path}/capture`);
    if (sent) {
      const packed = await asAdmin(`${made.path}/fulfillment`, { items: [{ item_id: made.item, quantity: 2 }], ...at });
      await asAdmin(`${made.path}/shipment`, { fulfillment_id: packed.order.fulfillments[0].id });
    }
    return made;
  }
  const newest = (table, { id }) => one(`select id from ${table} where order_id = '${id}' order by created_at desc limit 1`);
  const one_of = ({ item }) => [{ item_id: item, quantity: 1 }];
  const refunded = async ({ id }) => Number(await one(`select coalesce(sum(amount), 0) from refund where order_id = '${id}'`));

  const createSwap = (handle) => (order) => asAdmin(`${order.path}/swaps`, { return_items: one_of(order), additional_items: [{ variant_id: shop.variants[handle], quantity: 1 }], ...backAt });
  const cartOf = (order) => one(`select cart_id from swap where order_id = '${order.id}'`);
  const sessions = async (order) => must(shop.base(), "POST", `/store/carts/${await cartOf(order)}/payment-sessions`);
  const settle = async (order) => asAdmin(`${order.path}/swaps/${await newest("swap", order)}/process-payment`);
  const agree = async (order) => {
    const answer = await complete(shop.base(), await cartOf(order));
    if (answer.body?.type !== "swap") throw new Error(`no swap: ${answer.status} ${answer.text.slice(0, 300)}`);
  };
  const claim = (order, wish) => asAdmin(`${order.path}/claims`, { claim_items: [{ ...one_of(order)[0], reason: "wrong_item" }], ...backAt, ...wish });
  const claimPath = async (order) => `${order.path}/claims/${await newest("claim_order", order)}`;
  const edit = (order) => newest("order_edit", order);
  const collection = async (order) => one(`select payment_collection_id from order_edit where id = '${await edit(order)}'`);

  return {
    "refund": {
      prepare: () => order("mug", { captured: false, sent: false }),
      steps: [
        (order) => asAdmin(`${order.path}/capture`),
        // Who sees on the page that it has gone back doesn't click once more.
        async (order) => { if ((await refunded(order)) === 0) await asAdmin(`${order.path}/refund`, { amount: 300, reason: "other" }); },
      ],
    },
    "cancel": {
      prepare: () => order("mug", { captured: false, sent: false }),
      steps: [(order) => asAdmin(`${order.path}/cancel`)],
    },
    "return": {
      prepare: () => order("mug"),
      steps: [
        (order) => asAdmin(`${order.path}/return`, { items: one_of(order), return_shipping: { option_id: shop.options.Return, price: 100 }, ...at }),
        async (order) => asAdmin(`/admin/returns/${await newest("return", order)}/receive`, { items: one_of(order) }),
      ],
    },
    "swap, paid": {
      prepare: () => order("mug"),
      steps: [
        createSwap("shirt"),
        async (order) => must(shop.base(), "POST", `/store/carts/${await cartOf(order)}/shipping-methods`, { option_id: shop.options.Standard }),
        sessions,
        async (order) => must(shop.base(), "POST", `/store/carts/${await cartOf(order)}/payment-session`, { provider_id: "scripted" }),
        agree,
        settle,
        async (order) => asAdmin(`${order.path}/swaps/${await newest("swap", order)}/fulfillments`, at),
        async (order) => asAdmin(`/admin/returns/${await one(`select id from return where swap_id = '${await newest("swap", order)}'`)}/receive`, { items: one_of(order) }),
      ],
    },
    "swap, given back": { prepare: () => order("shirt"), steps: [createSwap("mug"), agree, settle] },
    "claim, refunded": { prepare: () => order("mug"), steps: [(order) => claim(order, { type: "refund", refund_amount: 200, return_shipping: { option_id: shop.options.Return, price: 0 } })] },
    "claim, replaced": {
      prepare: () => order("mug"),
      steps: [
        (order) => claim(order, { type: "replace", additional_items: [{ variant_id: shop.variants.shirt, quantity: 1 }], shipping_methods: [{ option_id: shop.options.Standard, price: 0 }] }),
        async (order) => asAdmin(`${await claimPath(order)}/fulfillments`, at),
        async (order) => asAdmin(`${await claimPath(order)}/shipments`, { fulfillment_id: await one(`select id from fulfillment where claim_order_id = '${await newest("claim_order", order)}'`) }),
      ],
    },
    "edit": {
      prepare: () => order("mug", { sent: false }),
      steps: [
        (order) => asAdmin("/admin/order-edits", { order_id: order.id }),
        async (order) => asAdmin(`/admin/order-edits/${await edit(order)}/items/${await one(`select id from line_item where order_edit_id = '${await edit(order)}'`)}`, { quantity: 3 }),
        async (order) => asAdmin(`/admin/order-edits/${await edit(order)}/items`, { variant_id: shop.variants.shirt, quantity: 1 }),
        async (order) => asAdmin(`/admin/order-edits/${await edit(order)}/request`, {}),
        async (order) => must(shop.base(), "POST", `/store/payment-collections/${await collection(order)}/sessions`, { provider_id: "scripted" }),
        async (order) => {
          const session = await one(`select payment_session_id from payment_collection_sessions where payment_collection_id = '${await collection(order)}'`);
          await must(shop.base(), "POST", `/store/payment-collections/${await collection(order)}/sessions/${session}/authorize`);
        },
        async (order) => must(shop.base(), "POST", `/store/order-edits/${await edit(order)}/complete`),
        async (order) => asAdmin(`/admin/payments/${await one(`select payment_id from payment_collection_payments where payment_collection_id = '${await collection(order)}'`)}/capture`),
      ],
    },
    "draft": {
      prepare: async () => ({}),
      steps: [
        () => asAdmin("/admin/draft-orders", { email: "drafts@example.com", region_id: "reg_eu", items: [{ variant_id: shop.variants.mug, quantity: 2 }], shipping_methods: [{ option_id: shop.options.Standard }] }),
        async () => asAdmin(`/admin/draft-orders/${await shop.run().made("draft_order")}/pay`),
      ],
    },
  };
}
