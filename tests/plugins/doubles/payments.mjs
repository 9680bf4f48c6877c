// PayPal (orders, version 2) and Paystack as their plugins see them.
import { createHmac } from "node:crypto";
import { newId, openDouble, raw, Refused } from "./double.mjs";

export const paymentKeys = { paypal: { id: "paypal-client", secret: "paypal-double" }, paystack: "sk_test_paystack" };
const missing = (name) => { throw new Refused(404, { name, message: "The specified resource does not exist." }); };

export async function openPaypal() {
  const orders = new Map(), authorizations = new Map(), captures = new Map(), refunds = [];
  const token = "paypal-token";
  let verifies = true;
  const double = await openDouble({
    "POST /v1/oauth2/token": ({ headers }) => {
      if (headers.authorization !== `Basic ${Buffer.from(`${paymentKeys.paypal.id}:${paymentKeys.paypal.secret}`).toString("base64")}`) throw new Refused(401, { error: "invalid_client" });
      return { access_token: token, token_type: "Bearer", expires_in: 32400 };
    },
    "POST /v2/checkout/orders": ({ body }) => {
      const order = { id: newId("ORDER"), status: "CREATED", intent: body.intent, purchase_units: body.purchase_units.map((unit) => ({ reference_id: "default", ...unit })) };
      orders.set(order.id, order);
      return order;
    },
    "GET /v2/checkout/orders/:id": ({ params }) => orders.get(params.id) ?? missing("RESOURCE_NOT_FOUND"),
    "PATCH /v2/checkout/orders/:id": ({ params, body }) => {
      const order = orders.get(params.id) ?? missing("RESOURCE_NOT_FOUND");
      for (const { value } of body) order.purchase_units[0].amount = value.amount;
      return raw({ status: 204 });
    },
    "POST /v2/payments/authorizations/:id": ({ params }) => authorizations.get(params.id) ?? missing("RESOURCE_NOT_FOUND"),
    "POST /v2/payments/authorizations/:id/capture": ({ params }) => {
      const authorization = authorizations.get(params.id) ?? missing("RESOURCE_NOT_FOUND");
      if (authorization.status !== "CREATED") throw new Refused(422, { name: "UNPROCESSABLE_ENTITY", message: `The authorization is ${authorization.status}.` });
      authorization.status = "CAPTURED";
      const capture = { id: newId("CAPTURE"), status: "COMPLETED", amount: authorization.amount };
      captures.set(capture.id, capture);
      orders.get(authorization.order).purchase_units[0].payments.captures = [capture];
      return capture;
    },
    "POST /v2/payments/authorizations/:id/void": ({ params }) => {
      const authorization = authorizations.get(params.id) ?? missing("RESOURCE_NOT_FOUND");
      authorization.status = "VOIDED";
      orders.get(authorization.order).status = "VOIDED";
      return raw({ status: 204 });
    },
    "POST /v2/payments/captures/:id/refund": ({ params, body }) => {
      const capture = captures.get(params.id) ?? missing("RESOURCE_NOT_FOUND");
      const refund = { id: newId("REFUND"), status: "COMPLETED", amount: body?.amount ?? capture.amount, capture: capture.id };
      refunds.push(refund);
      return refund;
    },
    "POST /v1/notifications/verify-webhook-signature": () => {
      if (!verifies) throw new Refused(400, { name: "VALIDATION_ERROR", message: "Invalid request" });
      return { verification_status: "SUCCESS" };
    },
  }, { before: ({ path, headers }) => { if (path !== "/v1/oauth2/token" && headers.authorization !== `Bearer ${token}`) throw new Refused(401, { error: "invalid_token" }); } });
  return {
    ...double, hosts: ["api-m.sandbox.paypal.com"], orders, authorizations, captures, refunds,
    // What the shopper does at PayPal.
    approve(id) {
      const order = orders.get(id);
      const authorization = { id: newId("AUTH"), status: "CREATED", order: id, amount: order.purchase_units[0].amount, links: [{ rel: "up", href: `https://api-m.sandbox.paypal.com/v2/checkout/orders/${id}` }] };
      authorizations.set(authorization.id, authorization);
      order.purchase_units[0].payments = { authorizations: [authorization] };
      order.status = "COMPLETED";
      return authorization.id;
    },
    notify(base, authorization, { genuine = true } = {}) {
      verifies = genuine;
      return fetch(`${base}/paypal/hooks`, { method: "POST", headers: { "content-type": "application/json", "paypal-transmission-id": "t-1", "paypal-transmission-sig": "sig" }, body: JSON.stringify({ event_type: "PAYMENT.AUTHORIZATION.CREATED", resource: { id: authorization } }) });
    },
  };
}

export async function openPaystack() {
  const transactions = new Map(), refunds = [];
  const answer = (data, message = "ok") => ({ status: true, message, data });
  const found = (match) => [...transactions.values()].find(match) ?? (() => { throw new Refused(404, { status: false, message: "Transaction not found" }); })();
  let ids = 1000;
  const double = await openDouble({
    "POST /transaction/initialize": ({ body }) => {
      const reference = newId("ref");
      transactions.set(reference, { id: ++ids, reference, status: "abandoned", amount: Number(body.amount), currency: body.currency, metadata: typeof body.metadata === "string" ? JSON.parse(body.metadata) : body.metadata, customer: { email: body.email } });
      return answer({ authorization_url: `https://checkout.paystack.com/${reference}`, access_code: reference, reference });
    },
    "GET /transaction/verify/:reference": ({ params }) => answer(found(({ reference }) => reference === params.reference)),
    "GET /transaction/:id": ({ params }) => answer(found(({ id }) => id === Number(params.id))),
    "POST /refund": ({ body }) => {
      const transaction = found(({ id }) => id === Number(body.transaction));
      const refund = { id: ++ids, transaction: transaction.id, amount: Number(body.amount), status: "processed" };
      refunds.push(refund);
      return answer(refund);
    },
  }, { before: ({ headers }) => { if (headers.authorization !== `Bearer ${paymentKeys.paystack}`) throw new Refused(401, { status: false, message: "Invalid key" }); } });
  return {
    ...double, hosts: ["api.paystack.co"], transactions, refunds,
    pay(reference) { transactions.get(reference).status = "success"; },
    notify(base, reference, { secret = paymentKeys.paystack } = {}) {
      const body = JSON.stringify({ event: "charge.success", data: transactions.get(reference) });
      return fetch(`${base}/paystack/hooks`, { method: "POST", body, headers: { "content-type": "application/json", "x-paystack-signature": createHmac("sha512", secret).update(body).digest("hex") } });
    },
  };
}
