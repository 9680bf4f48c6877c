#!/usr/bin/env node
// projectConfig.session_options, the cookie, and what stands in the store; the real Medusa beside it where it is installed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { folderWith, refuses, serves } from "../lib/configured.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { newRedis } from "../lib/services.mjs";

const database = await copy(await template("stheno"));
const redis = await newRedis();
const configuration = (session_options, more) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, redis_url: redis.url, ...(session_options === undefined ? {} : { session_options }), ...more }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
const cookieOf = (answer) => answer.headers.get("set-cookie") ?? undefined;
const pair = (cookie) => cookie.split(";")[0];
const idOf = (cookie) => /^s:([^.]+)\./.exec(decodeURIComponent(pair(cookie).split("=")[1]))[1];
const keys = async () => (await redis.cli("keys", "*")).split("\n").filter((key) => key.startsWith("sess:"));
const stored = async (cookie) => { const text = await redis.cli("get", `sess:${idOf(cookie)}`); return text === "" ? null : JSON.parse(text); };
const ttl = async (cookie) => Number(await redis.cli("pttl", `sess:${idOf(cookie)}`));
const products = (base, headers) => fetch(`${base}/store/products?limit=1`, { headers });
const login = (base, headers) => fetch(`${base}/admin/auth`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(admin) });
const me = (base, cookie, headers) => fetch(`${base}/admin/auth`, { headers: { cookie: pair(cookie), ...headers } });
const signed = (id, secret) => `connect.sid=${encodeURIComponent(`s:${id}.${createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "")}`)}`;
async function run(session_options, body, { more, ...options } = {}) {
  await redis.cli("flushall");
  await serves(configuration(session_options, more), options, body);
}
const expiresIn = (cookie) => Date.parse(/Expires=([^;]+)/.exec(cookie)[1]) - Date.now();

// ---- defaults
await check("by default: any request makes a session of ten hours, stored as connect-redis stores it", () => run(undefined, async ({ base }) => {
  for (const path of ["/health", "/store/products", "/store/nothing", "/admin/products", "/nowhere"]) {
    const cookie = cookieOf(await fetch(base + path));
    assert.match(cookie, /^connect\.sid=s%3A[\w-]{32}\.[\w%]{43,}; Path=\/; Expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; HttpOnly$/, path);
    assert.ok(Math.abs(expiresIn(cookie) - 36_000_000) < 5000);
    const { cookie: kept, ...data } = await stored(cookie);
    assert.deepEqual(Object.keys(kept), ["originalMaxAge", "expires", "secure", "httpOnly", "path", "sameSite"]);
    assert.deepEqual({ ...kept, expires: 0 }, { originalMaxAge: 36_000_000, expires: 0, secure: false, httpOnly: true, path: "/", sameSite: false });
    assert.ok(Math.abs(Date.parse(kept.expires) - Date.now() - 36_000_000) < 5000);
    assert.deepEqual(data, {});
    assert.ok(Math.abs((await ttl(cookie)) - 36_000_000) < 5000);
  }
  assert.equal((await keys()).length, 5);
  // Who comes back keeps the session, without a new cookie.
  const [first] = [cookieOf(await products(base))];
  assert.equal(cookieOf(await products(base, { cookie: pair(first) })), undefined);
  assert.equal((await keys()).length, 6);
}));
await check("by default: a login is in the session, and a logout takes it out", () => run(undefined, async ({ base }) => {
  const answer = await login(base);
  assert.equal(answer.status, 200);
  const cookie = cookieOf(answer);
  assert.equal((await stored(cookie)).user_id, (await answer.json()).user.id);
  assert.equal((await me(base, cookie)).status, 200);
  assert.equal((await fetch(`${base}/admin/auth`, { method: "DELETE", headers: { cookie: pair(cookie) } })).status, 200);
  assert.equal((await me(base, cookie)).status, 401);
}));
await check("a cookie with a wrong signature, or of a session that has gone, gets a new one", () => run(undefined, async ({ base }) => {
  const cookie = pair(cookieOf(await login(base)));
  const broken = `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`;
  assert.equal((await me(base, broken)).status, 401);
  assert.ok(cookieOf(await me(base, broken)));
  await redis.cli("flushall");
  assert.notEqual(idOf(cookieOf(await me(base, cookie))), idOf(cookie));
}));

// ---- name
await check("name: the cookie's name; empty is the default", async () => {
  await run({ name: "my-shop.sid" }, async ({ base }) => {
    const cookie = cookieOf(await login(base));
    assert.match(cookie, /^my-shop\.sid=/);
    assert.equal((await me(base, cookie)).status, 200);
    assert.equal((await me(base, cookie.replace("my-shop.sid", "connect.sid"))).status, 401);
  });
  await run({ name: "" }, async ({ base }) => assert.match(cookieOf(await products(base)), /^connect\.sid=/));
});
await check("name: what is no cookie's name is refused", async () => {
  for (const name of ["my sid", "a;b", "ä", 7]) assert.match(await refuses(configuration({ name })), /session_options\.name is .*; it accepts a name for a cookie/);
});

// ---- resave
const raw = (cookie) => redis.cli("get", `sess:${idOf(cookie)}`);
await check("resave: true stores the session anew on every request, false only renews its expiry", async () => {
  for (const [resave, stays] of [[true, false], [undefined, false], [false, true]])
    await run(resave === undefined ? {} : { resave }, async ({ base }) => {
      const cookie = cookieOf(await login(base));
      const before = await raw(cookie);
      await redis.cli("expire", `sess:${idOf(cookie)}`, "100");
      await pause(20); // so that a stored expiry differs
      await me(base, cookie);
      await until(async () => (await ttl(cookie)) > 200_000, { seconds: 3, describe: () => "the expiry was not renewed" });
      assert.equal((await raw(cookie)) === before, stays, `resave ${resave}`);
      const [was, is] = [JSON.parse(before), JSON.parse(await raw(cookie))];
      assert.equal(is.user_id, was.user_id);
    });
});
await check("resave: a session that was ended elsewhere is not brought back", () => run({}, async ({ base }) => {
  const cookie = cookieOf(await login(base));
  const requests = Array.from({ length: 20 }, () => me(base, cookie));
  await redis.cli("del", `sess:${idOf(cookie)}`);
  await Promise.all(requests);
  // A request that had read it before the end only renews what is there.
  await me(base, cookie);
  assert.equal(await stored(cookie), null);
}));

// ---- rolling
await check("rolling: true sends the cookie with every answer, its expiry renewed", () => run({ rolling: true, ttl: 60_000 }, async ({ base }) => {
  const cookie = cookieOf(await products(base));
  const again = cookieOf(await products(base, { cookie: pair(cookie) }));
  assert.equal(idOf(again), idOf(cookie));
  assert.ok(Math.abs(expiresIn(again) - 60_000) < 3000);
}));
await check("rolling: false sends it only with what has changed", () => run({ rolling: false }, async ({ base }) => {
  const cookie = cookieOf(await products(base));
  assert.equal(cookieOf(await products(base, { cookie: pair(cookie) })), undefined);
  const after = cookieOf(await login(base, { cookie: pair(cookie) }));
  assert.notEqual(idOf(after), idOf(cookie)); // a log-in is a new session
  assert.equal(cookieOf(await me(base, after)), undefined);
}));

// ---- saveUninitialized, saveUntouched
await check("saveUninitialized: false makes a session only at a login", () => run({ saveUninitialized: false }, async ({ base }) => {
  for (const path of ["/health", "/store/products", "/nowhere"]) assert.equal(cookieOf(await fetch(base + path)), undefined);
  assert.equal((await keys()).length, 0);
  const cookie = cookieOf(await login(base));
  assert.equal((await me(base, cookie)).status, 200);
  assert.equal((await keys()).length, 1);
}));
await check("saveUntouched: false spares the store what is neither /store nor /admin", () => run({ saveUntouched: false }, async ({ base }) => {
  const before = await redis.cli("info", "commandstats");
  for (const path of ["/health", "/nowhere"]) assert.equal(cookieOf(await fetch(base + path, { headers: { cookie: pair(signed("x".repeat(32), "c")) } })), undefined);
  assert.equal((await keys()).length, 0);
  assert.equal((await redis.cli("info", "commandstats")).includes("cmdstat_get"), before.includes("cmdstat_get"));
  assert.ok(cookieOf(await products(base)));
  assert.ok(cookieOf(await fetch(`${base}/admin/products`)));
  assert.equal((await keys()).length, 2);
}));

// ---- secret
await check("secret: signs in place of cookie_secret; of a list the first signs and all verify", async () => {
  await run({ secret: "of the session" }, async ({ base }) => {
    const cookie = pair(cookieOf(await products(base)));
    assert.equal(cookie, signed(idOf(cookie), "of the session"));
  });
  await run({ secret: ["new", "old"] }, async ({ base }) => {
    const cookie = pair(cookieOf(await login(base)));
    assert.equal(cookie, signed(idOf(cookie), "new"));
    assert.equal((await me(base, signed(idOf(cookie), "old"))).status, 200);
    assert.equal((await me(base, signed(idOf(cookie), "c"))).status, 401);
  });
  await run(undefined, async ({ base }) => {
    const cookie = pair(cookieOf(await products(base)));
    assert.equal(cookie, signed(idOf(cookie), "c"));
  });
  // 1.20 answers 500 to everything with an empty one.
  await run({ secret: "" }, async ({ base }) => {
    const cookie = pair(cookieOf(await products(base)));
    assert.equal(cookie, signed(idOf(cookie), "c"));
  });
});
await check("secret: a wrong type is refused without showing it", async () => {
  for (const secret of [[["topsecret"]], { a: "topsecret" }]) {
    const output = await refuses(configuration({ secret }));
    assert.match(output, /session_options\.secret is an? (list|object); it accepts a text or a list of texts/);
    assert.ok(!output.includes("topsecret"));
  }
});

// ---- ttl
await check("ttl: milliseconds, also written as a text", async () => {
  for (const ttl_ of [90_000, "90000"])
    await run({ ttl: ttl_ }, async ({ base }) => {
      const cookie = cookieOf(await products(base));
      assert.ok(Math.abs(expiresIn(cookie) - 90_000) < 3000);
      assert.equal((await stored(cookie)).cookie.originalMaxAge, 90_000);
      assert.ok(Math.abs((await ttl(cookie)) - 90_000) < 3000);
    });
});
await check("ttl: false makes a cookie that ends with the browser, stored for a day", () => run({ ttl: false }, async ({ base }) => {
  const cookie = cookieOf(await products(base));
  assert.doesNotMatch(cookie, /Expires/);
  assert.deepEqual((await stored(cookie)).cookie, { originalMaxAge: false, expires: false, secure: false, httpOnly: true, path: "/", sameSite: false });
  assert.ok(Math.abs((await ttl(cookie)) - 86_400_000) < 5000);
}));
await check("ttl: 0 stores nothing; null is the default; a word is refused", async () => {
  await run({ ttl: 0 }, async ({ base }) => {
    assert.ok(expiresIn(cookieOf(await products(base))) <= 1000);
    assert.equal((await keys()).length, 0);
  });
  await run({ ttl: null }, async ({ base }) => assert.ok(Math.abs(expiresIn(cookieOf(await products(base))) - 36_000_000) < 5000));
  assert.match(await refuses(configuration({ ttl: "long" })), /session_options\.ttl is "long"; it accepts a number of milliseconds or false/);
});
await check("session_options that is no object counts as none, unknown keys as not there", async () => {
  for (const value of ["name", 7, { domain: "example.com", sameSite: "strict", httpOnly: false }])
    await run(value, async ({ base }) => assert.match(cookieOf(await products(base)), /^connect\.sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly$/));
});

// ---- the cookie by NODE_ENV and X-Forwarded-Proto
for (const [mode, secure] of [["production", true], ["staging", true], ["prod", false], ["development", false], ["qa", false]])
  await check(`NODE_ENV ${mode}: the cookie is ${secure ? "Secure; SameSite=None, and sent over TLS alone" : "plain"}`, () => run(undefined, async ({ base }) => {
    const over = async (proto) => cookieOf(await products(base, proto === undefined ? {} : { "x-forwarded-proto": proto }));
    if (!secure) {
      for (const proto of [undefined, "https", "http"]) assert.match(await over(proto), /; HttpOnly$/);
      return;
    }
    for (const proto of [undefined, "http", "http,https", "http, https"]) assert.equal(await over(proto), undefined, proto);
    for (const proto of ["https", "HTTPS", "https,http", " https , http"]) assert.match(await over(proto), /; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/, proto);
    const kept = (await stored(await over("https"))).cookie;
    assert.deepEqual([kept.secure, kept.sameSite], [true, "none"]);
    // What a proxy says counts per request: the session holds without it, only no cookie is sent.
    const answer = await login(base, { "x-forwarded-proto": "https" });
    assert.equal((await me(base, cookieOf(answer))).status, 200);
  }, { environment: { NODE_ENV: mode } }));

// ---- in memory
await check("without Redis: sessions live in the server, expire, and are bounded", async () => {
  await run({ ttl: 300 }, async ({ base }) => {
    const cookie = cookieOf(await login(base));
    assert.equal((await me(base, cookie)).status, 200);
    await until(async () => { await pause(350); return (await me(base, cookie)).status === 401; }, { seconds: 5, describe: () => "it did not expire" });
  }, { more: { redis_url: undefined } });
  await run(undefined, async ({ base, process: { pid } }) => {
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
    const logged_in = cookieOf(await login(base));
    const visit = async (times) => { for (let done = 0; done < times; done += 250) await Promise.all(Array.from({ length: 250 }, () => fetch(`${base}/health`).then((answer) => answer.text()))); };
    await visit(12_000); // the bound for those without data is 10,000
    const before = memory();
    await visit(12_000);
    assert.ok(memory() - before < 4096, `${memory() - before} KiB more`);
    assert.equal((await me(base, logged_in)).status, 200, "visitors have pushed out who is logged in");
  }, { more: { redis_url: undefined } });
});
await check("while the store is away: visitors are served, who is logged in hears 503 and is not logged out", async () => {
  const own = await newRedis();
  await serves(configuration(undefined, { redis_url: own.url }), { args: ["--threads", "1"] }, async ({ base }) => {
    const cookie = cookieOf(await login(base));
    await own.cli("set", "keep", "1");
    await own.cli("client", "pause", "60000", "ALL").catch(() => {});
    const answers = await Promise.all([me(base, cookie), fetch(`${base}/admin/auth`), products(base, { cookie: pair(cookie) }), login(base)]);
    assert.deepEqual(answers.map(({ status }) => status), [503, 401, 200, 503]);
    await own.cli("client", "unpause");
    await until(async () => (await me(base, cookie)).status === 200, { seconds: 10, describe: () => "the session did not come back" });
  });
  await own.stop();
});

// ---- beside the real Medusa
const { missing } = peer();
if (missing) skip("sessions shared with the real Medusa", missing);
else {
  const shared = (session_options, prefix) => ({ ...configuration(session_options, { redis_prefix: prefix }), modules: { eventBus: { resolve: "@medusajs/event-bus-local" }, cacheService: { resolve: "@medusajs/cache-inmemory" } }, featureFlags: { product_categories: true } });
  for (const [what, session_options, prefix] of [
    ["the defaults", undefined, undefined],
    ["a name, a prefix, resave and saveUninitialized false, rolling", { name: "shop.sid", resave: false, rolling: true, saveUninitialized: false, ttl: 120_000, secret: ["a", "b"] }, "shop:"],
    ["ttl false", { ttl: false }, "p:"],
  ]) {
    await redis.cli("flushall");
    const folder = folderWith(shared(session_options, prefix));
    const environment = { NODE_ENV: "development", REDIS_URL: "" };
    const servers = [await serve("stheno", { folder, database, environment }), await serve("medusa", { folder, database, environment })];
    const key = (cookie) => `${prefix ?? ""}sess:${idOf(cookie)}`;
    // What differs from run to run is replaced: ids, signatures, times.
    const shape = (cookie) => cookie?.replace(/=s%3A[^;]+/, "=<id>").replace(/Expires=[^;]+/, "Expires=<time>");
    const observe = async (base) => {
      const first = cookieOf(await products(base));
      const answer = await login(base, first ? { cookie: pair(first) } : {});
      const cookie = cookieOf(answer) ?? first;
      const { user_mark, ...value } = JSON.parse(await redis.cli("get", key(cookie))); // which is ours alone
      const seen = { first: shape(first), login: shape(cookieOf(answer)), again: shape(cookieOf(await me(base, cookie))), value: JSON.stringify(value).replace(/"expires":"[^"]+"/, '"expires":"<time>"'), seconds: Math.round(Number(await redis.cli("ttl", key(cookie))) / 10) };
      return { seen, cookie };
    };
    const [ours, theirs] = [await observe(servers[0].base), await observe(servers[1].base)];
    await check(`beside the real Medusa, ${what}: cookies and stored values are the same`, () => assert.deepEqual(ours.seen, theirs.seen));
    await check(`beside the real Medusa, ${what}: each takes the other's session, and its end`, async () => {
      assert.equal((await me(servers[0].base, theirs.cookie)).status, 200);
      assert.equal((await me(servers[1].base, ours.cookie)).status, 200);
      // Medusa ends that one session, this server all of the admin's.
      for (const [at, { cookie }] of [[1, ours], [0, theirs]]) {
        assert.equal((await fetch(`${servers[at].base}/admin/auth`, { method: "DELETE", headers: { cookie: pair(cookie) } })).status, 200);
        assert.equal((await me(servers[1 - at].base, cookie)).status, 401);
      }
    });
    await Promise.all(servers.map((server) => server.stop()));
  }
}

await redis.stop();
await dropAll();
finish();
