// Payment providers as 1.20's PaymentProviderService speaks to them: AbstractPaymentProcessor, and the older AbstractPaymentService
// (`legacy`), which gets a transaction and whole entities.
"use strict";

const { EOL } = require("node:os");

const is_error = (answer) => Boolean(answer) && typeof answer === "object" && "error" in answer;
// Medusa 1.20: PaymentProviderService.throwFromPaymentProcessorError
function unless_error(answer) {
  if (!is_error(answer)) return answer;
  throw Object.assign(new Error(`${answer.error}${answer.detail ? `:${EOL}${answer.detail}` : ""}`), { type: "invalid_data", code: answer.code });
}

const is_processor = (provider, { medusa }) => provider instanceof medusa("./dist/interfaces").AbstractPaymentProcessor;
// Runs `step` of an older service in a transaction of its own.
const legacy = (provider, { container }, step) =>
  (typeof provider.withTransaction === "function" ? container.resolve("manager").transaction((manager) => step(provider.withTransaction(manager))) : step(provider));

// The cart as it was last committed, with what the server knows better.
async function whole_context(given, { container }) {
  const { resource_id, amount, currency_code, email, customer, billing_address, context } = given;
  const relations = [
    "items.variant.product.profiles", "items.adjustments", "discounts", "discounts.rule", "gift_cards", "shipping_methods", "shipping_methods.shipping_option",
    "billing_address", "shipping_address", "region", "region.tax_rates", "region.payment_providers", "payment_sessions", "customer",
  ];
  const stored = await container.resolve("cartService").retrieveWithTotals(resource_id, { relations }, { force_taxes: true }).catch(() => undefined);
  const cart = { ...(stored ?? { id: "", shipping_methods: [], shipping_address: null }), email: email ?? "", customer, billing_address, context: context ?? {}, total: amount };
  return Object.assign({ cart, amount, currency_code, resource_id }, cart);
}

const short_context = ({ amount, context, currency_code, customer, email, billing_address, resource_id }, data) => ({
  amount, context: context ?? {}, currency_code, customer: customer ?? undefined, email: email ?? undefined, billing_address, resource_id, paymentSessionData: data,
});

// A provider that answers with `update_requests` has the customer changed. The server then asks once more, as it begins its
// transaction anew and finds another customer: that ask gets the answer that is there, so that nothing is begun twice.
const answer_is_good_for = 60_000; // milliseconds
function question_of(provider, method, given) {
  const of = given.context && given.data !== undefined ? given.context : given;
  const { metadata, updated_at, ...customer } = of.customer ?? {};
  return JSON.stringify([provider.constructor.identifier, method, { ...of, customer, data: given.data }]);
}
async function ask_once(provider, method, given, asked, ask) {
  const question = question_of(provider, method, given);
  const now = Date.now();
  for (const [key, { until }] of asked.remembered) if (until < now) asked.remembered.delete(key);
  const known = asked.remembered.get(question);
  if (known) {
    asked.remembered.delete(question);
    return known.data;
  }
  const answer = await ask();
  const data = answer?.session_data ?? answer;
  const customer = (given.context?.customer ?? given.customer)?.id;
  const metadata = answer?.update_requests?.customer_metadata;
  if (data && metadata && customer) {
    await asked.container.resolve("customerService").update(customer, { metadata });
    asked.remembered.set(question, { data, until: now + answer_is_good_for });
  }
  return data || undefined;
}

// Rows that older services get whole; what isn't committed yet is what the server tells of it.
const stored_payment = async ({ id, data, ...facts }, { container }) =>
  Object.assign((await container.resolve("paymentProviderService").retrievePayment(id).catch(() => undefined)) ?? { id, ...facts }, { data });
const stored_session = async ({ session_id, data, amount }, provider, { container }) =>
  Object.assign((await container.resolve("paymentProviderService").retrieveSession(session_id).catch(() => undefined)) ?? { id: session_id, amount, provider_id: provider.constructor.identifier }, { data });

const payment_methods = {
  create_session: (provider, given, asked) => ask_once(provider, "create_session", given, asked, async () => (is_processor(provider, asked)
    ? unless_error(await provider.initiatePayment(short_context(given, {})))
    : legacy(provider, asked, async (of) => of.createPayment(await whole_context(given, asked))))),

  update_session: (provider, given, asked) => ask_once(provider, "update_session", given, asked, async () => (is_processor(provider, asked)
    ? unless_error(await provider.updatePayment(short_context(given.context, given.data)))
    : legacy(provider, asked, async (of) => of.updatePayment(given.data, await whole_context(given.context, asked))))),

  update_session_data: async (provider, { data, update, session_id }, asked) => (is_processor(provider, asked)
    ? unless_error(await provider.updatePaymentData(session_id, update))
    : legacy(provider, asked, (of) => of.updatePaymentData(data, update))),

  async delete_session(provider, { data, session_id }, asked) {
    if (is_processor(provider, asked)) unless_error(await provider.deletePayment(data));
    else await legacy(provider, asked, async (of) => of.deletePayment(await stored_session({ session_id, data }, provider, asked)));
    return {};
  },

  async authorize(provider, given, asked) {
    const { status, data } = is_processor(provider, asked)
      ? unless_error(await provider.authorizePayment(given.data, given.context))
      : await legacy(provider, asked, async (of) => of.authorizePayment(await stored_session(given, provider, asked), given.context));
    return { status, data };
  },

  payment_data: async (provider, { data, session_id }, asked) => (is_processor(provider, asked)
    ? unless_error(await provider.retrievePayment(data))
    : legacy(provider, asked, async (of) => of.getPaymentData(await stored_session({ session_id, data }, provider, asked)))),

  status: async (provider, { data }, asked) => (is_processor(provider, asked) ? provider.getPaymentStatus(data) : legacy(provider, asked, (of) => of.getStatus(data))),

  capture: async (provider, payment, asked) => ({
    data: is_processor(provider, asked)
      ? unless_error(await provider.capturePayment(payment.data))
      : await legacy(provider, asked, async (of) => of.capturePayment(await stored_payment(payment, asked))),
  }),

  refund: async (provider, { payment, refund }, asked) => ({
    data: is_processor(provider, asked)
      ? unless_error(await provider.refundPayment(payment.data, refund.amount))
      : await legacy(provider, asked, async (of) => of.refundPayment(await stored_payment(payment, asked), refund.amount)),
  }),

  // A processor's answer is not kept: the payment has the data that it had.
  async cancel(provider, payment, asked) {
    if (!is_processor(provider, asked)) return { data: await legacy(provider, asked, async (of) => of.cancelPayment(await stored_payment(payment, asked))) };
    unless_error(await provider.cancelPayment(payment.data));
    return { data: payment.data };
  },

  // Processors of 1.20 need not have it, and the route fails there for all customers then.
  saved_methods: async (provider, { customer }) => (typeof provider.retrieveSavedMethods === "function" ? provider.retrieveSavedMethods(customer) : []),
};

module.exports = { payment_methods, unless_error };
