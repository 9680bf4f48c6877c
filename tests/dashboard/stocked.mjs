#!/usr/bin/env node
// The order's page of a shop with the inventory modules: units are set aside at a place, leave it and come back to it.
//   node tests/dashboard/stocked.mjs [--medusa] [CHECK]
//   STHENO_CHROMIUM, STHENO_DASHBOARD, STHENO_PICTURES   as for run.mjs
import assert from "node:assert/strict";
import { help } from "../lib/help.mjs";
import { variantOf } from "../lib/buying.mjs";
import { finish } from "../lib/report.mjs";
import { openDashboard } from "./browser.mjs";
import { checksOf, handOf, orderOf } from "./clicks.mjs";

help(import.meta.url);
const server = process.argv.includes("--medusa") ? "medusa" : "stheno";
const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const shop = await openDashboard("dashboard of a stocked shop", { server, extras: { inventory: true } });
const { page, one, ask } = shop;
const hand = handOf(shop);
const { dialog, button, card, timeline } = hand;
const clicks = checksOf(shop, part);

const channel = await one("select id from sales_channel limit 1");
const { stock_location: { id: cave } } = await ask("POST", "/admin/stock-locations", { name: "Cave" });
await ask("POST", `/admin/sales-channels/${channel}/stock-locations`, { location_id: cave });
const { inventory_item: { id: item } } = await ask("POST", "/admin/inventory-items", { variant_id: await variantOf(shop.base, "mug"), sku: "I-mug" });
await ask("POST", `/admin/inventory-items/${item}/location-levels`, { location_id: cave, stocked_quantity: 50 });
const level = async () => (await shop.sql(`select stocked_quantity, reserved_quantity from inventory_level where inventory_item_id = '${item}'`))[0].map(Number);

await clicks("units are set aside again, packed at their place, and come back to it", async () => {
  const { id, item: line } = await orderOf(shop, { sent: false });
  assert.deepEqual(await level(), [50, 2]);
  await hand.sees("Allocated", card("Summary"));
  await ask("DELETE", `/admin/reservations/${await one(`select id from reservation_item where line_item_id = '${line}' and deleted_at is null`)}`);
  await page.reload();
  await hand.sees("Not fully allocated", card("Summary"));
  await hand.menu(card("Summary"), "Allocate");
  await hand.choose("Choose where you wish to allocate from", "Cave", page);
  await page.locator('input[name="items.0.quantity"]').fill("2");
  await button("Save reservation").click();
  await hand.told("Items have been allocated successfully");
  await hand.sees("Allocated", card("Summary"));
  assert.deepEqual(await level(), [50, 2]);

  await button("Create Fulfillment").click();
  await hand.choose("Choose where you wish to fulfill from.", "Cave", page);
  await button("Create fulfillment").click();
  await hand.told("Successfully fulfilled order");
  await hand.sees("Shipping from", card("Fulfillment"));
  assert.deepEqual(await level(), [48, 0]);
  await hand.menu(card("Fulfillment"), "Mark Shipped");
  await button("Complete", dialog()).click();
  await hand.told("Successfully marked order as shipped");

  await hand.menu(timeline(), "Request Return");
  await hand.tick("Mug");
  await hand.choose("Select Location to Return to", "Cave");
  await button("Submit", dialog()).click();
  await hand.told("Successfully returned order");
  await button("Receive Return", timeline()).click();
  await hand.tick("Mug");
  await button("Save and close", dialog()).click();
  await hand.told("Successfully received return");
  assert.deepEqual(await level(), [50, 0]);
  assert.equal(await one(`select location_id from return where order_id = '${id}'`), cave);
});

await shop.stop();
finish();
