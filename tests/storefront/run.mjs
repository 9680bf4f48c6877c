#!/usr/bin/env node
// What stands at the root of the site: the small page, a storefront that STHENO_STOREFRONT names, and the demo's storefront, with which
// a shopper buys in a real browser.
//   node tests/storefront/run.mjs
//   STHENO_CHROMIUM, STHENO_PICTURES   the browser, and a folder for what the page looked like after each step
import assert from "node:assert/strict";
import { join } from "node:path";
import { openPage } from "../lib/chromium.mjs";
import { command, folderWith, refuses, serves, started } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { root } from "../lib/servers.mjs";
import { send } from "../lib/script.mjs";
import { sql } from "../lib/services.mjs";
import { copy, dropAll } from "../lib/shop.mjs";

help(import.meta.url);
const demo = join(root, "demo");
const database = await copy("template0");
const config = { projectConfig: { database_url: database }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"], featureFlags: { product_categories: true } };
const folder = folderWith(config, { "shop/index.html": "<h1>Ours</h1>", "shop/look.css": "h1 { color: green }", "shop/.hidden": "no" });
const seeded = await command(folder, ["seed", "-f", join(demo, "seed.json")]);
assert.equal(seeded.code, 0, seeded.output);

const browserAccepts = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
await check("without a storefront the root says what this is and where things are, to people and to programs", () => serves(undefined, { folder }, async ({ base }) => {
  const page = await send(base, { method: "GET", path: "/", headers: { accept: browserAccepts } });
  assert.deepEqual([page.status, page.headers["content-type"], page.headers.vary], [200, "text/html; charset=utf-8", "Accept"]);
  const json = await send(base, { method: "GET", path: "/" });
  assert.deepEqual([json.status, json.headers["content-type"]], [200, "application/json; charset=utf-8"]);
  const places = JSON.parse(json.text);
  assert.deepEqual(Object.keys(places), ["name", "version", "serves", "store", "admin", "openapi", "health"]); // no dashboard here
  // What the page names is there.
  const links = [...page.text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link);
  assert.ok(links.length >= 4);
  for (const link of links) assert.ok([200, 401].includes((await send(base, { method: "GET", path: link })).status), link);
  for (const [method, path] of [["POST", "/"], ["GET", "/index.html"], ["GET", "//"]]) assert.equal((await send(base, { method, path })).status, 404, `${method} ${path}`);
}));
await check("a folder that STHENO_STOREFRONT names is shown at the root, and takes nothing of the API", () => serves(undefined, { folder, environment: { STHENO_STOREFRONT: "shop" } }, async ({ base }) => {
  const get = (path) => send(base, { method: "GET", path });
  const page = await get("/");
  assert.deepEqual([page.status, page.text, page.headers["content-type"], page.headers["cache-control"]], [200, "<h1>Ours</h1>", "text/html; charset=utf-8", "no-cache"]);
  assert.equal((await get("/look.css")).headers["content-type"], "text/css; charset=UTF-8");
  for (const path of ["/.hidden", "/none.css", "/nonsense", "/../medusa-config.js"]) assert.equal((await get(path)).status, 404, path);
  assert.equal((await get("/health")).text, "OK");
  assert.equal((await get("/store/products")).status, 200);
  assert.equal((await get("/openapi.json")).status, 200);
}));
await check("a folder without a page ends the start with its name", async () => {
  assert.match(await refuses(undefined, { folder, environment: { STHENO_STOREFRONT: "nowhere" } }), /error: STHENO_STOREFRONT names .*nowhere, which has no index\.html/);
});

const running = await started(undefined, { folder, environment: { STHENO_STOREFRONT: join(demo, "storefront") } });
const browser = await openPage("the demo's storefront", running.base, { viewport: { width: 1280, height: 900 } });
const { page, watched, picture } = browser;
const button = (name) => page.getByRole("button", { name, exact: true });
const step = (name, body) => check(name, async () => {
  watched.take();
  try {
    await body();
    await watched.quiet();
  } finally { await picture(name); }
  assert.deepEqual(watched.take().wrong, []);
});

await step("the catalogue is shown with prices", async () => {
  await page.goto(`${running.base}/`);
  await page.getByRole("heading", { name: "Everything we have" }).waitFor();
  assert.equal(await page.locator("a.card").count(), 5);
  await page.getByText("from €49.00").waitFor();
});
await step("a variant is chosen by its options", async () => {
  await page.getByText("Serpentine Shirt").click();
  await button("Add to cart").waitFor();
  await button("L").click();
  assert.equal(await button("L").getAttribute("aria-pressed"), "true");
});
await step("it lies in the cart, which another mug joins", async () => {
  await button("Add to cart").click();
  await page.getByRole("heading", { name: "Your cart" }).waitFor();
  await page.getByText("L / Green").waitFor();
  await page.goto(`${running.base}/#/products/unbreakable-mug`);
  await button("Add to cart").click();
  await page.getByText("Unbreakable Mug").waitFor();
  await button("+").last().click();
  await page.getByText("Cart (3)").waitFor();
  assert.equal(await page.locator("#total").innerText(), "€85.00");
});
await step("a cart outlives a visit", async () => {
  await page.reload();
  await page.getByText("Cart (3)").waitFor();
});
await step("address, way and payment are given", async () => {
  await button("To the checkout").click();
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  for (const [name, value] of Object.entries({ email: "euryale@example.com", first_name: "Euryale", last_name: "Ceto", address_1: "Cisthene 1", postal_code: "10115", city: "Berlin" })) await page.locator(`input[name="${name}"]`).fill(value);
  await page.getByText("Express").click();
  await page.getByText("€99.00").waitFor();
});
await step("the order is placed and confirmed", async () => {
  await button("Place the order").click();
  await page.getByRole("heading", { name: "Thank you, Euryale" }).waitFor();
  assert.equal(await page.locator("#order-number").innerText(), "#1");
  assert.equal(await page.locator("#total").innerText(), "€99.00");
  const [[email, items, method, status]] = await sql(database, `select o.email, (select string_agg(title || ' x' || quantity, ', ' order by title) from line_item where order_id = o.id),
    (select string_agg(s.name, ' ') from shipping_method m join shipping_option s on s.id = m.shipping_option_id where m.order_id = o.id), payment_status from "order" o`);
  assert.deepEqual([email, items, method, status], ["euryale@example.com", "Serpentine Shirt x1, Unbreakable Mug x2", "Express", "awaiting"]);
});
await step("the page of an order outlives a visit, and the cart is empty", async () => {
  await page.reload();
  await page.getByRole("heading", { name: "Thank you, Euryale" }).waitFor();
  await page.getByText("Cart", { exact: true }).click();
  await page.getByRole("heading", { name: "Your cart is empty" }).waitFor();
});
await step("another country has other prices", async () => {
  await page.goto(`${running.base}/#/products/unbreakable-mug`);
  await page.locator("#country").selectOption("us");
  await page.getByText(/\$2\d\.\d\d/).waitFor(); // with its taxes
});
await browser.stop();
await running.stop();
await dropAll();
finish();
