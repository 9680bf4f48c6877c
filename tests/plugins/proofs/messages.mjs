// What is told to somebody when something happens in the shop: mail, a channel, a collector of figures.
import assert from "node:assert/strict";
import { call, complete } from "../../lib/buying.mjs";

export async function sendgrid(shop, check) {
  const { mails } = shop.doubles.sendgrid;
  let order, notification;
  await check("SendGrid is given a mail with the order's figures", async () => {
    order = await shop.bought("mug", { quantity: 2, email: "mailed@example.com" });
    const [mail] = await shop.later("no mail was sent", () => { const found = mails.filter(({ personalizations }) => personalizations[0].to[0].email === "mailed@example.com"); return found.length && found; });
    assert.equal(mail.template_id, "d-placed");
    assert.equal(mail.from.email, "shop@stheno.test");
    const data = mail.personalizations[0].dynamic_template_data;
    assert.deepEqual([data.display_id, data.subtotal, data.shipping_total, data.total, data.email], [order.display_id, "16.00 EUR", "10.00 EUR", "26.00 EUR", "mailed@example.com"]);
    assert.deepEqual(data.items.map(({ title, quantity, price }) => [title, quantity, price]), [["Mug", 2, "8.00 EUR"]]);
  });
  await check("the mail stands among the notifications, and is sent again", async () => {
    const path = `/admin/notifications?resource_id=${order.id}`;
    [notification] = await shop.later("no notification was kept", async () => { const { body } = await call(shop.base, "GET", path, undefined, shop.user); return body.notifications?.length && body.notifications; }); // 409 while it is being written
    assert.deepEqual([notification.event_name, notification.to, notification.provider_id], ["order.placed", "mailed@example.com", "sendgrid"]);
    const before = mails.length;
    const answer = await shop.asAdmin("POST", `/admin/notifications/${notification.id}/resend`, { to: "again@example.com" });
    assert.deepEqual([mails.length, mails.at(-1).personalizations[0].to[0].email], [before + 1, "again@example.com"]);
    assert.equal(answer.notification.resends?.length ?? 1, 1);
  });
  await check("each order is mailed once", async () => {
    const cart = await shop.payable("mug", { email: "once@example.com" });
    await Promise.all([complete(shop.base, cart, { "idempotency-key": "once-and-only-once" }), complete(shop.base, cart, { "idempotency-key": "once-and-only-once" })]);
    const to = () => mails.filter(({ personalizations }) => personalizations[0].to[0].email === "once@example.com").length;
    await shop.later("no mail was sent", () => to() > 0);
    await shop.bought("mug", { email: "after@example.com" });
    await shop.later("no mail was sent", () => mails.some(({ personalizations }) => personalizations[0].to[0].email === "after@example.com"));
    assert.equal(to(), 1);
  });
  await check("a forgotten password is mailed with its token", async () => {
    const email = "forgetful@example.com";
    await shop.ask("POST", "/store/customers", { email, password: "gorgon1", first_name: "For", last_name: "Getful" });
    const answer = await fetch(`${shop.base}/store/customers/password-token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email }) });
    assert.equal(answer.status, 204);
    const mail = await shop.later("no mail was sent", () => mails.find(({ personalizations, template_id }) => template_id === "d-reset" && personalizations[0].to[0].email === email));
    const { token } = mail.personalizations[0].dynamic_template_data;
    const { customer } = await shop.ask("POST", "/store/customers/password-reset", { email, password: "gorgon2", token });
    assert.equal(customer.email, email);
  });
}

export async function slack(shop, check) {
  await check("Slack's channel hears of an order", async () => {
    const order = await shop.bought("shirt", { email: "channel@example.com" });
    const message = await shop.later("nothing was posted", () => shop.doubles.slack.messages.find(({ text }) => text === `Order ${order.display_id} was processed`));
    const text = JSON.stringify(message.blocks);
    assert.ok(text.includes("channel@example.com") && text.includes("*Total*\\t29.50 EUR") && text.includes(`https://shop.test/orders/${order.id}`), text);
  });
}

export async function segment(shop, check) {
  await check("Segment is told of a completed order", async () => {
    const order = await shop.bought("mug", { email: "counted@example.com" });
    const call = await shop.later("nothing was told", () => shop.doubles.segment.calls.find(({ event, properties }) => event === "Order Completed" && properties.order_id === order.id));
    assert.deepEqual([call.properties.total, call.properties.shipping, call.properties.currency, call.properties.products.length], [18, 10, "EUR", 1]);
  });
}

export async function resend(shop, check) {
  const { mails } = shop.doubles.resend;
  await check("Resend is given a mail made of the shop's own template", async () => {
    const order = await shop.bought("mug", { email: "mailed@example.com" });
    const mail = await shop.later("no mail was sent", () => mails.find(({ to }) => [to].flat()[0] === "mailed@example.com"));
    assert.deepEqual([mail.subject, mail.html.trim()], [`Your order ${order.display_id}`, "<p>Thank you, mailed@example.com: 18.00 EUR for 1 items.</p>"]);
    await shop.later("no notification was kept", async () => (await shop.asAdmin("GET", `/admin/notifications?resource_id=${order.id}`)).notifications.some(({ provider_id }) => provider_id === "resend"));
  });
}
