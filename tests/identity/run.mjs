#!/usr/bin/env node
// Who is logged in, for how long, and what guessing costs: over restarts, over several servers, with Redis and without.
import assert from "node:assert/strict";
import { createHmac, randomBytes, scryptSync, createHash } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import net from "node:net";
import { serves, started } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin } from "../lib/servers.mjs";
import { send } from "../lib/script.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const redis = await newRedis();
const database = await copy(await template("stheno"));
const secret = "identity-secret";
const configuration = (projectConfig) => ({ projectConfig: { jwt_secret: secret, cookie_secret: "c", database_url: database, ...projectConfig }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual", "@medusajs/file-local"] });
const withRedis = { redis_url: redis.url };

const ask = (base, method, path, { body, ...headers } = {}) => send(base, { method, path, headers: { ...(body ? { "content-type": "application/json" } : {}), ...headers }, body: body && JSON.stringify(body) });
const cookieOf = ({ headers }) => headers["set-cookie"]?.[0].split(";")[0];
const sign = (claims, key = secret) => {
  const text = [{ alg: "HS256", typ: "JWT" }, { iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 900, ...claims }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
};
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const logIn = async (base, person, headers = {}) => {
  const answer = await ask(base, "POST", "/admin/auth", { ...headers, body: { email: person.email, password: person.password } });
  assert.equal(answer.status, 200, answer.text);
  return { cookie: cookieOf(answer) };
};
const tokenOf = async (base, person) => bearer((await ask(base, "POST", "/admin/auth/token", { body: { email: person.email, password: person.password } })).json.access_token);
const statusOf = async (base, headers, path = "/admin/auth") => (await ask(base, "GET", path, headers)).status;
let people = 0;
async function newAdmin(base) {
  const person = { email: `admin${++people}@stheno.test`, password: "Many snakes" };
  const answer = await ask(base, "POST", "/admin/users", { ...(await tokenOf(base, admin)), body: person });
  assert.equal(answer.status, 200, answer.text);
  return { ...person, id: answer.json.user.id };
}
const hashOf = async (id, table = '"user"') => (await sql(database, `select password_hash from ${table} where id = '${id}'`))[0][0];
async function setPassword(base, person, password) {
  const token = sign({ user_id: person.id, email: person.email }, await hashOf(person.id));
  const answer = await ask(base, "POST", "/admin/users/reset-password", { body: { email: person.email, token, password } });
  assert.equal(answer.status, 200, answer.text);
}
// As 1.20 hashes: next to nothing to compute.
function weakHash(password) {
  const head = Buffer.concat([Buffer.from("scrypt\0\u0001\0\0\0\u0001\0\0\0\u0001", "latin1"), randomBytes(32)]);
  const checked = Buffer.concat([head, createHash("sha256").update(head).digest().subarray(0, 16)]);
  const key = scryptSync(password, head.subarray(16), 64, { N: 2, r: 1, p: 1 });
  return Buffer.concat([checked, createHmac("sha256", key.subarray(32)).update(checked).digest()]).toString("base64");
}
// Two servers on one database.
async function two(projectConfig, body, options = {}) {
  const servers = await Promise.all([started(configuration(projectConfig), options), started(configuration(projectConfig), options)]);
  try {
    for (const server of servers) if (server.ended) throw new Error(server.output());
    return await body(servers[0].base, servers[1].base);
  } finally { await Promise.all(servers.map((server) => server.stop())); }
}

// ---- who is there
for (const [where, projectConfig] of [["in memory", {}], ["in Redis", withRedis]]) {
  await check(`${where}: a removed admin is nobody at once, whoever removed them, on every server`, () => two(projectConfig, async (one, other) => {
    const person = await newAdmin(one);
    const [session, token] = [await logIn(one, person), await tokenOf(one, person)];
    await sql(database, `update "user" set api_token = 'token of ${person.id}' where id = '${person.id}'`);
    const logins = [[one, session], ...[one, other].flatMap((base) => [[base, token], [base, { "x-medusa-access-token": `token of ${person.id}` }]]), ...(where === "in Redis" ? [[other, session]] : [])];
    for (const [base, headers] of logins) assert.equal(await statusOf(base, headers, "/admin/products?limit=1"), 200);
    await sql(database, `update "user" set deleted_at = now() where id = '${person.id}'`);
    for (const [base, headers] of logins) for (const path of ["/admin/products?limit=1", "/admin/auth", "/admin/orders"]) assert.equal(await statusOf(base, headers, path), 401, `${base} ${JSON.stringify(headers)}`);
    const made = await ask(other, "POST", "/admin/users", { ...token, body: { email: "more@stheno.test", password: "x" } });
    assert.equal(made.status, 401);
  }));
  await check(`${where}: a new password ends sessions and tokens, on every server`, () => two(projectConfig, async (one, other) => {
    const person = await newAdmin(one);
    const logins = [[one, await logIn(one, person)], [other, await logIn(other, person)], [one, await tokenOf(one, person)], [other, await tokenOf(one, person)]];
    for (const [base, headers] of logins) assert.equal(await statusOf(base, headers), 200);
    await setPassword(one, person, "More snakes");
    for (const [base, headers] of logins) assert.equal(await statusOf(base, headers), 401);
    assert.equal(await statusOf(other, await tokenOf(other, { ...person, password: "More snakes" })), 200);
  }));
  await check(`${where}: a log-out ends all sessions of that person, and nobody else's`, () => (where === "in Redis" ? two : (config, body) => serves(configuration(config), {}, ({ base }) => body(base, base)))(projectConfig, async (one, other) => {
    const [person, another] = [await newAdmin(one), await newAdmin(one)];
    const sessions = [await logIn(one, person), await logIn(other, person), await logIn(one, person)];
    const [foreign, token] = [await logIn(other, another), await tokenOf(one, person)];
    assert.equal((await ask(one, "DELETE", "/admin/auth", sessions[0])).status, 200);
    for (const base of [one, other]) for (const session of sessions) assert.equal(await statusOf(base, session), 401);
    assert.equal(await statusOf(one, foreign), 200);
    assert.equal(await statusOf(one, token), 200); // a token is no session
  }));
  await check(`${where}: a log-in is a new session, a log-out the end of its id; what else was in it stays`, () => serves(configuration(projectConfig), {}, async ({ base }) => {
    const visitor = cookieOf(await ask(base, "GET", "/store/products?limit=1"));
    const person = await newAdmin(base);
    const first = await logIn(base, person, { cookie: visitor });
    assert.notEqual(first.cookie, visitor);
    assert.equal(await statusOf(base, { cookie: visitor }), 401);
    const email = `${person.id}@example.com`;
    const registered = await ask(base, "POST", "/store/customers", { ...first, body: { email, password: "gorgon", first_name: "A", last_name: "B" } });
    const both = { cookie: cookieOf(registered) };
    assert.notEqual(both.cookie, first.cookie);
    assert.deepEqual([await statusOf(base, both), await statusOf(base, both, "/store/auth"), await statusOf(base, first)], [200, 200, 401]);
    const after = { cookie: cookieOf(await ask(base, "DELETE", "/store/auth", both)) };
    assert.deepEqual([await statusOf(base, after), await statusOf(base, after, "/store/auth"), await statusOf(base, both)], [200, 401, 401]);
  }));
  await check(`${where}: of one person a hundred sessions are kept, the last ones`, async () => {
    await redis.cli("flushall");
    await serves(configuration(projectConfig), {}, async ({ base }) => {
      const [person, another] = [await newAdmin(base), await newAdmin(base)];
      const [foreign, first] = [await logIn(base, another), await logIn(base, person)];
      const sessions = [];
      for (let i = 0; i < 100; i++) sessions.push(await logIn(base, person));
      const statuses = await Promise.all([first, foreign, ...sessions].map((session) => statusOf(base, session)));
      assert.deepEqual([statuses[0], ...new Set(statuses.slice(1))], [401, 200]);
      if (where === "in Redis") {
        assert.equal(await redis.cli("zcard", `stheno:sessions:${person.id}`), "100");
        assert.ok(Number(await redis.cli("ttl", `stheno:sessions:${person.id}`)) > 35_000);
      }
    });
  });
}
await check("a token and a session survive a restart, and end with the password all the same", async () => {
  let person, session, token;
  const marks = async (body) => serves(configuration(withRedis), {}, body);
  await marks(async ({ base }) => {
    person = await newAdmin(base);
    [session, token] = [await logIn(base, person), await tokenOf(base, person)];
  });
  await marks(async ({ base }) => {
    for (const headers of [session, token]) assert.equal(await statusOf(base, headers), 200);
    await setPassword(base, person, "More snakes");
  });
  await marks(async ({ base }) => { for (const headers of [session, token]) assert.equal(await statusOf(base, headers), 401); });
});
await check("a customer's new password, by the customer, an admin or a token, ends the rest", () => two(withRedis, async (one, other) => {
  const email = "changes@example.com";
  const register = await ask(one, "POST", "/store/customers", { body: { email, password: "first", first_name: "A", last_name: "B" } });
  assert.equal(register.status, 200, register.text);
  const { id } = register.json.customer;
  const login = async (password) => {
    const answer = await ask(other, "POST", "/store/auth", { body: { email, password } });
    assert.equal(answer.status, 200, answer.text);
    return [{ cookie: cookieOf(answer) }, bearer((await ask(one, "POST", "/store/auth/token", { body: { email, password } })).json.access_token)];
  };
  const statuses = async (all) => Promise.all(all.map((headers) => statusOf(one, headers, "/store/customers/me")));
  const before = await login("first");
  const own = await ask(one, "POST", "/store/customers/me", { cookie: cookieOf(register), body: { password: "second" } });
  assert.equal(own.status, 200, own.text);
  const kept = { cookie: cookieOf(own) };
  assert.deepEqual(await statuses([...before, { cookie: cookieOf(register) }, kept]), [401, 401, 401, 200]);
  const second = [...(await login("second")), kept];
  assert.equal((await ask(one, "POST", `/admin/customers/${id}`, { ...(await tokenOf(one, admin)), body: { password: "third" } })).status, 200);
  assert.deepEqual(await statuses(second), [401, 401, 401]);
  const third = await login("third");
  const token = sign({ customer_id: id }, await hashOf(id, "customer"));
  assert.equal((await ask(other, "POST", "/store/customers/password-reset", { body: { email, token, password: "fourth" } })).status, 200);
  assert.deepEqual(await statuses(third), [401, 401]);
  const fourth = await login("fourth");
  await sql(database, `update customer set deleted_at = now() where id = '${id}'`);
  assert.deepEqual(await statuses(fourth), [401, 401]);
}));
await check("whoever sets a password of their own stays in, also where no cookie can be sent", () => serves(configuration(withRedis), { environment: { NODE_ENV: "production" } }, async ({ base }) => {
  const secure = { "x-forwarded-proto": "https" };
  const register = await ask(base, "POST", "/store/customers", { ...secure, body: { email: "own@example.com", password: "first", first_name: "A", last_name: "B" } });
  const [session, other] = [{ cookie: cookieOf(register) }, { cookie: cookieOf(await ask(base, "POST", "/store/auth", { ...secure, body: { email: "own@example.com", password: "first" } })) }];
  const changed = await ask(base, "POST", "/store/customers/me", { ...session, body: { password: "second" } });
  assert.deepEqual([changed.status, cookieOf(changed)], [200, undefined]);
  assert.deepEqual([await statusOf(base, session, "/store/auth"), await statusOf(base, other, "/store/auth")], [200, 401]);
}));
await check("what the real Medusa has made is taken: a token without a mark, and a session, which gets one", () => serves(configuration(withRedis), {}, async ({ base }) => {
  const person = await newAdmin(base);
  const id = "made-by-the-real-medusa-0123456789";
  await redis.cli("set", `sess:${id}`, JSON.stringify({ cookie: { originalMaxAge: 36_000_000, expires: new Date(Date.now() + 36_000_000), secure: false, httpOnly: true, path: "/", sameSite: false }, user_id: person.id }), "EX", "36000");
  const session = { cookie: `connect.sid=${encodeURIComponent(`s:${id}.${createHmac("sha256", "c").update(id).digest("base64").replace(/=+$/, "")}`)}` };
  const token = bearer(sign({ user_id: person.id, domain: "admin" }));
  assert.deepEqual([await statusOf(base, session), await statusOf(base, token)], [200, 200]);
  assert.match(JSON.parse(await redis.cli("get", `sess:${id}`)).user_mark, /^[\w-]{16}$/);
  await setPassword(base, person, "More snakes");
  assert.deepEqual([await statusOf(base, session), await statusOf(base, token)], [401, 200]);
  assert.equal(await statusOf(base, bearer(sign({ user_id: "usr_nobody", domain: "admin" }))), 401);
}));
await check("a role that may not make triggers asks all the same", () => two({}, async (one) => {
  const person = await newAdmin(one);
  const token = await tokenOf(one, person);
  assert.equal(await statusOf(one, token), 200);
  await sql(database, `delete from "user" where id = '${person.id}'`);
  assert.equal(await statusOf(one, token), 401);
}, { environment: { STHENO_DATABASE_ADDITIONS: "false" } }));

// ---- passwords
await check("1.20's weak hash becomes a strong one at the log-in; sessions, tokens and the password stay", () => serves(configuration(withRedis), {}, async ({ base }) => {
  const person = await newAdmin(base);
  assert.match(await hashOf(person.id), /^c2NyeXB0AA4AAAAIAAAAA/); // logN 14, r 8, p 1
  const weak = weakHash(person.password);
  await sql(database, `update "user" set password_hash = '${weak}', updated_at = '2020-01-01' where id = '${person.id}'`);
  const logins = await Promise.all([logIn(base, person), logIn(base, person), tokenOf(base, person)]);
  const strong = await hashOf(person.id);
  assert.match(strong, /^c2NyeXB0AA4AAAAIAAAAA/);
  assert.equal((await sql(database, `select updated_at::date::text from "user" where id = '${person.id}'`))[0][0], "2020-01-01");
  for (const headers of [...logins, await logIn(base, person)]) assert.equal(await statusOf(base, headers), 200);
  assert.equal(await hashOf(person.id), strong);
  assert.equal((await ask(base, "POST", "/admin/auth", { body: { email: person.email, password: "wrong" } })).status, 401);
}));
await check("others are served while passwords are checked", () => serves(configuration({}), { args: ["--threads", "1"] }, async ({ base }) => {
  const person = await newAdmin(base);
  const busy = Promise.all(Array.from({ length: 30 }, () => logIn(base, person)));
  let slowest = 0, asked = 0, over = false;
  busy.finally(() => { over = true; });
  while (!over) {
    const began = performance.now();
    assert.equal(await statusOf(base, {}, "/health"), 200);
    slowest = Math.max(slowest, performance.now() - began);
    asked++;
  }
  await busy;
  assert.ok(asked > 30, `${asked} answers, the slowest after ${slowest} ms`);
}));

// ---- guessing
const tally = (statuses) => statuses.reduce((counts, status) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});
const guesses = async (count, one) => { const statuses = []; for (let done = 0; done < count; done += 100) statuses.push(...await Promise.all(Array.from({ length: Math.min(100, count - done) }, (_, i) => one(done + i)))); return tally(statuses); };
const from = (address) => ({ "x-forwarded-for": address });
const wrongPassword = (base, person, headers = {}) => async () => (await ask(base, "POST", "/admin/auth", { ...headers, body: { email: person.email, password: "wrong" } })).status;
for (const [where, projectConfig] of [["in memory", {}], ["in Redis", withRedis]]) {
  await check(`${where}: 2,000 passwords at once are ten guesses; the admin gets in from elsewhere`, () => serves(configuration(projectConfig), {}, async ({ base }) => {
    const person = await newAdmin(base);
    assert.deepEqual(await guesses(2000, wrongPassword(base, person, from("10.1.0.1"))), { 401: 10, 429: 1990 });
    for (const path of ["/admin/auth", "/admin/auth/token"]) {
      const answer = await ask(base, "POST", path, { ...from("10.1.0.1"), body: { email: person.email, password: person.password } });
      assert.equal(answer.status, 429);
      assert.ok(Number(answer.headers["retry-after"]) > 0 && Number(answer.headers["retry-after"]) <= 60, answer.headers["retry-after"]);
      assert.deepEqual(Object.keys(answer.json), ["type", "message"]);
    }
    await logIn(base, person, from("10.1.0.2"));
  }));
  await check(`${where}: nobody can lock an admin out of where they have been before`, () => serves(configuration(projectConfig), {}, async ({ base }) => {
    const person = await newAdmin(base);
    await logIn(base, person, from("10.2.0.1"));
    const all = await guesses(300, (i) => wrongPassword(base, person, from(`10.3.${i % 50}.1`))());
    assert.equal(all[401], 100);
    assert.equal((await ask(base, "POST", "/admin/auth", { ...from("10.2.0.2"), body: person })).status, 400); // an id has no place in it
    assert.equal((await ask(base, "POST", "/admin/auth", { ...from("10.2.0.2"), body: { email: person.email, password: person.password } })).status, 429);
    await logIn(base, person, from("10.2.0.1"));
  }));
  await check(`${where}: a shop behind one proxy doesn't notice: a hundred customers who mistype, then all get in`, () => serves(configuration(projectConfig), {}, async ({ base }) => {
    const customers = Array.from({ length: 100 }, (_, i) => ({ email: `proxy${where.length}${i}@example.com`, password: "gorgon", first_name: "A", last_name: "B" }));
    const strong = await hashOf((await newAdmin(base)).id); // everybody's password is "Many snakes"
    await sql(database, `insert into customer (id, email, password_hash, has_account) values ${customers.map(({ email }) => `('cus_${email.slice(0, -12)}', '${email}', '${strong}', true)`).join(", ")}`);
    const tries = (password) => guesses(100, async (i) => (await ask(base, "POST", "/store/auth", { body: { email: customers[i].email, password } })).status);
    assert.deepEqual(await tries("Many snake"), { 401: 100 });
    assert.deepEqual(await tries("Many snakes"), { 200: 100 });
  }));
}
await check("two servers count together where there is Redis; keys tell neither address nor account", () => two(withRedis, async (one, other) => {
  await redis.cli("flushall");
  const person = await newAdmin(one);
  assert.deepEqual(await guesses(10, (i) => wrongPassword(i % 2 ? one : other, person, from("10.4.0.1"))()), { 401: 10 });
  for (const base of [one, other]) assert.equal(await wrongPassword(base, person, from("10.4.0.1"))(), 429);
  const keys = (await redis.cli("keys", "stheno:failures:*")).split("\n");
  assert.ok(keys.length >= 2); // of the pair and of the account; the address is forgiven sooner
  for (const key of keys) {
    assert.match(key, /^stheno:failures:[\w-]{43}$/);
    assert.notEqual(await redis.cli("pttl", key), "-1"); // each goes by itself
  }
}));
await check("while Redis is away each server counts by itself", async () => {
  const own = await newRedis();
  await serves(configuration({ redis_url: own.url }), {}, async ({ base }) => {
    const person = await newAdmin(base);
    await own.stop();
    const all = await guesses(30, async () => (await ask(base, "POST", "/admin/auth/token", { ...from("10.5.0.1"), body: { email: person.email, password: "wrong" } })).status);
    assert.deepEqual(all, { 401: 10, 429: 20 });
  });
});
await check("codes, tokens of mails, API tokens and order look-ups are guessed no more than passwords", () => serves(configuration({}), {}, async ({ base }) => {
  const { regions } = (await ask(base, "GET", "/store/regions")).json;
  const { cart } = (await ask(base, "POST", "/store/carts", { body: { region_id: regions[0].id } })).json;
  const tries = [
    ["gift cards", 200, (i, headers) => ask(base, "GET", `/store/gift-cards/NONE-${i}`, headers)],
    ["discounts and gift cards of a cart", 0, (i, headers) => ask(base, "POST", `/store/carts/${cart.id}`, { ...headers, body: i % 2 ? { discounts: [{ code: `NONE${i}` }] } : { gift_cards: [{ code: `NONE${i}` }] } })],
    ["order look-ups of one customer", 10, (i, headers) => ask(base, "GET", `/store/orders?display_id=${i + 100}&email=perseus@example.com`, headers)],
    ["order look-ups of many", 190, (i, headers) => ask(base, "GET", `/store/orders?display_id=1&email=perseus${i}@example.com`, headers)],
    ["claim tokens", 200, (i, headers) => ask(base, "POST", "/store/orders/customer/confirm", { ...headers, body: { token: sign({ claimingCustomerId: "cus_1", orders: [] }, `other ${i}`) } })],
    ["invitations", 0, (i, headers) => ask(base, "POST", "/admin/invites/accept", { ...headers, body: { token: sign({ invite_id: `invite_${i}` }, `other ${i}`), user: { password: "x" } } })],
    ["tokens for a new password", 0, (i, headers) => ask(base, "POST", "/admin/users/reset-password", { ...headers, body: { email: admin.email, token: sign({ user_id: "x" }, `other ${i}`), password: "x" } })],
    ["tokens for a customer's new password", 0, (i, headers) => ask(base, "POST", "/store/customers/password-reset", { ...headers, body: { email: "a@example.com", token: sign({}, `other ${i}`), password: "x" } })],
    ["API tokens", 200, (i, headers) => ask(base, "GET", "/admin/products", { ...headers, "x-medusa-access-token": `guess ${i}` })],
  ];
  for (const [what, most, one] of tries) {
    const all = await guesses(400, async (i) => (await one(i, from("10.6.0.1"))).status);
    const through = 400 - (all[429] ?? 0);
    // Whatever is forgiven in between counts too, once a second.
    assert.ok(through >= most && through <= most + 30, `${what}: ${JSON.stringify(all)}`);
    assert.notEqual((await one(999, from("10.6.0.2"))).status, 429, what);
  }
  // A cart without codes is no guess, and neither is a good one of a code.
  assert.equal((await ask(base, "POST", `/store/carts/${cart.id}`, { ...from("10.6.0.1"), body: { email: "a@example.com", discounts: [] } })).status, 200);
  assert.equal(await statusOf(base, { ...from("10.6.0.1"), ...(await tokenOf(base, admin)) }), 200);
}));
await check("STHENO_FAILURE_LIMITS=false: nobody waits", () => serves(configuration({}), { environment: { STHENO_FAILURE_LIMITS: "false" } }, async ({ base }) => {
  const person = await newAdmin(base);
  assert.deepEqual(await guesses(40, wrongPassword(base, person)), { 401: 40 });
}));

// ---- uploads
await check("an upload is answered when its head is there; nothing of it reaches the disk", () => serves(configuration({}), { args: ["--threads", "1"] }, async ({ base, port, process: { pid } }) => {
  const person = await newAdmin(base);
  const gone = await tokenOf(base, person);
  await sql(database, `update "user" set deleted_at = now() where id = '${person.id}'`);
  const filesOf = () => readdirSync(`/proc/${pid}/fd`).map((fd) => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ""; } }).filter((path) => path.endsWith("(deleted)"));
  // The head and a first part of a large body: what is said before the rest is sent, and the files that are open then.
  const upload = (headers, { declared = 50 << 20 } = {}) => new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    let said = "";
    socket.write(`POST /admin/uploads HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${declared}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    socket.write(Buffer.alloc(64 << 10, "x"));
    const late = setTimeout(() => { socket.destroy(); resolve({ said, files: filesOf() }); }, 3000);
    socket.on("data", (part) => { said += part; if (/^HTTP\/1\.1 [2-5]/.test(said)) { clearTimeout(late); const files = filesOf(); socket.destroy(); resolve({ said, files }); } });
    socket.on("error", reject);
  });
  for (const headers of [{}, bearer("none"), gone, { cookie: "connect.sid=none" }, { "x-medusa-access-token": "none" }, { ...gone, expect: "100-continue" }]) {
    const { said, files } = await upload(headers);
    assert.match(said, /^HTTP\/1\.1 401 /, JSON.stringify(headers));
    assert.match(said, /\r\nConnection: close\r\n/);
    assert.deepEqual(files, []);
  }
  // Who is logged in is heard to the end.
  const good = await tokenOf(base, admin);
  const waiting = upload(good);
  await until(() => filesOf().length === 1, { seconds: 2, describe: () => "no file for the body" });
  assert.equal((await waiting).said, "");
  assert.equal((await upload({ ...good, expect: "100-continue" })).said, "HTTP/1.1 100 Continue\r\n\r\n");
}));

// ---- plain http
await check("in production over plain http a log-in whose cookie can't be sent says so, once", () => serves(configuration(withRedis), { environment: { NODE_ENV: "production" } }, async ({ base, lines }) => {
  await ask(base, "GET", "/store/products?limit=1");
  assert.equal(lines("cookie can't be sent").length, 0);
  for (let i = 0; i < 3; i++) {
    const answer = await ask(base, "POST", "/admin/auth", { body: admin });
    assert.equal(answer.status, 200);
    assert.equal(cookieOf(answer), undefined);
  }
  await until(() => lines("cookie can't be sent").length > 0, { seconds: 3, describe: () => "nothing was said" });
  assert.equal(lines("cookie can't be sent").length, 1);
  assert.match(lines("cookie can't be sent")[0].message, /X-Forwarded-Proto: https/);
  const first = { cookie: cookieOf(await ask(base, "POST", "/admin/auth", { "x-forwarded-proto": "https", body: admin })) };
  assert.equal(await statusOf(base, first), 200);
  // The session of before stays what it was: nobody could be told the new one.
  assert.equal(cookieOf(await ask(base, "POST", "/admin/auth", { ...first, body: admin })), undefined);
  assert.equal(await statusOf(base, first), 200);
}));

await redis.stop();
await dropAll();
finish();
