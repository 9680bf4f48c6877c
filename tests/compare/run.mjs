#!/usr/bin/env node
// `stheno compare`: between two servers on equal databases it finds nothing, of planted differences each where it was planted, and it reads
// only. The list of paths is given, comes from an access log, or is found by itself.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { call } from "../lib/buying.mjs";
import { command, folderWith } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { json, standIn } from "../lib/stand_in.mjs";

help(import.meta.url);

const databases = [await copy(await template("stheno")), await copy(await template("stheno"))];
const servers = [];
for (const database of databases) servers.push(await serve("stheno", { folder: project(), database, environment: { NODE_ENV: "development" } }));
const [left, right] = servers.map(({ base }) => base);
const folder = folderWith({});
const write = (name, text) => { writeFileSync(join(folder, name), text); return name; };
const { access_token } = (await call(left, "POST", "/admin/auth/token", admin)).body;
const admins = { STHENO_COMPARE_ADMIN_HEADERS: JSON.stringify({ authorization: `Bearer ${access_token}` }) };
const compared = (args = [], environment = {}, sides = [left, right]) => command(folder, ["compare", "--left", sides[0], "--right", sides[1], "--rate", "200", ...args], { environment });
async function found(args, environment, sides) {
  const { code, output } = await compared(["--json", ...args], environment, sides);
  assert.ok(code === 0 || code === 1, output);
  return { code, ...JSON.parse(output) };
}

await check("equal shops: nothing differs, of all lists and their first rows, for shoppers and admins", async () => {
  const shoppers = await found([]);
  assert.deepEqual([shoppers.code, shoppers.differences], [0, []]);
  assert.ok(shoppers.sent > 10 && shoppers.alike === shoppers.sent, JSON.stringify(shoppers));
  const all = await found([], admins);
  assert.deepEqual([all.code, all.differences], [0, []]);
  assert.ok(all.sent > shoppers.sent + 40, `${all.sent} requests`);
  const { code, output } = await compared();
  assert.equal(code, 0);
  assert.match(output, /^\d+ requests to each, \d+ answered alike, 0 kinds of difference, 0 known kinds more\n$/);
});

await check("planted differences are found, each where it is, and nothing else", async () => {
  const [[id, title]] = await sql(databases[1], "select id, title from product where handle = 'mug'");
  await sql(databases[1], `update product set title = 'Another mug', metadata = '{"a": [{"b": 1}]}' where id = '${id}'; delete from region_payment_providers where region_id = (select min(region_id) from region_payment_providers)`);
  const list = write("paths", `# what a storefront reads\n/store/products?handle=mug\nGET /store/products/${id}\n/store/products?limit=1&fields=id\n/store/collections\n/store/products/prod_none\n`);
  const { code, differences, sent } = await found(["--list", list]);
  assert.deepEqual([code, sent], [1, 5]);
  assert.deepEqual(differences.map(({ route, path, left: one, right: other }) => [route, path, one, other]).sort(), [
    ["GET /store/products", "body.products[].metadata", null, { a: [{ b: 1 }] }],
    ["GET /store/products", "body.products[].title", title, "Another mug"],
    ["GET /store/products/:id", "body.product.metadata", null, { a: [{ b: 1 }] }],
    ["GET /store/products/:id", "body.product.title", title, "Another mug"],
  ]);
  const regions = await found(["--list", write("regions", "/store/regions\n")]);
  assert.deepEqual([...new Set(regions.differences.map(({ path }) => path.replace(/payment_providers.*/, "payment_providers")))], ["body.regions[].payment_providers"]);
  const { code: one, output } = await compared(["--list", list]);
  assert.equal(one, 1);
  assert.match(output, /^GET \/store\/products {3}such as \/store\/products\?handle=mug\n( {4}.*\n)? {4}body\.products\[\]\.title: left ".*", right "Another mug"$/m);
  await sql(databases[1], `update product set title = '${title}', metadata = null where id = '${id}'`);
});

await check("what is there on one side only, another status, another order of rows", async () => {
  await sql(databases[1], "update product_collection set created_at = created_at - (row_number * interval '1 day') from (select id as other, row_number() over (order by created_at desc) from product_collection) as rows where id = other; update product set status = 'draft' where handle = 'mug'");
  const [[id]] = await sql(databases[1], "select id from product where handle = 'mug'");
  const { differences } = await found(["--list", write("paths", `/store/products/${id}\n/store/products?fields=id,handle&limit=100\n`)]);
  assert.ok(differences.some(({ path, left: one, right: other }) => path === "status" && one === 200 && other === 404));
  assert.ok(differences.some(({ route, path }) => route === "GET /store/products" && path === "body.products.length"));
  await sql(databases[1], "update product set status = 'published' where handle = 'mug'");
});

await check("an access log: its GETs, each once; only GETs are sent, secrets of the environment to admin routes alone", async () => {
  const line = (request) => `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "${request}" 200 12 "-" "a browser"`;
  const log = write("access.log", ["GET /store/products?limit=1 HTTP/1.1", "POST /store/carts HTTP/1.1", "GET /store/products?limit=1 HTTP/1.1", "GET /admin/orders HTTP/1.1", "GET /health HTTP/1.1", "GET /store/auth HTTP/1.1", "DELETE /store/carts/cart_1/line-items/item_1 HTTP/1.1"].map(line).join("\n") + "\n{\"level\":\"info\",\"message\":\"no line of it\"}\n");
  await standIn((_, response) => json(response, { same: true }), async (base, asked) => {
    const { code, sent, alike } = await found(["--log", log], { ...admins, STHENO_COMPARE_HEADERS: JSON.stringify({ "x-publishable-api-key": "pk_1" }) }, [base, base]);
    assert.deepEqual([code, sent, alike], [0, 2, 2]);
    assert.deepEqual([...new Set(asked.map(([method, url]) => `${method} ${url}`))].sort(), ["GET /admin/orders", "GET /store/products?limit=1"]);
    for (const [, url, headers] of asked) assert.deepEqual([Boolean(headers.authorization), headers["x-publishable-api-key"]], [url.startsWith("/admin"), "pk_1"]);
  });
});

await check("the one GET that changes something in Medusa is not sent for somebody who may be logged in", async () => {
  const list = write("paths", "/store/carts/cart_1\n/store/products?limit=1\n");
  await standIn((_, response) => json(response, {}), async (base, asked) => {
    assert.equal((await found(["--list", list], { STHENO_COMPARE_HEADERS: JSON.stringify({ Authorization: "Bearer x" }) }, [base, base])).sent, 1);
    assert.deepEqual([...new Set(asked.map(([, url]) => url))], ["/store/products?limit=1"]);
    assert.equal((await found(["--list", list], {}, [base, base])).sent, 2);
  });
});

await check("known differences are named with their reason, and are none", async () => {
  const discount = (usage_count) => (_, response) => json(response, { discounts: [{ id: "disc_1", usage_count }] });
  await standIn(discount(1), (base) => standIn(discount(2), async (other) => {
    const list = write("paths", "/admin/discounts\n");
    const { code, differences, known } = await found(["--list", list], {}, [base, other]);
    assert.deepEqual([code, differences], [0, []]);
    assert.match(known[0].reason, /counts the use of a discount/);
    assert.match((await compared(["--list", list, "--known"], {}, [base, other])).output, /known \(1 times\): Medusa counts the use/);
  }));
});

await check("a shop that is alive: what differs for a moment is asked again, and is no difference", async () => {
  let times = 0;
  await standIn((_, response) => json(response, { cart: { id: "cart_1", total: times++ === 0 ? 1 : 2 } }), (base) => standIn((_, response) => json(response, { cart: { id: "cart_1", total: 2 } }), async (other) => {
    assert.equal((await found(["--list", write("paths", "/store/carts/cart_1\n")], {}, [base, other])).code, 0);
  }));
});

await check("arrays without an order may stand in any, lists of rows may not", async () => {
  const rows = [{ id: "a", tags: [{ id: "1" }, { id: "2" }] }, { id: "b", tags: [] }];
  const turned = [{ ...rows[0], tags: [...rows[0].tags].reverse() }, rows[1]];
  await standIn((_, response) => json(response, { products: rows }), (base) => standIn((request, response) => json(response, { products: request.url.includes("turned") ? turned : [...rows].reverse() }), async (other) => {
    assert.equal((await found(["--list", write("paths", "/store/products?turned\n")], {}, [base, other])).code, 0);
    assert.equal((await found(["--list", write("paths", "/store/products?reversed\n")], {}, [base, other])).code, 1);
  }));
});

await check("an answer that is cut off is told as one that failed", async () => {
  const cut = (_, response) => { response.writeHead(200, { "content-type": "application/json", "content-length": "100" }); response.write("{"); setTimeout(() => response.destroy(), 20); };
  await standIn((_, response) => json(response, {}), (base) => standIn((request, response) => (request.url.includes("cut") ? cut(request, response) : json(response, {})), async (other) => {
    const { code, failed, differences } = await found(["--list", write("paths", "/store/regions\n/store/products?cut\n")], {}, [base, other]);
    assert.deepEqual([code, failed, differences.map(({ path }) => path)], [1, 1, ["answer"]]);
  }));
});

await check("at most as many requests as told, at most as fast", async () => {
  await standIn((_, response) => json(response, {}), async (base, asked) => {
    const began = performance.now();
    const { sent, left_over } = await found(["--list", write("paths", Array.from({ length: 40 }, (_, i) => `/store/products?offset=${i}`).join("\n")), "--most", "10", "--rate", "20"], {}, [base, base]);
    assert.deepEqual([sent, asked.length], [10, 20]);
    assert.ok(left_over >= 0 && performance.now() - began > 440);
  });
});

await check("what can't be compared ends with 2, or 1 for a wrong command, and says why", async () => {
  const says = async (args, code, pattern, environment) => { const done = await command(folder, ["compare", ...args], { environment }); assert.equal(done.code, code, done.output); assert.match(done.output, pattern); };
  await says(["--right", right], 1, /--left is missing/);
  await says(["--left", "shop", "--right", right], 2, /--left is no http/);
  await says(["--left", left, "--right", right, "--rate", "0"], 1, /--rate is 0; it accepts a number from 1/);
  await says(["--left", left, "--right", right, "--list", "nowhere"], 2, /nowhere: ENOENT/);
  await says(["--left", left, "--right", right, "--list", write("paths", "products\n")], 2, /no path to read: products/);
  await says(["--left", "http://127.0.0.1:1", "--right", right], 2, /no answer: left .*ECONNREFUSED/);
  await says(["--left", left, "--right", right], 2, /STHENO_COMPARE_HEADERS is no JSON object/, { STHENO_COMPARE_HEADERS: "secret" });
});

await Promise.all(servers.map((server) => server.stop()));
await dropAll();
finish();
