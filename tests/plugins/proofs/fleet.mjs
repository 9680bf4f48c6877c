// The real Medusa and this server beside each other, with the same plugins, on one database and one Redis: a shop that is being switched.
import assert from "node:assert/strict";
import { call } from "../../lib/buying.mjs";
import { admin } from "../../lib/servers.mjs";
import { openShop } from "../shops.mjs";

export async function fleet(check) {
  let ours, real;
  await check("fleet: both open on one database and one Redis", async () => {
    ours = await openShop("stheno", "first");
    real = await ours.beside("medusa");
  });
  if (!real) return;
  const { sendgrid, slack, meilisearch } = ours.doubles;
  await check("fleet: orders of both are mailed and told once each, whoever takes them out of the queue", async () => {
    const orders = [];
    for (const server of [ours, real, ours, real, ours]) orders.push(await server.bought("mug", { email: `fleet-${orders.length}@example.com` }));
    const mailed = (email) => sendgrid.mails.filter(({ personalizations }) => personalizations[0].to[0].email === email).length;
    const told = (display) => slack.messages.filter(({ text }) => text === `Order ${display} was processed`).length;
    await ours.later("not all were mailed", () => orders.every(({ email, display_id }) => mailed(email) && told(display_id)));
    await ours.settled();
    assert.deepEqual(orders.map(({ email, display_id }) => [mailed(email), told(display_id)]), orders.map(() => [1, 1]));
    assert.deepEqual(orders.map(({ display_id }) => display_id), [1, 2, 3, 4, 5]);
  });
  await check("fleet: a session begun at one holds at the other's plugins", async () => {
    const secure = { "x-forwarded-proto": "https" };
    for (const [from, to] of [[ours, real], [real, ours]]) {
      const login = await call(from.base, "POST", "/admin/auth", admin, secure);
      const cookie = login.headers["set-cookie"].map((text) => text.split(";")[0]).join("; ");
      assert.equal((await call(to.base, "GET", "/admin/orders-analytics/count", undefined, { ...secure, cookie })).status, 200);
    }
  });
  await check("fleet: what one changes the other's plugins know", async () => {
    const { product } = await real.asAdmin("POST", "/admin/products", { title: "Lekythos", status: "published" });
    await ours.later("not found", async () => (await ours.ask("POST", "/store/products/search", { q: "lekythos" })).hits.length === 1);
    await ours.asAdmin("DELETE", `/admin/products/${product.id}`);
    await real.later("still found", () => ![...meilisearch.indexes.get("products").documents.values()].some(({ title }) => title === "Lekythos"));
  });
  await ours.close();
}
