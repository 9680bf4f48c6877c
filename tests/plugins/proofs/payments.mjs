// Payment providers: from the session to a captured order of which a part was given back, and the providers' own messages.
import assert from "node:assert/strict";
import { complete } from "../../lib/buying.mjs";

// A cart whose session with `provider` is chosen: { cart, session }.
async function cartWith(shop, provider, options) {
  const { regions } = await shop.asAdmin("GET", "/admin/regions");
  if (!regions.find(({ id }) => id === "reg_eu").payment_providers.some(({ id }) => id === provider)) await shop.asAdmin("POST", "/admin/regions/reg_eu/payment-providers", { provider_id: provider });
  const { cart } = await shop.ask("GET", `/store/carts/${await shop.payable("mug", { provider, ...options })}`);
  assert.equal(cart.payment_session.provider_id, provider);
  return { cart, session: cart.payment_session };
}
async function ordered(shop, cart) {
  const answer = await complete(shop.base, cart.id);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.type, "order", answer.text);
  return answer.body.data;
}
const orderOf = async (shop, id) => (await shop.asAdmin("GET", `/admin/orders/${id}`)).order;
const orderOfCart = async (shop, cart) => (await shop.rows(`select id from "order" where cart_id = '${cart.id}'`))[0]?.[0];

export async function stripe(shop, check) {
  const { stripe: bank } = shop.doubles;
  let order, intent;
  await check("a Stripe session is an intent over the cart's total, and follows the cart", async () => {
    const { cart, session } = await cartWith(shop, "stripe", { quantity: 2 });
    intent = bank.intents.get(session.data.id);
    assert.deepEqual([intent.amount, intent.currency, intent.metadata.resource_id, intent.capture_method], [cart.total, "eur", cart.id, "manual"]);
    assert.equal(session.data.client_secret, intent.client_secret);
    assert.equal(bank.customers.get(intent.customer).email, "buyer@example.com");
    const { cart: changed } = await shop.ask("POST", `/store/carts/${cart.id}/line-items/${cart.items[0].id}`, { quantity: 3 });
    assert.equal(changed.payment_session.data.id, intent.id);
    assert.notEqual(changed.total, cart.total);
    assert.equal(intent.amount, changed.total);
    const early = await complete(shop.base, cart.id);
    assert.notEqual(early.body.type, "order", "nobody has paid yet");
    bank.confirm(intent.id);
    order = await ordered(shop, cart);
    assert.deepEqual([order.total, order.payment_status], [changed.total, "awaiting"]);
    assert.equal((await orderOf(shop, order.id)).payments[0].data.id, intent.id);
  });
  await check("Stripe's message without its signature is refused", async () => {
    const answer = await bank.notify(shop.base, "payment_intent.amount_capturable_updated", intent.id, { secret: "whsec_other" });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /^Webhook Error/);
  });
  await check("capture and a part given back reach Stripe once", async () => {
    const { order: captured } = await shop.asAdmin("POST", `/admin/orders/${order.id}/capture`);
    assert.deepEqual([captured.payment_status, intent.status, intent.amount_received], ["captured", "succeeded", order.total]);
    const { order: refunded } = await shop.asAdmin("POST", `/admin/orders/${order.id}/refund`, { amount: 1500, reason: "other", note: "a chip" });
    assert.deepEqual([refunded.refunded_total, refunded.payment_status], [1500, "partially_refunded"]);
    assert.deepEqual(bank.refunds.map(({ amount, payment_intent }) => [amount, payment_intent]), [[1500, intent.id]]);
    const customer = (await shop.asAdmin("GET", `/admin/customers/${order.customer_id}`)).customer;
    assert.equal(customer.metadata?.stripe_id, intent.customer);
  });
  await check("a refund that Stripe refuses is not kept", async () => {
    intent.amount_received = 1500; // as after a dispute that the shop has not heard of
    const answer = await fetch(`${shop.base}/admin/orders/${order.id}/refund`, { method: "POST", headers: { ...shop.user, "content-type": "application/json" }, body: JSON.stringify({ amount: 1000, reason: "other" }) });
    assert.notEqual(answer.status, 200);
    assert.equal((await orderOf(shop, order.id)).refunded_total, 1500);
    assert.equal(bank.refunds.length, 1);
  });
  await check("Stripe's own page of an order shows what Stripe thinks of it", async () => {
    const answer = await shop.asAdmin("GET", `/admin/orders/stripe-payments/${order.id}`);
    assert.deepEqual(answer.payments.map(({ id, amount, risk_score, type }) => ({ id, amount, risk_score, type })), [{ id: intent.id, amount: order.total, risk_score: 12, type: "order" }]);
  });
  await check("a shopper who never comes back has an order by Stripe's delayed message, captured by the next", async () => {
    const { cart, session } = await cartWith(shop, "stripe", { email: "gone@example.com" });
    bank.confirm(session.data.id);
    const answer = await bank.notify(shop.base, "payment_intent.amount_capturable_updated", session.data.id);
    assert.equal(answer.status, 200, await answer.text());
    assert.equal(await orderOfCart(shop, cart), undefined, "the plugin waits before it looks");
    const id = await shop.later("no order by the message", () => orderOfCart(shop, cart));
    assert.equal((await orderOf(shop, id)).payment_status, "awaiting");
    // The owner captures in Stripe's dashboard.
    Object.assign(bank.intents.get(session.data.id), { status: "succeeded", amount_received: cart.total, amount_capturable: 0 });
    await bank.notify(shop.base, "payment_intent.succeeded", session.data.id);
    await shop.later("not captured by the message", async () => (await orderOf(shop, id)).payment_status === "captured");
    // A message that comes twice changes nothing.
    await bank.notify(shop.base, "payment_intent.succeeded", session.data.id);
    assert.equal((await shop.rows(`select count(*) from "order" where cart_id = '${cart.id}'`))[0][0], "1");
  });
  await check("a session that the shopper gives up is canceled at Stripe", async () => {
    const { cart, session } = await cartWith(shop, "stripe");
    await shop.ask("DELETE", `/store/carts/${cart.id}/payment-sessions/stripe`);
    assert.equal(bank.intents.get(session.data.id).status, "canceled");
  });
}

export async function paypal(shop, check) {
  const { paypal: bank } = shop.doubles;
  let order, session, authorization;
  await check("a PayPal session is an order over the cart's total, which the shopper approves", async () => {
    const started = await cartWith(shop, "paypal", { quantity: 2 });
    session = started.session;
    assert.deepEqual(bank.orders.get(session.data.id).purchase_units[0].amount, { currency_code: "EUR", value: (started.cart.total / 100).toFixed(2) });
    authorization = bank.approve(session.data.id);
    order = await ordered(shop, started.cart);
    assert.equal(order.total, started.cart.total);
  });
  await check("capture and a part given back reach PayPal once", async () => {
    const { order: captured } = await shop.asAdmin("POST", `/admin/orders/${order.id}/capture`);
    assert.equal(captured.payment_status, "captured");
    assert.deepEqual([bank.authorizations.get(authorization).status, bank.captures.size], ["CAPTURED", 1]);
    const { order: refunded } = await shop.asAdmin("POST", `/admin/orders/${order.id}/refund`, { amount: 1050, reason: "other" });
    assert.deepEqual([refunded.refunded_total, bank.refunds.map(({ amount }) => amount)], [1050, [{ currency_code: "EUR", value: "10.50" }]]);
  });
  await check("PayPal's message makes the order of a shopper who never comes back, and one that is not PayPal's doesn't", async () => {
    const { cart, session: other } = await cartWith(shop, "paypal", { email: "gone@example.com" });
    const approved = bank.approve(other.data.id);
    assert.equal((await bank.notify(shop.base, approved, { genuine: false })).status, 401);
    assert.equal(await orderOfCart(shop, cart), undefined);
    const answer = await bank.notify(shop.base, approved);
    assert.equal(answer.status, 200, await answer.text());
    assert.ok(await orderOfCart(shop, cart));
  });
}

export async function paystack(shop, check) {
  const { paystack: bank } = shop.doubles;
  await check("a Paystack transaction is verified when the cart is completed, and a part given back", async () => {
    const { cart, session } = await cartWith(shop, "paystack");
    const transaction = bank.transactions.get(session.data.paystackTxRef);
    assert.deepEqual([transaction.amount, transaction.currency, transaction.metadata.cart_id], [cart.total, "EUR", cart.id]);
    assert.notEqual((await complete(shop.base, cart.id)).body.type, "order");
    bank.pay(transaction.reference);
    const order = await ordered(shop, cart);
    await shop.later("not captured", async () => (await orderOf(shop, order.id)).payment_status === "captured"); // by the plugin's subscriber
    await shop.asAdmin("POST", `/admin/orders/${order.id}/refund`, { amount: 500, reason: "other" });
    assert.deepEqual(bank.refunds.map(({ amount, transaction: id }) => [amount, id]), [[500, transaction.id]]);
  });
  await check("Paystack's message makes the order after the plugin's own five seconds", async () => {
    const { cart, session } = await cartWith(shop, "paystack", { email: "gone@example.com" });
    const reference = session.data.paystackTxRef;
    bank.pay(reference);
    assert.equal((await bank.notify(shop.base, reference, { secret: "other" })).status, 400);
    const began = performance.now();
    assert.equal((await bank.notify(shop.base, reference)).status, 200);
    await shop.later("no order by the message", () => orderOfCart(shop, cart));
    assert.ok(performance.now() - began >= 4900, "the plugin asked for a delay");
  });
}
