#!/usr/bin/env node
// The order's page of the dashboard can do all that it offers: an admin clicks in a real browser, the page shows what came of it, the
// database says the same, and no answer is an error.
//   node tests/dashboard/run.mjs [--medusa] [CHECK]     --medusa asks the real server; CHECK is a part of a check's name
//   STHENO_CHROMIUM, STHENO_DASHBOARD   the browser, and the folder of a built dashboard
//   STHENO_PICTURES                     a folder for what the page looked like after each check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { complete, must } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { finish } from "../lib/report.mjs";
import { openDashboard } from "./browser.mjs";
import { checksOf, handOf, orderOf } from "./clicks.mjs";

help(import.meta.url);
const server = process.argv.includes("--medusa") ? "medusa" : "stheno";
const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const shop = await openDashboard("dashboard", { server });
const { page, one } = shop;
const hand = handOf(shop);
const { dialog, button, card, timeline } = hand;
const checks = checksOf(shop, part);

// Without the inventory modules the dashboard asks for the inventory of variants all the same, and the real server answers 500.
const clicks = (name, body) => checks(name, body, /^GET \/admin\/variants\/[^/]+\/inventory -> (400|500)$/);
const order = (how) => orderOf(shop, how);

await clicks("an order is captured, packed and shipped", async () => {
  const { id } = await order({ captured: false, sent: false });
  await button("Capture payment").click();
  await hand.told("Successfully captured payment");
  await hand.sees("Paid", card("Payment"));
  assert.equal(await one(`select count(*) from payment where order_id = '${id}' and captured_at is not null`), "1");
  await button("Create Fulfillment").click();
  await button("Create fulfillment").click();
  await hand.told("Successfully fulfilled order");
  await hand.menu(card("Fulfillment"), "Mark Shipped");
  await dialog().getByPlaceholder("Tracking number...").fill("TRACK-1");
  await button("Complete", dialog()).click();
  await hand.told("Successfully marked order as shipped");
  await hand.sees("Shipped", card("Fulfillment"));
  assert.equal(await one(`select string_agg(tracking_number, ' ') from tracking_link l join fulfillment f on f.id = l.fulfillment_id where f.order_id = '${id}'`), "TRACK-1");
  await hand.sees("Items Shipped", timeline());
});

await clicks("a parcel that was packed is called off", async () => {
  const { id } = await order({ sent: false });
  await button("Create Fulfillment").click();
  await button("Create fulfillment").click();
  await hand.told("Successfully fulfilled order");
  await hand.menu(card("Fulfillment"), "Cancel Fulfillment");
  await button("Yes, confirm", dialog()).click();
  await hand.told("Successfully canceled fulfillment");
  await hand.sees("Fulfillment has been canceled");
  assert.equal(await one(`select count(*) from fulfillment where order_id = '${id}' and canceled_at is not null`), "1");
});

await clicks("a part of an order is refunded", async () => {
  const { id } = await order();
  await button("Refund").click();
  await dialog().getByPlaceholder("0.00").fill("3.50");
  await dialog().locator("textarea").fill("For the scratch");
  await button("Complete", dialog()).click();
  await hand.told("Successfully refunded order");
  await hand.sees("Refunded", card("Payment"));
  await hand.sees("€22.50", card("Payment"));
  await hand.sees("Refund", timeline());
  assert.equal(await one(`select amount || ' ' || reason || ' ' || note from refund where order_id = '${id}'`), "350 discount For the scratch");
  assert.equal(await one(`select payment_status from "order" where id = '${id}'`), "partially_refunded");
});

await clicks("a return is requested and received", async () => {
  const { id, item } = await order();
  await hand.menu(timeline(), "Request Return");
  await hand.tick("Mug");
  await hand.choose("Add a shipping method", "Return");
  await button("Submit", dialog()).click();
  await hand.told("Successfully returned order");
  await hand.sees("Return Requested", timeline());
  await button("Receive Return", timeline()).click();
  await hand.tick("Mug");
  await button("Save and close", dialog()).click();
  await hand.told("Successfully received return");
  await hand.sees("Return Received", timeline());
  // The page itself looks at the order anew only when it is loaded.
  await page.reload();
  await hand.sees("€20.00", card("Payment"));
  const [[status, amount]] = await shop.sql(`select status, refund_amount from return where order_id = '${id}'`);
  assert.equal(status, "received");
  assert.equal(await one(`select sum(amount) from refund where order_id = '${id}' and reason = 'return'`), amount);
  assert.equal(await one(`select returned_quantity from line_item where id = '${item}'`), "2");
});

await clicks("a return is canceled", async () => {
  const { id } = await order();
  await hand.menu(timeline(), "Request Return");
  await hand.tick("Mug");
  await button("Submit", dialog()).click();
  await hand.told("Successfully returned order");
  await hand.sees("Return Requested", timeline());
  await hand.menu(hand.entry("Return Requested"), "Cancel return");
  await hand.sees("Return Canceled", timeline());
  assert.equal(await one(`select status from return where order_id = '${id}'`), "canceled");
});

// A mug for a shirt.
async function exchange() {
  await hand.menu(timeline(), "Register Exchange");
  await hand.tick("Mug");
  await button("Add Product", dialog()).click();
  await dialog().getByPlaceholder("Search Products..").fill("Shirt");
  await hand.tick("S / Blue");
  await button("Add", dialog()).click();
  await button("Complete", dialog()).click();
  await hand.told("Successfully created exchange");
  await hand.sees("Exchange Requested", timeline());
}
await clicks("an exchange is registered, paid for, packed, and its goods come back", async () => {
  const { id } = await order();
  await exchange();
  const [[swap, cart]] = await shop.sql(`select id, cart_id from swap where order_id = '${id}'`);
  // The shopper agrees, and pays what is still due.
  const { shipping_options } = await must(shop.base, "GET", `/store/shipping-options/${cart}`);
  await must(shop.base, "POST", `/store/carts/${cart}/shipping-methods`, { option_id: shipping_options.find(({ name }) => name === "Standard").id });
  await must(shop.base, "POST", `/store/carts/${cart}/payment-sessions`);
  assert.equal((await complete(shop.base, cart)).body.type, "swap");
  await page.reload();
  await hand.sees("Exchange Requested", timeline());
  await shop.quiet();
  const due = Number(await one(`select difference_due from swap where id = '${swap}'`));
  await hand.menu(hand.entry("Exchange Requested"), "Capture payment");
  await hand.told("Payment processed successfully");
  assert.equal(await one(`select payment_status from swap where id = '${swap}'`), due > 0 ? "captured" : "difference_refunded");
  await button("Fulfill Exchange", timeline()).click();
  await button("Create fulfillment").click();
  await hand.told("Successfully fulfilled swap");
  await button("Receive Return", timeline()).click();
  await hand.tick("Mug");
  await button("Save and close", dialog()).click();
  await hand.told("Successfully received return");
  assert.equal(await one(`select fulfillment_status from swap where id = '${swap}'`), "fulfilled");
  assert.equal(await one(`select status from return where swap_id = '${swap}'`), "received");
});

await clicks("an exchange is canceled, after its return", async () => {
  const { id } = await order();
  await exchange();
  await hand.menu(hand.entry("Exchange Requested"), "Cancel return");
  await button("Yes, cancel", dialog()).click();
  await hand.told("Return cancelled");
  await hand.menu(hand.entry("Exchange Requested"), "Cancel exchange");
  await button("Yes, cancel", dialog()).click();
  await hand.told("Exchange cancelled");
  await hand.sees("Exchange Cancelled", timeline());
  assert.equal(await one(`select payment_status from swap where order_id = '${id}'`), "canceled");
});

// What is claimed, and why.
async function claim() {
  await hand.menu(timeline(), "Register Claim");
  await hand.tick("Mug");
  await button("Select reason", dialog()).click();
  await hand.choose("Choose a return reason", "Wrong Item");
  await button("Save and go back", dialog()).click();
}
await clicks("a claim refunds", async () => {
  const { id } = await order();
  await claim();
  await button("Submit and close", dialog()).click();
  await hand.told("Successfully created claim");
  await hand.sees("Claim Created", timeline());
  const [[type, amount]] = await shop.sql(`select type, refund_amount from claim_order where order_id = '${id}'`);
  assert.equal(type, "refund");
  assert.equal(await one(`select sum(amount) from refund where order_id = '${id}' and reason = 'claim'`), amount);
});

await clicks("a claim sends something else, which is packed and shipped", async () => {
  const { id } = await order();
  await claim();
  await dialog().getByText("Replace", { exact: true }).click();
  await button("Add products", dialog()).click();
  await dialog().getByPlaceholder("Search products").fill("Shirt");
  await hand.tick("SHIRT-S-BLUE");
  await button("Add products", dialog()).click();
  await hand.choose("Choose shipping method", "Standard");
  await button("Submit and close", dialog()).click();
  await hand.told("Successfully created claim");
  await button("Fulfill Replacement", timeline()).click();
  await button("Create fulfillment").click();
  await hand.told("Successfully fulfilled claim");
  await hand.menu(card("Fulfillment").getByText(/Claim fulfillment #1/).locator("xpath=ancestor::div[contains(@class, 'justify-between')][1]"), "Mark Shipped");
  await button("Complete", dialog()).click();
  await hand.told("Successfully marked claim as shipped");
  assert.equal(await one(`select type || ' ' || fulfillment_status from claim_order where order_id = '${id}'`), "replace shipped");
});

await clicks("an order is edited, and the edit is confirmed", async () => {
  const { id } = await order({ sent: false });
  await button("Edit Order", card("Summary")).click();
  await button("Add items", dialog()).click();
  await dialog().getByPlaceholder(/search/i).first().fill("Shirt");
  await hand.tick("SHIRT-S-BLUE");
  await button("Save and go back", dialog()).click();
  await hand.told("Added successfully");
  await dialog().locator("svg.cursor-pointer").nth(1).click();
  await hand.sees("Modified", dialog());
  await dialog().getByPlaceholder("Add a note...").fill("She called");
  await button("Save and close", dialog()).click();
  await hand.told("Order edit set as requested");
  await hand.sees("Order Edit requested", timeline());
  await hand.sees("She called", timeline());
  await button("Force Confirm", timeline()).click();
  await button("Yes, Force Confirm", dialog()).click();
  await hand.told("Successfully confirmed Order Edit");
  await card("Summary").getByText("Shirt").first().waitFor();
  assert.equal(await one(`select string_agg(quantity || ' ' || title, ', ' order by title) from line_item where order_id = '${id}'`), "3 Mug, 1 Shirt");
});

await clicks("an edit is begun and given up, and one that was requested is canceled", async () => {
  const { id } = await order({ sent: false });
  await button("Edit Order", card("Summary")).click();
  await button("Cancel", dialog()).click();
  await dialog().waitFor({ state: "hidden" });
  await shop.quiet();
  assert.equal(await one(`select count(*) from order_edit where order_id = '${id}'`), "0");
  await button("Edit Order", card("Summary")).click();
  await dialog().locator("svg.cursor-pointer").nth(0).click();
  await hand.sees("Modified", dialog());
  await button("Save and close", dialog()).click();
  await hand.told("Order edit set as requested");
  await button("Cancel Order Edit", timeline()).click();
  await timeline().getByText("Confirm", { exact: true }).click();
  await hand.told("Successfully canceled Order Edit");
  assert.equal(await one(`select count(*) from order_edit where order_id = '${id}' and canceled_at is not null`), "1");
});

await clicks("an order is canceled", async () => {
  const { id, number } = await order({ captured: false, sent: false });
  await hand.menu(page.locator("div.rounded-rounded.border").filter({ hasText: `#${number}` }).first(), "Cancel Order");
  await dialog().locator("input").fill(`order #${number}`);
  await button("Yes, confirm", dialog()).click();
  await hand.told("Successfully canceled order");
  await hand.sees("Canceled");
  assert.equal(await one(`select status || ' ' || payment_status from "order" where id = '${id}'`), "canceled canceled");
});

await clicks("email, addresses and a note of an order are changed", async () => {
  const { id } = await order();
  await hand.menu(card("Customer"), "Edit Email Address");
  await dialog().getByPlaceholder("Email").fill("stheno@example.com");
  await button("Save", dialog()).click();
  await hand.told("Successfully updated the email address");
  for (const kind of ["Shipping", "Billing"]) {
    await hand.menu(card("Customer"), `Edit ${kind} Address`);
    await dialog().locator('input[name="location.city"]').fill(`${kind}haven`);
    await button("Save and close", dialog()).click();
    await dialog().waitFor({ state: "hidden" });
  }
  await page.getByPlaceholder("Write a note...").fill("Handle with care");
  await page.keyboard.press("Enter");
  await hand.told("Added note");
  await hand.sees("Handle with care", timeline());
  const [found] = await shop.sql(`select o.email, s.city, b.city from "order" o join address s on s.id = o.shipping_address_id join address b on b.id = o.billing_address_id where o.id = '${id}'`);
  assert.deepEqual(found, ["stheno@example.com", "Shippinghaven", "Billinghaven"]);
});

await clicks("a draft order is made, and paid", async () => {
  await shop.go("/a/draft-orders");
  await button("Create draft order").click();
  const next = () => button("Next", dialog()).click();
  await hand.choose("Select...", "Europe");
  await next();
  await button("Add Existing", dialog()).click();
  await dialog().getByPlaceholder("Search Products..").fill("Lamp");
  await hand.tick("Lamp");
  await button("Add", dialog()).click();
  await button("Add Custom", dialog()).click();
  await dialog().getByPlaceholder("E.g. Gift wrapping").fill("Wrapping");
  await dialog().getByPlaceholder("0.00").fill("2.50");
  await dialog().getByPlaceholder("Quantity...").fill("1");
  await button("Add", dialog()).click();
  await next();
  await hand.choose("Choose a shipping method", "Standard");
  await next();
  await dialog().locator('input[name="email"]').fill("draft@example.com");
  for (const [name, value] of Object.entries({ first_name: "Euryale", last_name: "Gorgon", address_1: "Cisthene 2", postal_code: "10115", city: "Sarpedon" })) await dialog().locator(`input[name="shipping_address.${name}"]`).fill(value);
  await hand.choose("Country", "Germany");
  await next();
  await dialog().getByText("Use same as shipping").click();
  await next();
  await button("Submit", dialog()).click();
  await hand.told("Order created");
  await button("Mark as paid").click();
  await button("Mark paid", dialog()).click();
  await hand.told("Successfully mark as paid");
  await button("Go to Order").click();
  await page.waitForURL(/\/a\/orders\//);
  await hand.sees("Paid", card("Payment"));
  const id = new URL(page.url()).pathname.split("/").at(-1);
  assert.equal(await one(`select string_agg(quantity || ' ' || title, ', ' order by title) from line_item where order_id = '${id}'`), "1 Lamp, 1 Wrapping");
  assert.equal(await one(`select count(*) from draft_order where order_id = '${id}' and status = 'completed'`), "1");
});

// The newest job is done, which stands above the others; what the page offers for download is saved.
async function exported(type) {
  await hand.bell();
  await hand.sees(`Export of ${type} is done.`);
  await button("Download").first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), button("Download").first().click()]);
  const path = join(shop.pictures, `${type}.csv`);
  await download.saveAs(path);
  return path;
}
await clicks("orders are exported", async () => {
  await order();
  await shop.go("/a/orders");
  await button("Export Orders").click();
  await button("Export", dialog()).click();
  await hand.told("Successfully initiated export");
  const lines = readFileSync(await exported("orders"), "utf8").trim().split("\n");
  assert.equal(lines.length - 1, Number(await one(`select count(*) from "order"`)));
});

let products;
await clicks("products are exported", async () => {
  await shop.go("/a/products");
  await button("Export Products").click();
  await button("Export", dialog()).click();
  await hand.told("Successfully initiated export");
  products = await exported("products");
  assert.match(readFileSync(products, "utf8"), /MUG-ONE/);
});

await clicks("the exported file is imported", async () => {
  const facts = () => shop.sql("select p.handle, p.title, v.sku, v.inventory_quantity from product p join product_variant v on v.product_id = p.id where v.deleted_at is null order by 1, 3");
  const before = await facts();
  await shop.go("/a/products");
  await button("Import Products").click();
  await dialog().locator('input[type="file"]').setInputFiles(products);
  await dialog().getByText(/updates/).waitFor();
  await button("Import List", dialog()).click();
  await hand.told("Import confirmed for processing. Progress info is available in the activity drawer.");
  await hand.bell();
  await hand.sees("Import of products is done.");
  assert.equal(await one("select count(*) from batch_job where type = 'product-import' and completed_at is not null"), "1");
  assert.deepEqual(await facts(), before);
});

await shop.stop();
finish();
