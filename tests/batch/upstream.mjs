#!/usr/bin/env node
// The same jobs in the real Medusa and in this server, on copies of one database: their files, column by column, and what they tell.
//   node tests/batch/upstream.mjs
import assert from "node:assert/strict";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { sqlFile } from "../lib/services.mjs";
import { dataFile, dropAll } from "../lib/shop.mjs";
import { openShop, table, written } from "./shop.mjs";

help(import.meta.url);
const [real, ours] = await Promise.all([openShop({ server: "medusa" }), openShop({ from: "medusa" })]);
const both = (work) => Promise.all([real, ours].map(work));

// Ids and times differ between two shops; what is left of a line is sorted by its SKU.
const plain = (line) => Object.fromEntries(Object.entries(line).map(([name, cell]) => [name, /_01[0-9A-HJKMNP-TV-Z]{24}$/.test(cell) ? cell.split("_")[0] : cell]));
// 1.20 shows the options of a product in the order in which its plan happens to join them.
const withOptionsSorted = (line) => {
  const numbers = Object.keys(line).flatMap((name) => /^Option (\d+) Name$/.exec(name)?.[1] ?? []);
  const options = numbers.map((n) => [line[`Option ${n} Name`], line[`Option ${n} Value`]]).sort((a, b) => (a[0] || "~").localeCompare(b[0] || "~"));
  return { ...line, ...Object.fromEntries(numbers.flatMap((n, at) => [[`Option ${n} Name`, options[at][0]], [`Option ${n} Value`, options[at][1]]])) };
};
const bySku = (lines) => new Map(lines.map((line) => [line["Variant SKU"], withOptionsSorted(plain(line))]));
// 1.20 sorts these lists on the way, sometimes.
const sorted = (context) => ({ ...context, list_config: { ...context.list_config, relations: context.list_config.relations.toSorted(), ...(context.list_config.select ? { select: context.list_config.select.toSorted() } : {}) } });
const result = ({ file_key, file_size, files, ...rest }) => rest;

// Where this server's cells are others on purpose (docs/switching.md).
const onPurpose = (heading, there, here) =>
  (/^Sales Channel \d+ Id$/.test(heading) && here.startsWith("sc")) || // 1.20: the name
  (/^Price [A-Z]{3}$/.test(heading) && there !== here); // 1.20: the first price of that currency, be it a region's or a sale's

await check("product-export: the same columns in the same order, the same cells", async () => {
  const [there, here] = await both(async (shop) => {
    const job = await shop.done("product-export");
    return { job, ...table(shop.read(job.result.file_key)) };
  });
  assert.deepEqual(result(here.job.result), result(there.job.result));
  const { prices, ...counts } = there.job.context.shape;
  assert.deepEqual(sorted(here.job.context), { ...sorted(there.job.context), shape: { ...counts, prices: here.job.context.shape.prices } });
  const static_ = (headings) => headings.filter((name) => !/^Price /.test(name));
  assert.deepEqual(static_(here.headings), static_(there.headings));
  assert.deepEqual([...here.headings].sort(), [...there.headings].sort());
  const [left, right] = [bySku(there.lines), bySku(here.lines)];
  assert.deepEqual([...right.keys()].sort(), [...left.keys()].sort());
  const others = [];
  for (const [sku, line] of left)
    for (const [heading, cell] of Object.entries(line)) if (right.get(sku)[heading] !== cell && !onPurpose(heading, cell, right.get(sku)[heading])) others.push(`${sku} ${heading}: ${cell} | ${right.get(sku)[heading]}`);
  assert.deepEqual(others, []);
  assert.deepEqual(here.lines.map((line) => line["Variant SKU"]), there.lines.map((line) => line["Variant SKU"]));
});

await check("product-import: what both take makes the same products", async () => {
  const headings = ["Product Handle", "Product Title", "Product Description", "Product Status", "Product Weight", "Product Tags", "Product Type", "Product Discountable", "Variant Title", "Variant SKU", "Variant Inventory Quantity", "Variant Allow Backorder", "Option 1 Name", "Option 1 Value", "Price EUR", "Price North America [USD]", "Image 1 Url", "Sales Channel 1 Name"];
  const line = (n) => ({ "Product Handle": "cap", "Product Title": "Cap; a hat", "Product Description": "Two\nlines", "Product Status": "published", "Product Weight": "12", "Product Tags": "one,two", "Product Type": "Headgear", "Product Discountable": "true", "Variant Title": `Size ${n}`, "Variant SKU": `CAP-${n}`, "Variant Inventory Quantity": "5", "Variant Allow Backorder": "false", "Option 1 Name": "Size", "Option 1 Value": `${n}${n}x`, "Price EUR": "19.99", "Price North America [USD]": "21.5", "Image 1 Url": "http://x/1.png", "Sales Channel 1 Name": "Default Sales Channel" });
  const [there, here] = await both(async (shop) => {
    const job = await shop.import(written(headings, [line("a"), line("b")]));
    const { lines } = table(await shop.exported({ filterable_fields: { handle: "cap" } }));
    return { result: result(job.result), lines: lines.map(plain) };
  });
  assert.deepEqual(here.result, there.result);
  assert.equal(here.lines.length, 2);
  for (const name of headings) assert.deepEqual(here.lines.map((one) => one[name]), there.lines.map((one) => one[name]), name);
});

await check("product-import: what both refuse they refuse in the same words", async () => {
  for (const text of ["Product Handle;Color\r\nmug;red", "Product Id;Product Title\r\n1;x", "Product Handle;Product Title\r\n;Cup", "Product Handle;Price Nowhere [EUR]\r\nmug;12"]) {
    const [there, here] = await both(async (shop) => (await shop.fails("product-import", { fileKey: await shop.upload(text) })).result.errors);
    assert.deepEqual(here, there, text);
  }
  const [there, here] = await both(async (shop) => (await shop.fails("product-import", { fileKey: await shop.upload("Product Handle;Product Title;Product Id;Variant SKU\r\nmug;x;prod_none;y") })).result.errors);
  assert.deepEqual(here, there);
});

await check("price-list-import: the same prices, results and refusals", async () => {
  const [there, here] = await both(async (shop) => {
    const job = await shop.done("price-list-import", { price_list_id: "pl_draft", fileKey: await shop.upload("Product Variant ID;SKU;Price EUR;Price North America [USD]\r\n;MUG-ONE;5.5;7") });
    const prices = await shop.sql("select v.sku, m.currency_code, m.region_id, m.amount from money_amount m join product_variant_money_amount x on x.money_amount_id = m.id join product_variant v on v.id = x.variant_id where m.price_list_id = 'pl_draft' order by 1, 2");
    const errors = [];
    for (const line of [";;1;2", ";NONE;1;2", "none;;1;2"]) errors.push((await shop.fails("price-list-import", { price_list_id: "pl_draft", fileKey: await shop.upload(`Product Variant ID;SKU;Price EUR;Price North America [USD]\r\n${line}`) })).result.errors);
    return { result: result(job.result), prices, errors };
  });
  assert.deepEqual(here, there);
});

await check("order-export: the same file", async () => {
  await both((shop) => sqlFile(shop.database, dataFile("orders.sql")));
  for (const context of [{}, { filterable_fields: { status: ["pending"] }, order: "display_id" }, { fields: "id,total,currency_code", expand: "customer" }]) {
    const [there, here] = await both(async (shop) => {
      const job = await shop.done("order-export", context);
      return { result: result(job.result), context: sorted(job.context), text: shop.read(job.result.file_key).replace(/(cus|order)_01[0-9A-Z]{24}/g, "$1") };
    });
    assert.deepEqual(here, there);
  }
});

await both((shop) => shop.stop());
await dropAll();
finish();
