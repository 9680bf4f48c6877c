// Stripe as its own client library sees it (API of 2022-11-15): customers, payment intents, refunds, and webhooks that it signs.
import { createHmac } from "node:crypto";
import { newId, openDouble, Refused } from "./double.mjs";

export const stripeKeys = { api: "sk_test_double", webhook: "whsec_double" };

export async function openStripe() {
  const customers = new Map(), intents = new Map(), refunds = [], answered = new Map();
  const refuse = (status, code, message, more = {}) => { throw new Refused(status, { error: { type: "invalid_request_error", code, message, ...more } }); };
  const intentOf = (id) => intents.get(id) ?? refuse(404, "resource_missing", `No such payment_intent: '${id}'`);
  const unexpected = (intent, what) => refuse(400, "payment_intent_unexpected_state", `This PaymentIntent could not be ${what} because it has a status of ${intent.status}.`, { payment_intent: intent });
  // One that comes again under its key is answered as it was.
  const once = (make) => (ask) => {
    const key = ask.headers["idempotency-key"];
    if (key && answered.has(key)) return answered.get(key);
    const made = make(ask);
    if (key) answered.set(key, structuredClone(made));
    return made;
  };

  const double = await openDouble({
    "POST /v1/customers": once(({ body }) => {
      const customer = { id: newId("cus"), object: "customer", email: body.email, metadata: {}, livemode: false };
      customers.set(customer.id, customer);
      return customer;
    }),
    "POST /v1/payment_intents": once(({ body }) => {
      const id = newId("pi");
      const intent = {
        id, object: "payment_intent", amount: Number(body.amount), amount_capturable: 0, amount_received: 0, currency: body.currency, customer: body.customer ?? null,
        client_secret: `${id}_secret`, status: "requires_payment_method", metadata: body.metadata ?? {}, capture_method: body.capture_method ?? "automatic",
        description: body.description ?? null, latest_charge: null, created: 1700000000, livemode: false, payment_method_types: ["card"],
      };
      intents.set(id, intent);
      return intent;
    }),
    "GET /v1/payment_intents/:id": ({ params, query }) => {
      const intent = intentOf(params.id);
      const charge = intent.latest_charge && { id: intent.latest_charge, object: "charge", outcome: { risk_score: 12, risk_level: "normal" } };
      return [...query.values()].includes("latest_charge") ? { ...intent, latest_charge: charge } : intent;
    },
    "POST /v1/payment_intents/:id": once(({ params, body }) => Object.assign(intentOf(params.id), body.amount ? { amount: Number(body.amount) } : {}, body.metadata ? { metadata: body.metadata } : {})),
    "POST /v1/payment_intents/:id/capture": once(({ params }) => {
      const intent = intentOf(params.id);
      if (intent.status !== "requires_capture") unexpected(intent, "captured");
      return Object.assign(intent, { status: "succeeded", amount_received: intent.amount, amount_capturable: 0 });
    }),
    "POST /v1/payment_intents/:id/cancel": once(({ params }) => {
      const intent = intentOf(params.id);
      if (["succeeded", "canceled"].includes(intent.status)) unexpected(intent, "canceled");
      return Object.assign(intent, { status: "canceled", amount_capturable: 0 });
    }),
    "POST /v1/refunds": once(({ body }) => {
      const intent = intentOf(body.payment_intent);
      const given = refunds.filter(({ payment_intent }) => payment_intent === intent.id).reduce((sum, { amount }) => sum + amount, 0);
      if (given + Number(body.amount) > intent.amount_received) refuse(400, "charge_already_refunded", "Refund amount is greater than charge amount");
      const refund = { id: newId("re"), object: "refund", amount: Number(body.amount), payment_intent: intent.id, status: "succeeded" };
      refunds.push(refund);
      return refund;
    }),
  }, { before: ({ headers }) => { if (headers.authorization !== `Bearer ${stripeKeys.api}`) refuse(401, "unauthorized", "Invalid API Key provided"); } });

  return {
    ...double, hosts: ["api.stripe.com"], intents, refunds, customers,
    // What the shopper does in Stripe's own fields.
    confirm(id) {
      const intent = intentOf(id);
      Object.assign(intent, intent.capture_method === "manual" ? { status: "requires_capture", amount_capturable: intent.amount } : { status: "succeeded", amount_received: intent.amount }, { latest_charge: newId("ch") });
    },
    // Stripe's message to a shop that something became of an intent; `secret` is what it is signed with.
    notify(base, type, id, { secret = stripeKeys.webhook, event = newId("evt") } = {}) {
      const payload = JSON.stringify({ id: event, object: "event", api_version: "2022-11-15", type, data: { object: intentOf(id) } });
      const at = Math.floor(Date.now() / 1000);
      const signature = createHmac("sha256", secret).update(`${at}.${payload}`).digest("hex");
      return fetch(`${base}/stripe/hooks`, { method: "POST", body: payload, headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${signature}` } });
    },
  };
}
