#!/usr/bin/env node
// projectConfig.redis_url, redis_prefix, redis_options: where Redis is, under which keys, how the server connects.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { refuses, serves } from "../lib/configured.mjs";
import { freePort, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { newRedis } from "../lib/services.mjs";

const database = await copy(await template("stheno"));
const config = (projectConfig) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...projectConfig } });
const products = (base, headers) => fetch(`${base}/store/products?limit=1`, { headers });
const socket = join(temporaryDirectory("redis-socket"), "redis.sock");
const open = await newRedis({ args: ["--unixsocket", socket, "--databases", "8"] });
const closed = await newRedis({ args: ["--requirepass", "p@ss w"], probe: ["-a", "p@ss w", "--no-auth-warning"] });
await closed.cli("acl", "setuser", "shop", "on", ">user:pass", "allkeys", "allcommands");
const authority = (redis) => `127.0.0.1:${redis.port}`;

// The keys of the one session that a request makes.
async function keysOf(redis, projectConfig, { db = "0", options = {} } = {}) {
  await redis.cli("flushall");
  let keys;
  await serves(config(projectConfig), options, async ({ base, output }) => {
    const answer = await products(base);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("set-cookie") ?? "", /^connect\.sid=/, output());
    keys = (await redis.cli("-n", db, "keys", "*")).split("\n");
  });
  return keys;
}
const session = /^sess:[\w-]{32}$/;
async function keeps(redis, projectConfig, { pattern = session, ...rest } = {}) {
  const keys = await keysOf(redis, projectConfig, rest);
  assert.equal(keys.length, 1, String(keys));
  assert.match(keys[0], pattern);
}

// ---- redis_url
for (const [form, redis, url, db] of [
  ["redis://", open, `redis://${authority(open)}`],
  ["with a database", open, `redis://${authority(open)}/3`, "3"],
  ["with a database as an option", open, `redis://${authority(open)}?db=5`, "5"],
  ["without a scheme", open, authority(open)],
  ["a port alone", open, String(open.port)],
  ["the path of a socket", open, socket],
  ["the path of a socket with a database", open, `${socket}?db=4`, "4"],
  ["a password", closed, `redis://:p%40ss%20w@${authority(closed)}/1`, "1"],
  ["a user and a password", closed, `redis://shop:user%3Apass@${authority(closed)}`],
  ["a password that nobody asks for", open, `redis://:something@${authority(open)}`],
]) await check(`redis_url: ${form}`, () => keeps(redis, { redis_url: url }, { db }));
await check("redis_url: without one, sessions live in the server; production is warned", async () => {
  await open.cli("flushall");
  await serves(config({}), {}, async ({ base, output }) => {
    assert.match((await products(base)).headers.get("set-cookie"), /^connect\.sid=/);
    assert.equal(await open.cli("keys", "*"), "");
    assert.doesNotMatch(output(), /redis_url is not set/);
  });
  await serves(config({}), { environment: { NODE_ENV: "production" } }, async ({ output }) => assert.match(output(), /projectConfig\.redis_url is not set: in production sessions live in this process/));
});
await check("redis_url: what is no URL of Redis is refused by name, without its password", async () => {
  for (const [url, reason] of [["http://u:topsecret@localhost", /scheme is http/], ["redis://u:topsecret@localhost:port", /what stands as its port is no number; .*percent-encode/], ["redis://localhost/first", /what stands as its database is no number/], [7, /redis_url is a number; it accepts a text/]]) {
    const output = await refuses(config({ redis_url: url }));
    assert.match(output, /projectConfig\.redis_url/);
    assert.match(output, reason);
    assert.ok(!output.includes("topsecret"), output);
  }
});
await check("redis_url: a wrong password, or nobody there: the shop opens without stored sessions and says why", async () => {
  for (const [url, reason, meaning] of [[`redis://:wrong@${authority(closed)}`, /WRONGPASS/, "it refuses the user or the password"], [`redis://${authority(closed)}`, /NOAUTH/, "it wants a password, and none is given"], [`redis://127.0.0.1:${await freePort()}`, /Connection refused/, "nobody listens on this port"], ["redis://host.invalid", /not found/i, "its host is unknown"]]) {
    assert.match(await refuses(config({ redis_url: url }), { environment: { NODE_ENV: "production" } }), new RegExp(`error: projectConfig\\.redis_url: Redis is not available: .*${meaning}`));
    await serves(config({ redis_url: url }), {}, async ({ base, output, lines }) => {
      const began = performance.now();
      const answer = await products(base);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("set-cookie"), null);
      assert.ok(performance.now() - began < 1500, `${performance.now() - began} ms`);
      assert.match(output(), reason);
      assert.equal(lines(`Redis is not available: ${meaning}`)[0]?.key, "projectConfig.redis_url", output());
    });
  }
});

// ---- redis_prefix
await check("redis_prefix: goes before sess:", async () => {
  await keeps(open, { redis_url: open.url, redis_prefix: "shop:" }, { pattern: /^shop:sess:[\w-]{32}$/ });
  await keeps(open, { redis_url: open.url, redis_prefix: "" });
});
await check("redis_prefix: a wrong type is refused", async () => {
  assert.match(await refuses(config({ redis_url: open.url, redis_prefix: { a: 1 } })), /projectConfig\.redis_prefix is an object; it accepts a text/);
});

// ---- redis_options
const redis_url = open.url;
const clients = async (redis = open) => (await redis.cli("client", "list")).split("\n");
await check("redis_options: connectionName is what CLIENT LIST shows", () => serves(config({ redis_url, redis_options: { connectionName: "my-shop" } }), {}, async ({ base }) => {
  await products(base);
  assert.ok((await clients()).some((line) => line.includes(" name=my-shop ")), String(await clients()));
}));
await check("redis_options: db, username, password, host, port and path where the URL says nothing", async () => {
  await keeps(open, { redis_url, redis_options: { db: 6 } }, { db: "6" });
  await keeps(open, { redis_url: `${redis_url}/2`, redis_options: { db: 6 } }, { db: "2" });
  await keeps(closed, { redis_url: closed.url, redis_options: { username: "shop", password: "user:pass" } });
  await keeps(closed, { redis_url: closed.url, redis_options: { password: "p@ss w" } });
  await keeps(open, { redis_url: "redis://", redis_options: { host: "127.0.0.1", port: open.port } });
  await keeps(open, { redis_url: "redis://", redis_options: { path: socket, db: "7" } }, { db: "7" });
});
await check("redis_options: family chooses the kind of address", async () => {
  await keeps(open, { redis_url: `redis://localhost:${open.port}`, redis_options: { family: 4 } });
  await serves(config({ redis_url: `redis://localhost:${open.port}`, redis_options: { family: 6 } }), {}, async ({ base, output }) => {
    assert.equal((await products(base)).headers.get("set-cookie"), null);
    assert.match(output(), /Redis is not available/);
  });
});
await check("redis_options: keyPrefix goes before all else", async () => {
  await keeps(open, { redis_url, redis_prefix: "shop:", redis_options: { keyPrefix: "kp:" } }, { pattern: /^kp:shop:sess:/ });
  // And it is looked up under the same key.
  await serves(config({ redis_url, redis_options: { keyPrefix: "kp:" } }), {}, async ({ base }) => {
    const cookie = (await products(base)).headers.get("set-cookie").split(";")[0];
    assert.equal((await products(base, { cookie })).headers.get("set-cookie"), null);
  });
});
await check("redis_options: commandTimeout is how long a request waits for an answer", async () => {
  for (const [commandTimeout, least, most] of [[150, 100, 700], [undefined, 900, 1700]])
    await serves(config({ redis_url, redis_options: { commandTimeout } }), { args: ["--threads", "1"] }, async ({ base }) => {
      await products(base);
      await open.cli("client", "pause", "4000", "ALL");
      try {
        const began = performance.now();
        const answer = await products(base);
        const took = performance.now() - began;
        assert.equal(answer.status, 200);
        assert.ok(took > least && took < most, `${took} ms with ${commandTimeout}`);
        // Nobody else waits for what is known to be away.
        const again = performance.now();
        await Promise.all(Array.from({ length: 20 }, () => products(base)));
        assert.ok(performance.now() - again < 400, `${performance.now() - again} ms`);
      } finally { await open.cli("client", "unpause"); }
      await until(async () => (await products(base)).headers.get("set-cookie"), { seconds: 10, describe: () => "it never came back" });
    });
});
// A server that accepts and says nothing, or hangs up at once; when connections came, and how many are open.
async function deaf({ hangs_up = false } = {}) {
  const times = [];
  const sockets = new Set();
  const server = createServer((connection) => { times.push(performance.now()); connection.on("error", () => {}); if (hangs_up) connection.destroy(); else { connection.resume(); sockets.add(connection); connection.on("close", () => sockets.delete(connection)); } });
  server.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return { url: `redis://127.0.0.1:${server.address().port}`, times, sockets, close: () => { for (const connection of sockets) connection.destroy(); server.close(); } };
}
await check("redis_options: connectTimeout ends an attempt to connect, and another is made", async () => {
  const server = await deaf();
  await serves(config({ redis_url: server.url, redis_options: { connectTimeout: 300 } }), { args: ["--threads", "1"] }, async ({ base }) => {
    await until(() => server.times.length >= 3, { seconds: 5, describe: () => `${server.times.length} attempts` });
    assert.ok(server.times[1] - server.times[0] > 280, "too early");
    assert.ok(server.sockets.size <= 2, `${server.sockets.size} connections are open`);
    assert.equal((await products(base)).status, 200);
  });
  server.close();
});
await check("redis_options: retryStrategy says how long to wait before each attempt", async () => {
  const server = await deaf({ hangs_up: true });
  await serves(config({ redis_url: server.url, redis_options: { retryStrategy: (times) => times * 150 } }), { args: ["--threads", "1"] }, async () => {
    await until(() => server.times.length >= 4, { seconds: 5, describe: () => `${server.times.length} attempts` });
    const gaps = server.times.slice(1).map((time, index) => time - server.times[index]);
    [150, 300, 450].forEach((gap, index) => assert.ok(gaps[index] > gap - 20 && gaps[index] < gap + 140, String(gaps)));
  });
  server.close();
});
await check("redis_options: keepAlive and noDelay are accepted; what has no meaning is named; sentinels are refused", async () => {
  await serves(config({ redis_url, redis_options: { keepAlive: 1000, noDelay: false, lazyConnect: true, maxRetriesPerRequest: null, enableReadyCheck: false, hats: 1 } }), {}, async ({ base, output }) => {
    assert.match((await products(base)).headers.get("set-cookie"), /connect\.sid/);
    for (const name of ["lazyConnect", "enableReadyCheck", "hats"]) assert.match(output(), new RegExp(`redis_options\\.${name} is without effect here`));
    assert.doesNotMatch(output(), /redis_options\.(keepAlive|noDelay) is without/);
  });
  assert.match(await refuses(config({ redis_url, redis_options: { sentinels: [{ host: "a" }], name: "m" } })), /redis_options\.sentinels: .*not supported/);
});
await check("redis_options: wrong types are named, never shown", async () => {
  const output = await refuses(config({ redis_url, redis_options: { db: "first", password: ["topsecret"], tls: 3, commandTimeout: "soon", retryStrategy: 5 } }));
  for (const [name, accepted] of [["db", "a whole number"], ["password", "a text"], ["tls", "true, false, or an object"], ["commandTimeout", "a number of milliseconds"], ["retryStrategy", "a function"]])
    assert.match(output, new RegExp(`redis_options\\.${name} has a value of another kind; it accepts ${accepted}`));
  assert.ok(!output.includes("topsecret"), output);
  await serves(config({ redis_url, redis_options: "db=1" }), {}, async (server) => assert.match(server.output(), /redis_options is a text; it accepts an object, and counts as none/));
});

await dropAll();
finish();
