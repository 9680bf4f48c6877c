#!/usr/bin/env node
// projectConfig.store_cors, admin_cors, auth_cors: who may call from a browser, and what the answers say of it.
import assert from "node:assert/strict";
import { refuses, serves } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { send } from "../lib/script.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const config = (more) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...more } });
const ask = (base, path, origin, method = "GET", headers = {}) => send(base, { method, path, headers: { ...(origin === undefined ? {} : { origin }), ...headers } });
const allowed = async (base, path, origin) => (await ask(base, path, origin)).headers["access-control-allow-origin"];
const store = "/store/regions", admin = "/admin/auth";

// Rows: a list, an origin, whether it is allowed. Two lists a server: one for /store, one for /admin.
const lists = [
  ["http://a.com, http://b.com", { "http://a.com": true, "http://b.com": true, "http://A.com": false, "http://a.com/": false, "https://a.com": false, "http://a.com.evil.com": false }],
  ["*", { "http://a.com": false, "*": true }],
  ["", { "http://a.com": false, undefined: false }],
  ["/\\.shop\\.com$/", { "http://x.shop.com": true, "http://x.shop.com.evil.com": false, "http://X.SHOP.COM": false, "http://shop.com": false }],
  ["/shop\\.com/i,http://b.com", { "http://SHOP.com.anything": true, "http://b.com": true }],
  ["/^https?:\\/\\/[\\w-]+\\.shop\\.(com|de)$/g", { "https://x.shop.de": true, "http://y.shop.com": true, "https://x.y.shop.de": false }],
  ["/http:\\/\\/a\\.com/y", { "http://a.com": true, "http://a.com.evil.com": true, "x-http://a.com": false }],
  ["/a\\.com/x,http://b.com", { "http://a.com": false, "/a\\.com/x": true, "http://b.com": true }],
  ["~^http://(?!evil)[a-z]+$~", { "http://good": true, "http://evil": false }],
  ["@(?<scheme>https?)://\\u0061\\.com$@u", { "http://a.com": true, "ftp://a.com": false }],
  [[/^http:\/\/a{1,2}\.com$/i, "http://b.com,http://c.com", "/d{2,3}$/"], { "http://AA.com": true, "http://aaa.com": false, "http://b.com": false, "http://add": true }],
  [["http://a.com", /[^]x$/, /(?:[]|y)$/], { "http://a.com": true, "http://x": true, "http://y": true, "http://z": false }],
  ["/^(a+)+$/,/(.*a){25}$/,/^(([a-z])+.)+[A-Z]([a-z])+$/,http://b.com", { "http://b.com": true }],
  [null, { "http://a.com": false }], [false, { "http://a.com": false }], [0, { "http://a.com": false }], [undefined, { "http://a.com": false }],
];
for (let at = 0; at < lists.length; at += 2) {
  const pair = lists.slice(at, at + 2);
  await check(`lists: ${pair.map(([list]) => `${list}`).join("  and  ")}`, () =>
    serves(config({ store_cors: pair[0][0], admin_cors: pair[1]?.[0] }), {}, async ({ base }) => {
      for (const [index, [, origins]] of pair.entries())
        for (const [origin, wanted] of Object.entries(origins)) {
          const sent = origin === "undefined" ? undefined : origin;
          // Twice: a flag g doesn't remember where the last match ended.
          for (let time = 0; time < 2; time++) assert.equal(await allowed(base, [store, admin][index], sent), wanted ? sent : undefined, `${[store, admin][index]} for ${origin}`);
        }
    }));
}

await check("answers: credentials and Vary always; a refused origin is served without being named", () =>
  serves(config({ store_cors: "http://a.com" }), {}, async ({ base }) => {
    for (const origin of ["http://a.com", "http://evil.com", undefined]) {
      const { status, headers } = await ask(base, store, origin);
      assert.deepEqual([status, headers["access-control-allow-credentials"], headers.vary, headers["access-control-allow-origin"]], [200, "true", "Origin", origin === "http://a.com" ? origin : undefined]);
      assert.equal(headers["access-control-expose-headers"], undefined);
    }
    // An empty list, and before anybody is asked who they are.
    const { status, headers } = await ask(base, "/admin/products", "http://a.com");
    assert.deepEqual([status, headers["access-control-allow-credentials"], headers.vary, headers["access-control-allow-origin"]], [401, "true", "Origin", undefined]);
    for (const path of ["/health", "/nowhere", "/stores", "/auth/login"]) assert.deepEqual(Object.keys((await ask(base, path, "http://a.com")).headers).filter((name) => /access-control|vary/.test(name)), [], path);
  }));
await check("preflights: any OPTIONS below /store and /admin, whether there is such a path or not", () =>
  serves(config({ store_cors: "http://a.com", admin_cors: "http://a.com" }), {}, async ({ base }) => {
    for (const path of ["/store/carts", "/store/nowhere", "/admin/products", "/admin", "/STORE/carts"])
      for (const origin of ["http://a.com", "http://evil.com"]) {
        const { status, headers, text } = await ask(base, path, origin, "OPTIONS", { "access-control-request-method": "PUT", "access-control-request-headers": "content-type, X-Own" });
        assert.deepEqual([status, text, headers["content-length"]], [204, "", "0"]);
        assert.deepEqual([headers["access-control-allow-origin"], headers["access-control-allow-methods"], headers["access-control-allow-headers"], headers["access-control-allow-credentials"], headers.vary, headers["access-control-max-age"]],
          [origin === "http://a.com" ? origin : undefined, "GET,HEAD,PUT,PATCH,POST,DELETE", "content-type, X-Own", "true", "Origin, Access-Control-Request-Headers", undefined]);
      }
    assert.equal((await ask(base, "/store/carts", "http://a.com", "OPTIONS")).headers["access-control-allow-headers"], undefined);
    const health = await ask(base, "/health", "http://a.com", "OPTIONS");
    assert.deepEqual([health.status, health.text, health.headers["access-control-allow-origin"]], [200, "GET,HEAD", undefined]);
    assert.equal((await ask(base, "/nowhere", "http://a.com", "OPTIONS")).status, 404);
  }));
await check("patterns that explode: no request waits for them", () =>
  serves(config({ store_cors: ["/^(a+)+$/", "/(.*a){25}$/", "/^(([a-z])+.)+[A-Z]([a-z])+$/", "/(x+x+)+y/", "/(a|aa)+$/", "http://b.com"] }), { args: ["--threads", "1"] }, async ({ base }) => {
    const began = performance.now();
    const answers = await Promise.all(["a", "x", "aA"].flatMap((text) => Array.from({ length: 10 }, () => ask(base, store, `${text.repeat(1000)}!`))));
    assert.ok(performance.now() - began < 5000, `${Math.round(performance.now() - began)} ms`);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(await allowed(base, store, "http://b.com"), "http://b.com");
  }));
await check("what is no list is refused, for each of the three", async () => {
  for (const key of ["store_cors", "admin_cors", "auth_cors"])
    for (const [value, shown] of [[42, "42"], [true, "true"], [{ a: 1 }, "an object"], [["http://a.com", 1], '["http://a.com",1]']])
      assert.match(await refuses(config({ [key]: value })), new RegExp(`projectConfig\\.${key} is ${shown.replace(/[[\]]/g, "\\$&")}; it accepts a text with origins separated by commas, or a list of them`));
});
await check("a pattern that a comma has cut, and one that is broken, are refused with a hint", async () => {
  assert.match(await refuses(config({ store_cors: "/a{1,2}\\.com$/" })), /projectConfig\.store_cors: the pattern \/a\{1 has no end: a comma always separates origins; give a list instead/);
  await assert.rejects(refuses(config({ store_cors: "/a" })), /it serves/); // of no pattern: a text, as in 1.20
  for (const [pattern, reason] of [["/http:(/", /missing closing parenthesis at character 7/], ["/[a/", /missing terminating \]/], ["/*a/", /quantifier does not follow a repeatable item/]])
    for (const key of ["admin_cors", "auth_cors"]) {
      const output = await refuses(config({ [key]: `http://a.com,${pattern}` }));
      assert.ok(output.includes(`projectConfig.${key}: the pattern ${pattern} is broken: `), output);
      assert.match(output, reason);
    }
});
await check("auth_cors: accepted; nothing of the server's own lies below /auth", () =>
  serves(config({ auth_cors: "http://a.com,/b$/" }), {}, async ({ base, output }) => {
    const { status, headers } = await ask(base, "/auth/login", "http://a.com");
    assert.deepEqual([status, headers["access-control-allow-origin"]], [404, undefined]);
    assert.doesNotMatch(output(), /auth_cors/);
  }));

await dropAll();
finish();
