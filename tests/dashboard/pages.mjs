#!/usr/bin/env node
// Each page of the dashboard, of a shop with the inventory modules and all flags: it shows what it is about, complains of nothing, and
// no answer is an error.
//   node tests/dashboard/pages.mjs [--medusa] [PAGE]     --medusa asks the real server; PAGE is a part of a page's name
//   STHENO_CHROMIUM, STHENO_DASHBOARD, STHENO_PICTURES   as for run.mjs
import assert from "node:assert/strict";
import { buy, variantOf } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { finish } from "../lib/report.mjs";
import { openDashboard } from "./browser.mjs";
import { checksOf, handOf } from "./clicks.mjs";

help(import.meta.url);
const server = process.argv.includes("--medusa") ? "medusa" : "stheno";
const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const shop = await openDashboard("dashboard pages", { server, extras: { inventory: true, inclusive: true } });
const { page, ask, one } = shop;
const hand = handOf(shop);
const checks = checksOf(shop, part);

// Something to show on each page; the fixture has the rest.
const [[channel]] = await shop.sql("select id from sales_channel limit 1");
const { stock_location: { id: cave } } = await ask("POST", "/admin/stock-locations", { name: "Cave", address: { address_1: "Cisthene 1", country_code: "de", city: "Sarpedon" } });
await ask("POST", `/admin/sales-channels/${channel}/stock-locations`, { location_id: cave });
const mug = await variantOf(shop.base, "mug");
const item = (await one(`select inventory_item_id from product_variant_inventory_item where variant_id = '${mug}'`)) ?? (await ask("POST", "/admin/inventory-items", { variant_id: mug, sku: "I-mug" })).inventory_item.id;
await ask("POST", `/admin/inventory-items/${item}/location-levels`, { location_id: cave, stocked_quantity: 50 });
await ask("POST", "/admin/reservations", { location_id: cave, inventory_item_id: item, quantity: 2, description: "For the shop window" });
const order = await buy(shop.base, "mug", { quantity: 2 });
await ask("POST", "/admin/notes", { resource_id: order.id, resource_type: "order", value: "Please wrap it" });
const option_id = await one("select id from shipping_option where region_id = 'reg_eu' and name = 'Standard'");
const { draft_order: draft } = await ask("POST", "/admin/draft-orders", { email: "draft@example.com", region_id: "reg_eu", items: [{ variant_id: mug, quantity: 1 }], shipping_methods: [{ option_id }] });
const id = (table, where = "true") => one(`select id from "${table}" where ${where} order by 1 limit 1`);

// [name, path, words that stand there]
const pages = [
  ["orders", "/a/orders", "Export Orders"],
  ["an order", `/a/orders/${order.id}`, "Please wrap it"],
  ["draft orders", "/a/draft-orders", "draft@example.com"],
  ["a draft order", `/a/draft-orders/${draft.id}`, "Mark as paid"],
  ["products", "/a/products", "Mug"],
  ["a product", `/a/products/${await id("product", "handle = 'mug'")}`, "Variants"],
  ["collections", "/a/products?view=collections", "New Collection"],
  ["a collection", `/a/collections/${await id("product_collection")}`, "Products"],
  ["product categories", "/a/product-categories", "Product Categories"],
  ["customers", "/a/customers", "buyer@example.com"],
  ["a customer", `/a/customers/${await id("customer", "email = 'buyer@example.com'")}`, "buyer@example.com"],
  ["customer groups", "/a/customers/groups", "Members"],
  ["a customer group", "/a/customers/groups/cgrp_members", "Members"],
  ["inventory", "/a/inventory", "Mug"],
  ["locations", "/a/inventory/locations", "Cave"],
  ["reservations", "/a/inventory/reservations", "For the shop window"],
  ["discounts", "/a/discounts", "FREESHIP"],
  ["a new discount", "/a/discounts/new", "Create new discount"],
  ["a discount", "/a/discounts/disc_ten", "TEN"],
  ["gift cards", "/a/gift-cards", "Gift Cards"],
  ["gift cards to sell", "/a/gift-cards/manage", "Gift Cards"],
  ["a gift card", "/a/gift-cards/gift_small", "GIFT-SMALL"],
  ["price lists", "/a/pricing", "Sale"],
  ["a new price list", "/a/pricing/new", "Create New"],
  ["a price list", "/a/pricing/pl_sale", "For everyone"],
  ["settings", "/a/settings", "Settings"],
  ["regions", "/a/settings/regions", "Europe"],
  ["a region", "/a/settings/regions/reg_eu", "Standard"],
  ["currencies", "/a/settings/currencies", "Store Currencies"],
  ["the store", "/a/settings/details", "Store Details"],
  ["return reasons", "/a/settings/return-reasons", "Return Reasons"],
  ["the team", "/a/settings/team", "admin@stheno.test"],
  ["who is logged in", "/a/settings/personal-information", "Personal information"],
  ["taxes", "/a/settings/taxes", "Taxes"],
  ["taxes of a region", "/a/settings/taxes/reg_na", "MUG5"],
  ["sales channels", "/a/sales-channels", "Sales channels"],
  ["publishable keys", "/a/publishable-api-keys", "API keys"],
];
for (const [name, path, words] of pages)
  await checks(name, async () => {
    await shop.go(path);
    await page.getByText(words).first().waitFor();
  });

// A search is an answer to what was typed.
for (const [what, path, words, found] of [["orders", "/a/orders", "buyer", `#${order.display_id}`], ["products", "/a/products", "lamp", "Lamp"]])
  await checks(`searching ${what}`, async () => {
    await shop.go(path);
    const answered = page.waitForResponse((answer) => answer.url().includes(`/admin/${what}?`) && answer.url().includes(`q=${words}`));
    await page.getByPlaceholder("Search", { exact: true }).fill(words);
    await answered;
    await hand.sees(found);
  });
await checks("the form of a new product", async () => {
  await shop.go("/a/products");
  await hand.button("New Product").click();
  await page.getByText("General information").first().waitFor();
});
await checks("whether a new admin's use may be counted", async () => {
  await shop.sql("delete from analytics_config");
  await shop.go("/a/orders");
  await page.getByText("Help us get better").waitFor();
  for (const choice of await page.getByRole("switch").all()) await choice.click();
  await hand.button("Continue").click();
  await page.getByText("Help us get better").waitFor({ state: "hidden" });
  assert.equal(await one("select opt_out from analytics_config"), "t");
}, /^GET \/admin\/analytics-configs -> 404$/);

// The page of who has gone asks once more who is there.
await checks("logging out", async () => {
  await shop.go("/a/settings");
  await page.locator(".h-large.w-large .cursor-pointer").first().click();
  const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.url().endsWith("/admin/auth"));
  await hand.button("Sign out").click();
  assert.equal((await gone).status(), 200);
  await page.waitForURL(/\/login/);
}, / -> 401$/);

await shop.stop();
finish();
