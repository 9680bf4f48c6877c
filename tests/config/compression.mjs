#!/usr/bin/env node
// projectConfig.http_compression; the real Medusa beside it where it is installed.
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { folderWith, refuses, serves } from "../lib/configured.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { send } from "../lib/script.mjs";
import { peer, serve } from "../lib/servers.mjs";
import { redis, sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
// A shop of its own with a description of four megabytes, which shrink to a half.
const longShop = { database_url: await copy(await template("stheno")) };
const [[longProduct]] = await sql(longShop.database_url, "update product set description = (select string_agg(md5(i::text), '') from generate_series(1, 130000) i) where id = (select min(id) from product) returning id");
const long = `/store/products/${longProduct}?fields=id,description&expand=`;
const compressed = (http_compression, more) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, store_cors: "http://localhost:8000", http_compression, ...more }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
const ask = (base, path, encoding, { method = "GET", headers = {}, body } = {}) => send(base, { method, path, headers: { ...(encoding === undefined ? {} : { "accept-encoding": encoding }), ...headers }, body });
const decode = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };
const plain = ({ bytes, headers }) => (headers["content-encoding"] ? decode[headers["content-encoding"]](bytes) : bytes).toString("utf8");
const encodingOf = async (base, path, encoding, options) => (await ask(base, path, encoding, options)).headers["content-encoding"];
const list = "/store/products?limit=100", small = "/store/products?limit=1&fields=id&expand=";

await check("by default nothing is compressed", () => serves(compressed(undefined), {}, async ({ base }) => {
  const { headers } = await ask(base, list, "gzip");
  assert.equal(headers["content-encoding"], undefined);
  assert.equal(headers.vary, "Origin");
  assert.ok(Number(headers["content-length"]) > 10_000);
}));

await check("what is decompressed is what is sent without: br, gzip, deflate; small, kept, of many megabytes", () => serves(compressed({ enabled: true }, longShop), {}, async ({ base }) => {
  for (const path of ["/store/products?limit=5&order=-title", "/store/products?limit=5&order=-title", long, "/store/regions"])
    for (const encoding of ["br", "gzip", "deflate"]) {
      const [coded, bare] = [await ask(base, path, encoding), await ask(base, path)];
      assert.equal(coded.headers["content-encoding"], encoding, path);
      assert.ok(coded.bytes.length < bare.bytes.length, path);
      assert.equal(plain(coded), bare.text, path);
      assert.equal(coded.headers.etag, bare.headers.etag);
      assert.deepEqual([coded.headers["content-length"], coded.headers["transfer-encoding"], coded.headers.vary], [undefined, "chunked", "Origin, Accept-Encoding"]);
      assert.deepEqual([bare.headers["content-encoding"], bare.headers.vary], [undefined, "Origin, Accept-Encoding"]);
    }
}));
await check("a long body leaves the thread to others meanwhile", () => serves(compressed({ enabled: true, level: 9 }, longShop), { args: ["--threads", "1"] }, async ({ base }) => {
  await ask(base, long);
  let done = false, served = 0;
  const slow = ask(base, long, "gzip").finally(() => { done = true; });
  while (!done) { await ask(base, "/health"); served += done ? 0 : 1; }
  assert.equal((await slow).headers["content-encoding"], "gzip");
  assert.ok(served >= 3, `${served} requests were served beside it`);
}));

await check("threshold: bytes as a number or a text; what is as long is compressed, what is shorter is not", async () => {
  let length;
  await serves(compressed({ enabled: true, threshold: 0 }), {}, async ({ base }) => {
    length = (await ask(base, small)).bytes.length;
    assert.equal(await encodingOf(base, small, "gzip"), "gzip");
  });
  for (const [threshold, wanted] of [[length, "gzip"], [length + 1, undefined], [`${length}`, "gzip"], [`${length + 1}b`, undefined], ["0.01kb", "gzip"], ["1KB", undefined], [undefined, undefined], [null, undefined], ["abc", undefined]])
    await serves(compressed({ enabled: true, threshold }), {}, async ({ base }) => {
      assert.equal(await encodingOf(base, small, "gzip"), wanted, `${threshold}`);
      assert.equal((await ask(base, small, "gzip")).headers.vary, "Origin, Accept-Encoding");
      assert.equal(await encodingOf(base, list, "gzip"), "gzip");
    });
});
await check("level: 1 makes more bytes than 9, 0 as many as there were, -1 is 6; numbers may be texts", async () => {
  const size = {};
  for (const level of [-1, 0, 1, 6, "6", 9]) await serves(compressed({ enabled: true, level, memLevel: "9" }), {}, async ({ base }) => {
    const answer = await ask(base, list, "gzip");
    assert.equal(plain(answer), (await ask(base, list)).text);
    size[`${level}${typeof level === "string" ? " as a text" : ""}`] = answer.bytes.length;
  });
  assert.ok(size[1] > size[6] && size[6] >= size[9] && size[0] > size[1], JSON.stringify(size));
  assert.equal(size[-1], size[6]);
  assert.equal(size["6 as a text"], size[6]);
});
await check("memLevel counts for long bodies", async () => {
  const sizes = [];
  for (const memLevel of [1, 9]) await serves(compressed({ enabled: true, memLevel }, longShop), {}, async ({ base }) => {
    const answer = await ask(base, long, "gzip");
    assert.ok(plain(answer).length > 4_000_000);
    sizes.push(answer.bytes.length);
  });
  assert.notEqual(sizes[0], sizes[1]);
});
await check("what 1.20 answers with 500, or doesn't start with, is refused; what it takes as true is said", async () => {
  for (const [given, pattern] of [[{ level: 10 }, /http_compression\.level is 10; it accepts a whole number from -1 to 9/], [{ level: "fast" }, /level is "fast"/], [{ memLevel: 0 }, /memLevel is 0; it accepts a whole number from 1 to 9/], [true, /http_compression is true; it accepts an object/], ["x", /http_compression is a text/]])
    assert.match(await refuses(compressed(typeof given === "object" ? { enabled: true, ...given } : given)), pattern);
  await serves(compressed({ enabled: "false" }), {}, async ({ base, lines }) => {
    assert.equal(await encodingOf(base, list, "gzip"), "gzip");
    assert.equal(lines("every text but an empty one means true").length, 1);
  });
});

// ---- beside the real Medusa: the same requests, the same headers
const preferences = ["gzip", "deflate", "br", "gzip, deflate, br", "deflate, gzip", "gzip;q=0.5, deflate;q=0.9", "br;q=0, gzip;q=0", "*", "*;q=0", "*;q=0.1, deflate;q=0.2", "identity", "identity;q=1, gzip;q=0.5", "gzip;q=0.5", "gzip;q=0", "GZIP", "x-gzip", "compress", "", "gzip;q=x", "gzip; q=0.8, br; q=0.8", "deflate, identity;q=0.2, *;q=0", " , gzip", "gzip;level=9;q=0.3, br;q=0.2", "identity;q=0", "zstd, br"];
const requests = [
  ...preferences.map((encoding) => [list, encoding]),
  [list, undefined],
  [small, "gzip"],
  ["/health", "gzip"],
  ["/health", "gzip", { method: "HEAD" }],
  ["/nowhere", "gzip"],
  ["/store/nowhere", "gzip"],
  ["/admin/products", "gzip"],
  ["/store/products/none", "gzip"],
  [list, "gzip", { method: "HEAD" }],
  [list, "gzip", { method: "OPTIONS", headers: { origin: "http://localhost:8000" } }],
  [list, "gzip", { headers: { origin: "http://localhost:8000" } }],
  [list, "gzip", { headers: { "x-no-compression": "1" } }],
  [list, "gzip", { headers: { "x-no-compression": "false" } }],
  [list, "gzip", { headers: { "x-no-compression": "" } }],
  [list, "gzip", { headers: { "if-none-match": "*" } }],
  [list, "gzip", { headers: { "cache-control": "no-transform" } }],
  ["/store/carts", "gzip", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }],
];
const named = ([path, encoding, { method = "GET", headers = {} } = {}]) => `${method} ${path.slice(0, 20)} accept-encoding: ${encoding ?? "-"} ${JSON.stringify(headers)}`;
const { missing } = peer();
if (missing) skip("compression beside the real Medusa", missing);
else {
  const folder = folderWith({ ...compressed({ enabled: true, threshold: "1kb" }, { redis_url: await redis() }), modules: { eventBus: { resolve: "@medusajs/event-bus-local" }, cacheService: { resolve: "@medusajs/cache-inmemory" } }, featureFlags: { product_categories: true } });
  const environment = { NODE_ENV: "development", REDIS_URL: "" };
  const servers = [await serve("stheno", { folder, database, environment }), await serve("medusa", { folder, database, environment })];
  const seen = async (base, [path, encoding, options]) => {
    const answer = await ask(base, path, encoding, options);
    const headers = [];
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      const [name, value] = answer.rawHeaders.slice(at, at + 2);
      if (!["Date", "Set-Cookie"].includes(name)) headers.push(`${name}: ${["ETag", "Content-Length"].includes(name) ? "..." : value}`);
    }
    return { status: answer.status, headers, body: plain(answer).length > 0 };
  };
  for (const request of requests)
    await check(`beside the real Medusa: ${named(request)}`, async () => assert.deepEqual(await seen(servers[0].base, request), await seen(servers[1].base, request)));
  await Promise.all(servers.map((server) => server.stop()));
}

await dropAll();
finish();
