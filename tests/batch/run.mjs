#!/usr/bin/env node
// Batch jobs: exports and imports of products, exports of orders, imports of price lists; their states, what is refused, and what
// becomes of a job whose server is killed.
//   node tests/batch/run.mjs [VARIANTS]      how many variants the test of memory exports and imports (default 3000)
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { sqlFile } from "../lib/services.mjs";
import { dataFile, dropAll } from "../lib/shop.mjs";
import { hold, many, openShop, table, written } from "./shop.mjs";

help(import.meta.url);
const variants = Number(process.argv[2] ?? 3000);
const shop = await openShop();
const status = async (id) => (await shop.job(id)).status;
const files = (folder) => (existsSync(join(shop.folder, "kept", folder)) ? readdirSync(join(shop.folder, "kept", folder)) : []);

await check("product-export: the job tells what it does, and the file is what it says", async () => {
  const created = await shop.create("product-export");
  assert.deepEqual([created.status, created.dry_run, created.result], ["created", false, null]);
  assert.deepEqual(created.context.list_config, {
    relations: ["variants", "variants.prices", "variants.options", "profiles", "images", "options", "options.values", "tags", "type", "collection", "sales_channels", "categories", "variants.prices.region"],
    skip: 0, take: 50, order: { created_at: "DESC" },
  });
  const job = await shop.reaches(created.id, "completed");
  const [[count]] = await shop.sql("select count(*) from product where deleted_at is null");
  const { file_key, file_size, ...rest } = job.result;
  assert.match(file_key, /^exports\/products\/\d{13}-product-export-\d{13}\.csv$/);
  assert.equal(file_size, Buffer.byteLength(shop.read(file_key)));
  assert.deepEqual(rest, {
    count: Number(count), advancement_count: Number(count), progress: 1,
    stat_descriptors: [{ key: "product-export-count", name: "Product count to export", message: `There will be ${count} products exported by this action` }],
  });
  for (const time of ["pre_processed_at", "confirmed_at", "processing_at", "completed_at"]) assert.ok(job[time], time);
  assert.deepEqual([job.failed_at, job.canceled_at], [null, null]);
  const said = [...shop.log().matchAll(/Processing batch\.([a-z_]+) which/g)].map(([, name]) => name).filter((name) => name !== "updated");
  assert.deepEqual(said, ["created", "pre_processed", "confirmed", "processing", "completed"]);
  const { json: { download_url } } = await shop.ask("POST", "/admin/uploads/download-url", { file_key });
  assert.equal(download_url, `http://shop.test/kept/${file_key}`);
});

await check("product-export: columns and cells", async () => {
  const { headings, lines, widths } = table(await shop.exported());
  assert.equal(widths.size, 1);
  assert.deepEqual(headings.slice(0, 5), ["Product Id", "Product Handle", "Product Title", "Product Subtitle", "Product Description"]);
  for (const heading of ["Price EUR", "Price USD", "Price DKK", "Price Denmark [DKK]", "Option 1 Name", "Option 1 Value", "Image 1 Url", "Sales Channel 1 Id", "Product Category 1 Handle"])
    assert.ok(headings.includes(heading), heading);
  const [[variantCount]] = await shop.sql("select count(*) from product_variant v join product p on p.id = v.product_id where v.deleted_at is null and p.deleted_at is null");
  assert.equal(lines.length, Number(variantCount));
  const line = (sku) => lines.find((one) => one["Variant SKU"] === sku);
  // The mug costs 600 and 800 in a sale, too: this is its own price. The black pullover has a price in Denmark of that region alone.
  const [[own]] = await shop.sql("select m.amount from money_amount m join product_variant_money_amount x on x.money_amount_id = m.id join product_variant v on v.id = x.variant_id where v.sku = 'MUG-ONE' and m.price_list_id is null and m.currency_code = 'eur' and m.region_id is null");
  assert.equal(line("MUG-ONE")["Price EUR"], String(own / 100));
  assert.equal(line("PULLOVER-S-BLACK")["Price Denmark [DKK]"], "360");
  const mug = line("MUG-ONE");
  assert.deepEqual([mug["Product Handle"], mug["Product Status"], mug["Product Discountable"], mug["Variant Manage Inventory"]], ["mug", "published", "true", "true"]);
});

await check("product-export: filters, order, offset and batch_size", async () => {
  const handles = async (context) => [...new Set(table(await shop.exported(context)).lines.map((line) => line["Product Handle"]))];
  const all = (await shop.sql("select handle from product where deleted_at is null order by created_at desc, id")).flat();
  const sellable = new Set(await handles({}));
  assert.deepEqual(await handles({}), all.filter((handle) => sellable.has(handle)));
  assert.deepEqual(await handles({ order: "created_at" }), all.filter((handle) => sellable.has(handle)).reverse());
  assert.deepEqual(await handles({ order: "handle" }), [...sellable].sort());
  assert.deepEqual(await handles({ offset: 1, batch_size: 3 }), all.slice(1, 3).filter((handle) => sellable.has(handle)));
  assert.deepEqual(await handles({ filterable_fields: { handle: "mug" } }), ["mug"]);
  assert.deepEqual(await handles({ filterable_fields: { status: "draft" } }), (await shop.sql("select handle from product where status = 'draft' order by created_at desc")).flat().filter((handle) => sellable.has(handle)));
  assert.deepEqual(await handles({ filterable_fields: { q: "mug" } }), ["mug"]);
  const refused = await shop.ask("POST", "/admin/batch-jobs", { type: "product-export", context: { filterable_fields: { color: "red" } } });
  assert.deepEqual([refused.status, refused.json.message], [400, "property color should not exist"]);
});

const before = await shop.exported();
await check("export, import, export is the same file", async () => {
  const job = await shop.import(before);
  const { lines } = table(before);
  const products = new Set(lines.map((line) => line["Product Id"])).size;
  assert.deepEqual(job.result, {
    advancement_count: products + lines.length, count: products + lines.length,
    operations: { PRODUCT_CREATE: 0, VARIANT_CREATE: 0, PRODUCT_UPDATE: products, VARIANT_UPDATE: lines.length },
    stat_descriptors: [{ key: "product-import-count", name: "Products/variants to import", message: `There will be 0 products created (${products}  updated).\n             0 variants will be created and ${lines.length} updated` }],
  });
  assert.equal(await shop.exported(), before);
  assert.ok(!existsSync(join(shop.folder, "kept", job.context.fileKey)), "the imported file is gone");
});

await check("product-import: what a spreadsheet has changed", async () => {
  const { headings, lines } = table(before);
  const mug = lines.find((line) => line["Variant SKU"] === "MUG-ONE");
  Object.assign(mug, { "Product Title": 'The "big", blue; mug', "Product Description": "Two\r\nlines", "Price EUR": "12.34", "Price USD": "", "Variant Inventory Quantity": "77", "Product Discountable": "FALSE", "Product Weight": "", "Product Tags": "blue,new" });
  // As a spreadsheet keeps it: commas, a byte order mark, and the columns in another order.
  const [first, ...others] = headings;
  await shop.import(`\ufeff${written([...others, first], lines, { separator: "," })}`);
  const after = table(await shop.exported()).lines.find((line) => line["Variant SKU"] === "MUG-ONE");
  assert.deepEqual(after, { ...mug, "Product Discountable": "false" });
  await shop.import(before);
  const restored = table(await shop.exported()).lines.find((line) => line["Variant SKU"] === "MUG-ONE");
  assert.equal(restored["Price USD"], table(before).lines.find((line) => line["Variant SKU"] === "MUG-ONE")["Price USD"]);
  // The sale's prices hang on their list, and stay.
  assert.deepEqual(await shop.sql("select amount from money_amount where price_list_id = 'pl_sale' order by 1"), [["600"], ["800"]]);
});

await check("product-import: new products and variants", async () => {
  const headings = ["Product Handle", "Product Title", "Product Status", "Product Tags", "Product Type", "Variant Id", "Variant Title", "Variant SKU", "Variant Inventory Quantity", "Option 1 Name", "Option 1 Value", "Option 2 Name", "Option 2 Value", "Price EUR", "Price North America [USD]", "Image 1 Url", "Image 2 Url", "Sales Channel 1 Name", "Product Category 1 Handle", "Product Collection Handle"];
  const [[channel]] = await shop.sql("select name from sales_channel order by created_at limit 1"), [[category]] = await shop.sql("select handle from product_category order by rank limit 1"), [[collection]] = await shop.sql("select handle from product_collection limit 1");
  const line = (title, sku, size, color) => ({
    "Product Handle": "cap", "Product Title": "Cap", "Product Status": "published", "Product Tags": "hat,round", "Product Type": "Headgear", "Variant Title": title, "Variant SKU": sku, "Variant Inventory Quantity": "5",
    "Option 1 Name": "Size", "Option 1 Value": size, "Option 2 Name": "Color", "Option 2 Value": color, "Price EUR": "19.99", "Price North America [USD]": "21", "Image 1 Url": "http://x/1.png", "Image 2 Url": "http://x/2.png",
    "Sales Channel 1 Name": channel, "Product Category 1 Handle": category, "Product Collection Handle": collection,
  });
  const lines = [line("S red", "007", "S", "red"), line("M red", "CAP-M", "M", "red")];
  const job = await shop.import(written(headings, lines));
  assert.deepEqual(job.result.operations, { PRODUCT_CREATE: 1, VARIANT_CREATE: 2, PRODUCT_UPDATE: 0, VARIANT_UPDATE: 0 });
  const { lines: made } = table(await shop.exported({ filterable_fields: { handle: "cap" } }));
  assert.deepEqual(made.map((one) => [one["Variant SKU"], one["Option 1 Value"], one["Option 2 Value"], one["Price EUR"], one["Price North America [USD]"], one["Image 2 Url"], one["Sales Channel 1 Name"], one["Product Category 1 Handle"], one["Product Collection Handle"], one["Product Tags"], one["Product Type"]]),
    [["007", "S", "red", "19.99", "21", "http://x/2.png", channel, category, collection, "hat,round", "Headgear"], ["CAP-M", "M", "red", "19.99", "21", "http://x/2.png", channel, category, collection, "hat,round", "Headgear"]]);
  // A further variant of a product that is there, and a product whose lines don't stand together.
  const more = { ...line("L red", "CAP-L", "L", "red"), "Product Id": made[0]["Product Id"] };
  const other = (n) => ({ ...line(`${n}`, `BAND-${n}`, `${n}`, "red"), "Product Handle": "band", "Product Title": "Band" });
  await shop.import(written(["Product Id", ...headings], [other(1), more, other(2)]));
  assert.deepEqual((await shop.sql("select v.sku, v.variant_rank from product_variant v join product p on p.id = v.product_id where p.handle in ('cap', 'band') order by p.handle, v.variant_rank")), [["BAND-1", "0"], ["BAND-2", "1"], ["007", "0"], ["CAP-M", "1"], ["CAP-L", "2"]]);
  assert.equal((await shop.sql("select count(*) from image where url like 'http://x/%'"))[0][0], "2", "products share images of one address, as they do when an admin names it");
});

await check("product-import: a line with an error is told, and nothing is half-written", async () => {
  const { headings, lines } = table(await shop.exported());
  const wrong = (change, at = lines.length - 2) => written(headings, lines.map((line, index) => ({ ...line, "Product Title": "Changed", ...(index === at ? change : {}) })));
  const where = (line) => `Error while processing row with\n      [(product id: ${line["Product Id"]}),\n      (product handle: ${line["Product Handle"]}),\n      (variant id: ${line["Variant Id"] || "null"}),\n      (variant sku: ${line["Variant SKU"] || "null"})]: \n      `;
  const last = lines.at(-2);
  for (const [change, why] of [
    [{ "Variant Id": "variant_none" }, "Variant with id: variant_none was not found"],
    [{ "Variant Weight": "heavy" }, "Variant Weight must be a number, such as 12.5: heavy"],
    [{ "Price EUR": "12,50" }, "Price EUR must be a number, such as 12.5: 12,50"],
    [{ "Product Collection Handle": "none" }, "Product collection with handle: none was not found"],
    [{ "Variant SKU": "MUG-ONE" }, /MUG-ONE/],
  ]) {
    const first = lines.findIndex((line) => line["Product Id"] === last["Product Id"]);
    const at = "Product Collection Handle" in change ? first : lines.length - 2;
    const job = await shop.fails("product-import", { fileKey: await shop.upload(wrong(change, at)) });
    assert.equal(job.result.errors.length, 1);
    const said = { ...lines[at], ...change };
    assert.ok(job.result.errors[0].startsWith(where(said)), job.result.errors[0]);
    if (typeof why === "string") assert.equal(job.result.errors[0].slice(where(said).length), why);
    assert.ok(job.failed_at);
    assert.deepEqual(await shop.sql("select count(*) from product where title = 'Changed'"), [["0"]]);
  }
  const said = [...shop.log().matchAll(/Processing batch\.failed which/g)];
  assert.equal(said.length, 5);
});

await check("product-import: what is no such table", async () => {
  const fails = async (text) => (await shop.fails("product-import", { fileKey: await shop.upload(text) })).result.errors[0];
  const parsing = "The csv file parsing failed due to: ";
  assert.equal(await fails("Product Handle;Color\r\nmug;red\r\n"), `${parsing}Unable to treat column Color from the csv file. No target column found in the provided schema`);
  assert.equal(await fails("Product Id;Product Title\r\n1;x\r\n"), `${parsing}Missing column(s) "Product Handle" from the given csv file`);
  assert.equal(await fails("Product Handle;Product Title\r\nmug;Mug\r\n;Cup\r\n"), `${parsing}No value found for target column "Product Handle" in line 2 of the given csv file`);
  assert.equal(await fails('Product Handle;Product Title\r\nmug;"Mug\r\n'), `${parsing}the last quoted cell has no end`);
  assert.equal(await fails("Product Handle;Price Nowhere [EUR]\r\nmug;12\r\n"), "Trying to set a price for a region Nowhere that doesn't exist");
  assert.match((await shop.fails("product-import", { fileKey: "none.csv" })).result.errors[0], /none\.csv/);
  assert.match((await shop.fails("product-import", { fileKey: "../medusa-config.js" })).result.errors[0], /medusa-config/);
  assert.match((await shop.fails("product-import", {})).result.errors[0], /fileKey/);
});

await check("dry run: looked at, and done when it is confirmed", async () => {
  const { headings, lines } = table(before);
  const mug = { ...lines.find((line) => line["Variant SKU"] === "MUG-ONE"), "Product Subtitle": "tried" };
  const { id } = await shop.create("product-import", { fileKey: await shop.upload(written(headings, [mug])) }, true);
  const job = await shop.reaches(id, "pre_processed");
  assert.deepEqual([job.confirmed_at, job.result.count, job.result.advancement_count], [null, 2, 0]);
  assert.deepEqual(await shop.sql("select count(*) from product where subtitle = 'tried'"), [["0"]]);
  const { status: said } = await shop.ask("POST", `/admin/batch-jobs/${id}/confirm`);
  assert.equal(said, 200);
  await shop.reaches(id, "completed");
  assert.deepEqual(await shop.sql("select handle from product where subtitle = 'tried'"), [["mug"]]);
});

await check("canceled before it is confirmed, it is never done", async () => {
  const { id } = await shop.create("product-export", {}, true);
  await shop.reaches(id, "pre_processed");
  await shop.ask("POST", `/admin/batch-jobs/${id}/cancel`);
  const { status: said } = await shop.ask("POST", `/admin/batch-jobs/${id}/confirm`);
  assert.equal(said, 400);
  await shop.exported(); // one that comes later has been done
  assert.equal(await status(id), "canceled");
});

await check("order-export", async () => {
  await sqlFile(shop.database, dataFile("orders.sql"));
  await shop.sql("update customer set first_name = 'Sthe\"no;' where id = 'cus_o'");
  const job = await shop.done("order-export");
  assert.match(job.result.file_key, /^exports\/orders\/\d{13}-order-export-\d{13}\.csv$/);
  const { headings, lines, widths } = table(shop.read(job.result.file_key));
  assert.equal(widths.size, 1);
  const { "Customer First name": name, "Shipping Total": shipping, "Payment Status": payment, Total: total, Date: date, "Currency Code": currency } = lines.find((line) => line.Order_ID === "order_na");
  const { json: { order } } = await shop.ask("GET", "/admin/orders/order_na");
  assert.deepEqual([name, shipping, payment, total, date, currency], ['Sthe"no;', String(order.shipping_total), "captured", String(order.total), "Sat, 01 Jun 2024 00:00:00 GMT", "usd"]);
  assert.deepEqual(headings, ["Order_ID", "Display_ID", "Order status", "Date", "Customer First name", "Customer Last name", "Customer Email", "Customer ID", "Shipping Address 1", "Shipping Address 2", "Shipping Country Code", "Shipping City",
    "Shipping Postal Code", "Shipping Region ID", "Fulfillment Status", "Payment Status", "Subtotal", "Shipping Total", "Discount Total", "Gift Card Total", "Refunded Total", "Tax Total", "Total", "Currency Code", "Sales channel name", "Sales channel description"]);
  const refused = await shop.ask("POST", "/admin/batch-jobs", { type: "order-export", context: { filterable_fields: { created_at: "soon" } } });
  assert.equal(refused.status, 400);
  const some = await shop.done("order-export", { fields: "id,email", expand: "customer" });
  assert.deepEqual(table(shop.read(some.result.file_key)).headings.slice(0, 3), ["Order_ID", "Date", "Customer First name"]);
});

await check("price-list-import", async () => {
  const [[id]] = await shop.sql("select id from product_variant where sku = 'SHIRT-M-BLUE'");
  const text = `Product Variant ID;SKU;Price EUR;Price North America [USD]\r\n;MUG-ONE;5.5;\r\n${id};;12;13.25\r\n`;
  const create = (context) => shop.ask("POST", "/admin/batch-jobs", { type: "price-list-import", context });
  assert.deepEqual((await create({})).json, { type: "invalid_data", message: "Price list id is required" });
  assert.deepEqual((await create({ price_list_id: "pl_none" })).json, { type: "not_found", message: "Price list with id: pl_none was not found" });
  const job = await shop.done("price-list-import", { price_list_id: "pl_draft", fileKey: await shop.upload(text) });
  assert.deepEqual(job.result, {
    advancement_count: 2, count: 2, operations: { PRICE_LIST_PRICE_CREATE: 2 },
    stat_descriptors: [{ key: "price-list-import-count", name: "PriceList to import", message: "2 prices will be added" }],
  });
  const prices = () => shop.sql("select v.sku, m.currency_code, m.region_id, m.amount from money_amount m join product_variant_money_amount x on x.money_amount_id = m.id join product_variant v on v.id = x.variant_id where m.price_list_id = 'pl_draft' order by 1, 2");
  const expected = [["MUG-ONE", "eur", "", "550"], ["SHIRT-M-BLUE", "eur", "", "1200"], ["SHIRT-M-BLUE", "usd", "reg_na", "1325"]];
  assert.deepEqual(await prices(), expected); // in place of those that were there
  const fails = async (more) => (await shop.fails("price-list-import", { price_list_id: "pl_draft", fileKey: await shop.upload(text + more) })).result.errors[0];
  assert.equal(await fails(";;1;\r\n"), "Error while processing row with:\n      variant ID: null,\n      variant SKU: null,\n      SKU or ID is required");
  assert.equal(await fails(";NONE;1;\r\n"), "Variant with sku: NONE was not found");
  assert.equal(await fails("variant_none;;1;\r\n"), "Variant with id: variant_none was not found");
  assert.equal(await fails(";MUG-ONE;x;\r\n"), "Price EUR must be a number, such as 12.5: x");
  assert.deepEqual(await prices(), expected);
});

// What other sessions hold, a job waits for: so it is caught at work.
await check("canceled at work: an export leaves no file, an import nothing at all", async () => {
  const held = files("exports/products").length;
  let lock = await hold(shop.database, "lock table image in access exclusive mode");
  const { id } = await shop.create("product-export", { shape: {} }, false);
  await until(async () => ["created", "processing"].includes(await status(id)));
  await shop.ask("POST", `/admin/batch-jobs/${id}/cancel`);
  await lock.release();
  await shop.exported();
  assert.equal(await status(id), "canceled");
  assert.equal(files("exports/products").length, held + 1);

  const { headings, lines } = table(before);
  const handle = lines.at(-1)["Product Handle"];
  lock = await hold(shop.database, `select 1 from product where handle = '${handle}' for update`);
  const job = await shop.create("product-import", { fileKey: await shop.upload(written(headings, lines.map((line) => ({ ...line, "Product Subtitle": "canceled" })))) });
  await shop.reaches(job.id, "processing");
  const { status: said } = await shop.ask("POST", `/admin/batch-jobs/${job.id}/cancel`);
  assert.equal(said, 200); // at once, while the import is at work
  await lock.release();
  await shop.exported();
  const after = await shop.job(job.id);
  assert.deepEqual([after.status, after.completed_at], ["canceled", null]);
  assert.deepEqual(await shop.sql("select count(*) from product where subtitle = 'canceled'"), [["0"]]);
});

await check("a job whose server was killed is done by the next one, once", async () => {
  const { headings, lines } = table(before);
  const lock = await hold(shop.database, `select 1 from product where handle = '${lines.at(-1)["Product Handle"]}' for update`);
  const { id } = await shop.create("product-import", { fileKey: await shop.upload(written(headings, lines.map((line) => ({ ...line, "Product Subtitle": "survived" })))) });
  await shop.reaches(id, "processing");
  await shop.kill();
  await lock.release();
  assert.deepEqual(await shop.sql("select count(*) from product where subtitle = 'survived'"), [["0"]]);
  await shop.restart();
  const job = await shop.reaches(id, "completed");
  assert.equal(job.result.advancement_count, job.result.count);
  const products = new Set(lines.map((line) => line["Product Id"])).size;
  assert.deepEqual(await shop.sql("select count(*) from product where subtitle = 'survived'"), [[String(products)]]);
});

await check("an export whose server was killed is done anew, and leaves one file", async () => {
  const kept = files("exports/products");
  const { id } = await shop.create("product-export", {}, true);
  await shop.reaches(id, "pre_processed");
  const lock = await hold(shop.database, "lock table image in access exclusive mode");
  await shop.ask("POST", `/admin/batch-jobs/${id}/confirm`);
  await until(async () => (await shop.job(id)).result.file_key);
  await shop.kill();
  assert.equal(files("exports/products").length, kept.length + 1); // begun
  await lock.release();
  await shop.restart();
  const job = await shop.reaches(id, "completed");
  assert.deepEqual(files("exports/products").filter((name) => !kept.includes(name)), [job.result.file_key.split("/").at(-1)]);
});

await check("a server that stops leaves its job to the next one", async () => {
  const { headings, lines } = table(before);
  const lock = await hold(shop.database, `select 1 from product where handle = '${lines.at(-1)["Product Handle"]}' for update`);
  const { id } = await shop.create("product-import", { fileKey: await shop.upload(written(headings, lines.map((line) => ({ ...line, "Product Subtitle": "stopped" })))) });
  await shop.reaches(id, "processing");
  await shop.stop(); // which waits no longer than it may
  await lock.release();
  const [[left]] = await shop.sql("select count(*) from product where subtitle = 'stopped'");
  await shop.restart();
  await shop.reaches(id, "completed");
  assert.equal(left, "0");
});

await check("two servers never do one job twice", async () => {
  const other = await openShop({ database: shop.database, folder: shop.folder, plugins: "" });
  const { headings, lines } = table(before);
  const mug = { ...lines.find((line) => line["Variant SKU"] === "MUG-ONE"), "Product Id": "", "Variant Id": "" };
  const imports = [];
  for (let n = 0; n < 12; n++) {
    const made = { ...mug, "Product Handle": `twice-${n}`, "Variant SKU": `TWICE-${n}`, "Variant Barcode": "" };
    imports.push((await [shop, other][n % 2].create("product-import", { fileKey: await shop.upload(written(headings, [made])) })).id);
  }
  for (const id of imports) await shop.reaches(id, "completed");
  assert.deepEqual(await shop.sql("select count(*) from product where handle like 'twice-%'"), [["12"]]);
  const said = [shop, other].map((one) => [...one.log().matchAll(/A batch job has failed/g)].length);
  assert.deepEqual(said.slice(1), [0]);
  await other.stop();
});

await check(`${variants} variants are exported and imported again in little memory`, async () => {
  const per = 4;
  await shop.sql(many(Math.ceil(variants / per), per));
  // The most that it took since the mark was set back.
  const memory = () => Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${shop.running.process.pid}/status`, "utf8"))[1]) / 1024;
  await shop.stop();
  await shop.restart();
  await shop.exported({ batch_size: 10 });
  writeFileSync(`/proc/${shop.running.process.pid}/clear_refs`, "5");
  const began = memory();
  const context = { filterable_fields: { q: "Many" } };
  const time = async (what, work) => { const from = performance.now(); const result = await work(); console.log(`      ${what}: ${((performance.now() - from) / 1000).toFixed(1)} s, ${(memory() - began).toFixed(1)} MiB more at most`); return result; };
  const text = await time("export", () => shop.exported(context));
  await time("import as it is", () => shop.import(text));
  assert.equal(await shop.exported(context), text);
  const { headings, lines } = table(text);
  assert.ok(lines.length >= variants);
  await time("import of other stock and prices", () => shop.import(written(headings, lines.map((line) => ({ ...line, "Variant Inventory Quantity": "11", "Price EUR": "9.99" })))));
  assert.deepEqual(await shop.sql("select count(*) from product_variant where id like 'variant_many_%' and inventory_quantity = 11"), [[String(lines.length)]]);
  assert.ok(memory() - began < 64, `${(memory() - began).toFixed(1)} MiB more`);
}, { seconds: 1500 });
await shop.stop();

await check("without a file plugin a job fails as 1.20 refuses", async () => {
  const bare = await openShop({ plugins: "" });
  for (const [type, context] of [["product-export", {}], ["order-export", {}], ["product-import", { fileKey: "a.csv" }]]) {
    const job = await bare.fails(type, context);
    assert.deepEqual(job.result.errors, ["Please add a file service plugin in order to manipulate files in Medusa"]);
  }
  await bare.stop();
});

await dropAll();
finish();
