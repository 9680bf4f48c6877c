#!/usr/bin/env node
// What a running Medusa 1.20 was seen to do with about a hundred configurations, each played to this server: the same comes out, or
// something kinder (it works, or works as documented, where 1.20 crashes, hangs, answers 500 or silently does nothing), or something
// stricter (the start is refused with a reason where 1.20 silently does something else than what is written).
// A case: what is configured, how it is looked at, what 1.20 shows ("exit 1": it doesn't start), and where this server differs, what it
// shows and why.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { folderWith, command, started } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { send, signJwt } from "../lib/script.mjs";
import { admin } from "../lib/servers.mjs";
import { newRedis, postgres, sql, withDatabase } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const name = new URL(database).pathname.slice(1), nameless = database.replace(`/${name}`, ""), cluster = await postgres();
const empty = await copy("template0"), moved = await copy(await template("stheno"));
await sql(moved, "alter schema public rename to shop");
const cache = await newRedis();
const [[user]] = await sql(database, `select id from "user" limit 1`);
const manual = ["medusa-payment-manual", "medusa-fulfillment-manual"];

// ---- configurations
const project = (projectConfig, rest = {}, options = {}) => ({ config: { projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...projectConfig }, plugins: manual, ...rest }, ...options });
const named = (environment, given = project({})) => ({ ...given, environment });
const file = (files, environment = {}) => ({ config: undefined, files, environment: { DATABASE_URL: database, ...environment } });
const pg = { PGHOST: new URL(database).hostname, PGPORT: new URL(database).port, PGUSER: "postgres", PGDATABASE: name };
const production = { NODE_ENV: "production" };

// ---- ways to look; each gives a short text
const get = (base, path, headers = {}, method = "GET") => send(base, { method, path, headers });
const serves = async ({ base }) => ((await get(base, "/store/products?limit=1")).status === 200 ? "serves" : "fails");
const says = (pattern) => ({ output }) => (pattern.test(output()) ? "says so" : "silent");
const allows = (origin, path = "/store/regions") => async ({ base }) => {
  const answers = [];
  for (let time = 0; time < 2; time++) answers.push((await get(base, path, origin === undefined ? {} : { origin })).headers["access-control-allow-origin"] === origin && origin !== undefined ? "allowed" : "denied");
  return answers[0] === answers[1] ? answers[0] : answers.join(", then ");
};
const headersOf = (path, names, request = {}, method) => async ({ base }) => { const { headers } = await get(base, path, request, method); return names.map((one) => headers[one] ?? "-").join(" | "); };
const status = (path, headers, method) => async ({ base }) => String((await get(base, path, headers, method)).status);
const text = (path, headers, method) => async ({ base }) => { const answer = await get(base, path, headers, method); return `${answer.status} ${answer.text.trim()}`; };
const coding = (path, headers = {}) => async ({ base }) => { const answer = await get(base, path, { "accept-encoding": "gzip", ...headers }); return answer.status === 200 || answer.status === 401 ? (answer.headers["content-encoding"] ?? "plain") : String(answer.status); };
const cookieFrom = async (base, headers, path = "/health") => (await get(base, path, headers)).headers["set-cookie"]?.[0];
const cookie = (headers) => async ({ base }) => (await cookieFrom(base, headers))?.replace(/=s%3A[\w-]{32}\.[^;]+/, "=<id>").replace(/Expires=[^;]+/, (whole) => (Date.parse(whole.slice(8)) > Date.now() + 1000 ? "Expires=<later>" : "Expires=<now>")) ?? "none";
const again = async ({ base }) => ((await cookieFrom(base, { cookie: (await cookieFrom(base)).split(";")[0] })) ? "a cookie" : "none");
const login = async ({ base }) => {
  const answer = await send(base, { method: "POST", path: "/admin/auth", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) });
  return answer.headers["set-cookie"] ? "a cookie" : "none";
};
const bearer = (secret) => async ({ base }) => ((await get(base, "/admin/auth", { authorization: `Bearer ${signJwt({ secret, user_id: user, domain: "admin" })}` })).status === 200 ? "accepted" : "refused");
const keys = async (server) => { await cache.cli("flushall"); await cookieFrom(server.base); return (await cache.cli("keys", "*")).replace(/sess:[\w-]{32}/, "sess:<id>"); };
const flag = (key) => async ({ base }) => { const { json } = await get(base, "/admin/store", { authorization: `Bearer ${signJwt({ secret: "j", user_id: user, domain: "admin" })}` }); return String(json.store.feature_flags.find((one) => one.key === key).value); };
const member = (path, key, method, body) => async ({ base }) => ((await send(base, { method: method ?? "GET", path, headers: { "content-type": "application/json" }, body })).text.includes(`"${key}"`) ? "there" : "not there");
const listens = (host) => ({ port }) => fetch(`http://${host}:${port}/health`).then(() => "listens", () => "doesn't");

const kinder = (here, reason) => ({ here, kind: "kinder", reason }), stricter = (here, reason) => ({ here, kind: "stricter", reason });
const told = "it is refused with a reason instead of doing something else";

// ---- the cases: [section, what is configured, configuration, look, 1.20, difference]
const throws = file({ "medusa-config.js": "throw new Error('no way');" });
const compressed = (http_compression) => project({ http_compression });
const cors = (store_cors) => project({ store_cors });
const session = (session_options) => project({ session_options });
const redis = (projectConfig) => project({ redis_url: cache.url, ...projectConfig });
const on = { enabled: true, threshold: 0 }, big = "/store/products?limit=100";
const cases = [
  ["1", "an ES module's default export", file({ "medusa-config.js": `exports.default = { projectConfig: { jwt_secret: "es", cookie_secret: "c", database_url: process.env.DATABASE_URL } };` }), bearer("es"), "accepted"],
  ["1", "a promise as the export: nothing in it counts", file({ "medusa-config.js": `module.exports = Promise.resolve({ projectConfig: { jwt_secret: "p" } });` }, pg), bearer("p"), "refused", stricter("exit 1", told)],
  ["1", "a function as the export: nothing in it counts", file({ "medusa-config.js": `module.exports = () => ({ projectConfig: { jwt_secret: "f" } });` }, pg), bearer("f"), "refused", stricter("exit 1", told)],
  ["1", "a file that throws", throws, serves, "exit 1"],
  ["1", "no file", file({}), serves, "exit 1"],
  ["1", "null as the export", file({ "medusa-config.js": "module.exports = null;" }), serves, "exit 1"],
  ["1", "no projectConfig: the PG* variables", file({ "medusa-config.js": "module.exports = {};" }, pg), serves, "serves", stricter("exit 1", "a file that exports nothing is a mistake")],
  ["1", "no plugins: migrations run", file({ "medusa-config.js": "module.exports = { projectConfig: { database_url: process.env.DATABASE_URL } };" }), { verb: ["migrations", "run"] }, "exit 0: TypeError", kinder("exit 0: Migrations completed.", "1.20 fails and ends with 0")],

  ["2.1", "jwt_secret undefined in production", named(production, project({ jwt_secret: undefined })), serves, "exit 1"],
  ["2.1", "jwt_secret undefined with NODE_ENV prod", named({ NODE_ENV: "prod" }, project({ jwt_secret: undefined })), serves, "exit 1"],
  ["2.1", "jwt_secret undefined", project({ jwt_secret: undefined }), bearer("supersecret"), "exit 1", kinder("accepted", "what is undefined is not given")],
  ["2.1", "jwt_secret undefined, JWT_SECRET set", named({ JWT_SECRET: "v" }, project({ jwt_secret: undefined })), bearer("v"), "exit 1", kinder("accepted", "what is undefined is not given")],
  ["2.1", "jwt_secret empty", project({ jwt_secret: "" }), bearer("supersecret"), "exit 1", kinder("accepted", "an empty secret counts as none")],
  ["2.1", "jwt_secret null, JWT_SECRET set", named({ JWT_SECRET: "v" }, project({ jwt_secret: null })), bearer("v"), "exit 1", kinder("accepted", "an empty secret counts as none")],
  ["2.1", "jwt_secret a number", project({ jwt_secret: 12 }), bearer("12"), "refused", kinder("accepted", "its digits are taken")],
  ["2.1", "cookie_secret empty", project({ cookie_secret: "" }), status("/health"), "500", kinder("200", "an empty secret counts as none")],
  ["2.1", "cookie_secret undefined", project({ cookie_secret: undefined }), status("/health"), "500", kinder("200", "what is undefined is not given")],
  ["2.1", "cookie_secret a number", project({ cookie_secret: 12 }), login, "none", kinder("a cookie", "its digits are taken")],
  ["2.1", "cookie_secret a list", project({ cookie_secret: ["a", "b"] }), login, "a cookie"],
  ["2.1", "cookie_secret undefined in production", named(production, project({ cookie_secret: undefined })), serves, "exit 1"],

  ["2.2", "an empty list", cors(""), headersOf("/store/regions", ["access-control-allow-credentials", "vary", "access-control-allow-origin"], { origin: "http://a.com" }), "true | Origin | -"],
  ["2.2", "a literal origin", cors("http://a.com,http://b.com"), allows("http://b.com"), "allowed"],
  ["2.2", "a literal origin in other case", cors("http://a.com,http://b.com"), allows("http://A.com"), "denied"],
  ["2.2", "a blank behind the comma", cors("http://a.com, http://b.com"), allows("http://b.com"), "denied", kinder("allowed", "blanks around origins mean nothing")],
  ["2.2", "a star is no wildcard", cors("*"), allows("http://a.com"), "denied"],
  ["2.2", "a pattern is unanchored", cors("/a\\.com/"), allows("http://a.com.evil.com"), "allowed"],
  ["2.2", "a pattern without an Origin", cors("/undefined/"), allows(undefined), "denied"],
  ["2.2", "a pattern with the flag g", cors("/a\\.com/g"), allows("http://a.com"), "allowed, then denied", kinder("allowed", "a list of origins has no memory")],
  ["2.2", "a comma in a pattern", cors("/a{1,2}\\.com$/"), serves, "serves", stricter("exit 1", told)],
  ["2.2", "a pattern that is broken", cors("/a(/"), serves, "serves", stricter("exit 1", told)],
  ["2.2", "a refused origin", cors("http://a.com"), headersOf("/store/regions", ["access-control-allow-origin", "content-type"], { origin: "http://evil.com" }), "- | application/json; charset=utf-8"],
  ["2.2", "a preflight below /store, whatever the path", cors("http://a.com"), headersOf("/store/nowhere", ["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "vary", "content-length"], { origin: "http://a.com", "access-control-request-headers": "x" }, "OPTIONS"), "http://a.com | GET,HEAD,PUT,PATCH,POST,DELETE | x | Origin, Access-Control-Request-Headers | 0"],
  ["2.2", "a preflight below /admin comes before the login", cors("http://a.com"), status("/admin/products", { origin: "http://evil.com" }, "OPTIONS"), "204"],
  ["2.2", "OPTIONS of /health", cors("http://a.com"), text("/health", {}, "OPTIONS"), "200 GET,HEAD"],
  ["2.2", "OPTIONS elsewhere", cors("http://a.com"), status("/nowhere", {}, "OPTIONS"), "404"],
  ...[42, true, { a: 1 }].map((value) => ["2.2", `store_cors ${JSON.stringify(value)}`, cors(value), serves, "exit 1"]),
  ["2.2", `store_cors a list`, cors(["http://a.com"]), allows("http://a.com"), "exit 1", kinder("allowed", "a list is as good as a text")],
  ...[null, false, 0].map((value) => ["2.2", `store_cors ${value}`, cors(value), allows("http://a.com"), "denied"]),

  ["2.3", "nothing said", compressed(undefined), coding(big), "plain"],
  ["2.3", "enabled", compressed(on), coding(big), "gzip"],
  ["2.3", "/health is never compressed", compressed(on), coding("/health"), "plain"],
  ["2.3", "nor is what has no type", compressed(on), coding("/admin/products"), "plain"],
  ["2.3", 'x-no-compression "false"', compressed(on), coding(big, { "x-no-compression": "false" }), "plain"],
  ["2.3", "x-no-compression without a value", compressed(on), coding(big, { "x-no-compression": "" }), "gzip"],
  ...[true, 1, "x"].map((value) => ["2.3", `http_compression ${JSON.stringify(value)}`, compressed(value), serves, "exit 1"]),
  ["2.3", 'enabled "false"', compressed({ enabled: "false" }), coding(big), "gzip"],
  ["2.3", "level 10", compressed({ ...on, level: 10 }), coding(big), "500", stricter("exit 1", "1.20 answers 500 to whoever accepts gzip")],
  ["2.3", 'level "6"', compressed({ ...on, level: "6" }), coding(big), "500", kinder("gzip", "a number may be written as a text")],
  ["2.3", "memLevel 0", compressed({ ...on, memLevel: 0 }), coding(big), "500", stricter("exit 1", "1.20 answers 500 to whoever accepts gzip")],
  ["2.3", 'threshold "40b"', compressed({ enabled: true, threshold: "40b" }), coding("/store/regions?limit=1&fields=id&expand="), "gzip"],
  ["2.3", 'threshold "40 zb"', compressed({ enabled: true, threshold: "40 zb" }), coding("/store/regions?limit=1&fields=id&expand="), "gzip"],
  ["2.3", 'threshold "abc" is 1024', compressed({ enabled: true, threshold: "abc" }), coding("/store/regions?limit=1&fields=id&expand="), "plain"],

  ["2.4", "nothing said", session(undefined), cookie(), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly"],
  ["2.4", "session_options a text", session("x"), cookie(), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly"],
  ["2.4", "an unchanged session gets no new cookie", session({}), again, "none"],
  ["2.4", "rolling", session({ rolling: true }), again, "a cookie"],
  ["2.4", "saveUninitialized false: no cookie for a visitor", session({ saveUninitialized: false }), cookie(), "none"],
  ["2.4", "saveUninitialized false: a cookie at login", session({ saveUninitialized: false }), login, "a cookie"],
  ["2.4", "name empty", session({ name: "" }), cookie(), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly"],
  ["2.4", "secret empty", session({ secret: "" }), status("/health"), "500", kinder("200", "an empty secret counts as none")],
  ["2.4", "ttl false", session({ ttl: false }), cookie(), "connect.sid=<id>; Path=/; HttpOnly"],
  ["2.4", "ttl 0", session({ ttl: 0 }), cookie(), "connect.sid=<id>; Path=/; Expires=<now>; HttpOnly"],
  ["2.4", "ttl -5000", session({ ttl: -5000 }), cookie(), "connect.sid=<id>; Path=/; Expires=<now>; HttpOnly"],
  ["2.4", "ttl null", session({ ttl: null }), cookie(), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly"],
  ["2.4", 'ttl "60000"', session({ ttl: "60000" }), cookie(), "hangs", kinder("connect.sid=<id>; Path=/; Expires=<later>; HttpOnly", "a number may be written as a text")],
  ["2.4", 'ttl "long"', session({ ttl: "long" }), cookie(), "hangs", stricter("exit 1", "1.20 leaves every request without an answer")],
  ["2.4", "a wrong signature is none", session({}), async ({ base }) => ((await cookieFrom(base, { cookie: "connect.sid=s%3Aabc.def" })) ? "a cookie" : "none"), "a cookie"],
  ...["production", "staging"].flatMap((NODE_ENV) => [
    ["2.4", `${NODE_ENV} over https`, named({ NODE_ENV }), cookie({ "x-forwarded-proto": "https" }), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly; Secure; SameSite=None"],
    ["2.4", `${NODE_ENV} over http`, named({ NODE_ENV }), cookie(), "none"],
    ["2.4", `${NODE_ENV} over http,https`, named({ NODE_ENV }), cookie({ "x-forwarded-proto": "http,https" }), "none"],
  ]),
  ["2.4", "prod is not production for cookies", named({ NODE_ENV: "prod" }), cookie(), "connect.sid=<id>; Path=/; Expires=<later>; HttpOnly"],
  ["2.4", "in Redis", redis({}), keys, "sess:<id>"],
  ["2.4", "in memory in production", named(production), says(/MemoryStore is not designed|sessions live in this process/), "says so"],

  ["2.5", "no database_url: the PG* variables", named(pg, project({ database_url: undefined })), serves, "serves"],
  ["2.5", "database_database beside a URL with a name", project({ database_database: "other" }), serves, "serves"],
  ["2.5", "database_database beside a URL without one", project({ database_url: nameless, database_database: name }), serves, "exit 1", kinder("serves", "1.20 takes the user's name instead")],
  ["2.5", "database_database alone", named({ ...pg, PGDATABASE: "" }, project({ database_url: undefined, database_database: name })), serves, "serves"],
  ["2.5", "database_schema that is not in the search path", project({ database_url: moved, database_schema: "shop" }), serves, "exit 1", kinder("serves", "the schema is put into the search path")],
  ["2.5", 'database_type "mysql"', project({ database_type: "mysql" }), serves, "serves", stricter("exit 1", told)],
  ["2.5", "database_extra no object", project({ database_extra: "x" }), serves, "serves"],
  ["2.5", "database_extra.ssl with a server that has no TLS", project({ database_extra: { ssl: { rejectUnauthorized: false } } }), serves, "exit 1"],
  ["2.5", "database_extra.max", project({ database_extra: { max: 3 } }), says(/database_extra\.max/), "silent", kinder("says so", "it holds for the one pool")],
  ["2.5", "database_logging true", project({ database_logging: true }), says(/query: |"message":"query/), "says so"],
  ["2.5", "database_logging a word", project({ database_logging: "some" }), says(/query: |"message":"query/), "silent"],
  ["2.5", "a database that doesn't exist", project({ database_url: withDatabase(database, "not_there") }), { says: /The specified PostgreSQL database does not exist\. Please create it and try again\./ }, "exit 1, says so"],
  ["2.5", "a port that nobody listens on", project({ database_url: "postgres://postgres@127.0.0.1:1/x" }), { says: /Failed to establish a connection to PostgreSQL\./ }, "exit 1, says so"],
  ["2.5", "a user that doesn't exist", project({ database_url: database.replace("postgres@", "nobody@") }), { says: /The specified credentials does not exists for the specified PostgreSQL database\./ }, "exit 1, says so"],
  ["2.5", "a host that doesn't exist", project({ database_url: "postgres://postgres@host.invalid/x" }), { says: /might have illegal characters/ }, "exit 1, says so"],
  ["2.5", "a database without tables", project({ database_url: empty }), { says: /Migrations missing/ }, "exit 1, says so"],

  ["2.6", "redis_prefix", redis({ redis_prefix: "shop:" }), keys, "shop:sess:<id>"],
  ["2.6", "redis_options.keyPrefix", redis({ redis_options: { keyPrefix: "kp:" } }), keys, "kp:sess:<id>"],
  ["2.6", "a Redis that is not there: requests are served", project({ redis_url: "redis://127.0.0.1:1" }), async ({ base }) => { const began = performance.now(); const answer = await get(base, "/store/regions"); return `${answer.status} ${performance.now() - began > 5000 ? "after ten seconds" : "at once"}`; }, "200 after ten seconds", kinder("200 at once", "nobody waits for a Redis that is away")],

  ["2.7", "worker_mode worker serves HTTP", project({ worker_mode: "worker" }), serves, "serves"],
  ["2.7", "MEDUSA_WORKER_MODE of another word", named({ MEDUSA_WORKER_MODE: "both" }), serves, "serves"],

  ["3", "an entry without resolve", project({}, { plugins: [{ options: {} }] }), serves, "exit 1"],
  ["3", "plugins no list", project({}, { plugins: "medusa-payment-manual" }), serves, "exit 1"],
  ["3", "a plugin that is not installed", project({}, { plugins: ["medusa-nowhere"] }), { says: /Unable to find plugin "medusa-nowhere"\. Perhaps you need to install its package\?/ }, "exit 1, says so"],
  ["4", "a key that is no module", project({}, { modules: { cash: true } }), serves, "exit 1"],
  ["4", "a module that is not installed", project({}, { modules: { cacheService: { resolve: "nowhere" } } }), { says: /Cannot find module 'nowhere'/ }, "exit 1, says so"],
  ["4", "a module of another process", project({}, { modules: { cacheService: { resolve: "@medusajs/cache-inmemory", scope: "external" } } }), { says: /External Modules are not supported yet\./ }, "exit 1, says so"],
  ["4", "cacheService true", project({}, { modules: { cacheService: true } }), serves, "serves"],
  ["4", "cacheService false", project({}, { modules: { cacheService: false } }), serves, "serves", stricter("exit 1", "1.20 loads the default package whatever it says")],
  ["4", "inventoryService false, not installed", project({}, { modules: { inventoryService: false } }), serves, "exit 1", kinder("serves", "false is off, as documented")],

  ...["1", "yes", ""].flatMap((value) => [
    ["5", `a flag in the environment as "${value}"`, named({ MEDUSA_FF_SALES_CHANNELS: value }), flag("sales_channels"), "false"],
    ["5", `a flag in the file as "${value}"`, project({}, { featureFlags: { sales_channels: value } }), flag("sales_channels"), "false"],
  ]),
  ["5", "a flag in the environment wins over the file", named({ MEDUSA_FF_SALES_CHANNELS: "true" }, project({}, { featureFlags: { sales_channels: false } })), flag("sales_channels"), "true"],
  ["5", "a list in the environment", named({ MEDUSA_FF_PRODUCT_CATEGORIES: "a,b.c" }), flag("product_categories"), "true"],
  ["5", "an object in the file", project({}, { featureFlags: { product_categories: { a: true } } }), flag("product_categories"), "true"],
  ["5", "an unknown flag", project({}, { featureFlags: { nothing: true } }), serves, "serves"],
  ["5", "the start says which flags are set", named({ MEDUSA_FF_ANALYTICS: "true" }), says(/Using flag MEDUSA_FF_ANALYTICS from environment with value true/), "says so"],
  ["5", "and by the file", project({}, { featureFlags: { analytics: false } }), says(/Using flag MEDUSA_FF_ANALYTICS from project config with value false/), "says so"],
  ["5", "sales_channels off: carts have none", project({}, { featureFlags: { sales_channels: false } }), member("/store/carts", "sales_channel_id", "POST", '{"region_id":"reg_eu"}'), "not there"],
  ["5", "sales_channels on: carts have one", project({}), member("/store/carts", "sales_channel_id", "POST", '{"region_id":"reg_eu"}'), "there"],
  ["5", "tax_inclusive_pricing without its migration", project({}, { featureFlags: { tax_inclusive_pricing: true } }), status("/store/regions"), "500", kinder("exit 1", "the start says which migration is missing")],
  ["5", "product_categories off: the storefront's route", project({}, { featureFlags: { product_categories: false } }), status("/store/product-categories"), "200"],
  ["5", "product_categories on: the storefront's route", project({}, { featureFlags: { product_categories: true } }), status("/store/product-categories"), "200"],
  ["5", "medusa_v2 without its modules", project({}, { featureFlags: { medusa_v2: true } }), serves, "exit 1"],

  ["6", "PORT the path of a socket", { ...named({ PORT: "/tmp/stheno-semantics.sock" }), port: "environment" }, serves, "listens there", stricter("exit 1", "only TCP is served")],
  ["6", "a port that is taken", { ...project({}), port: "taken" }, serves, "stays alive without listening", kinder("exit 1", "a process that serves nothing is of no use")],
  ["6", "HOST", named({ HOST: "127.0.0.1" }), listens("127.0.0.2"), "listens", kinder("doesn't", "the address is honoured")],
  ["7", "a body that is no JSON", project({}), async ({ base }) => { const answer = await send(base, { method: "POST", path: "/store/carts", headers: { "content-type": "application/json" }, body: "{" }); return `${answer.status} ${answer.headers["content-type"]}`; }, "400 text/html; charset=utf-8"],
  ["7", "a body of more than 100 kB", project({}), async ({ base }) => { const answer = await send(base, { method: "POST", path: "/store/carts", headers: { "content-type": "application/json" }, body: JSON.stringify({ a: "x".repeat(110_000) }) }); return `${answer.status} ${answer.headers["content-type"]}`; }, "413 text/html; charset=utf-8"],
  ["7", "nobody logged in", project({}), async ({ base }) => { const answer = await get(base, "/admin/products"); return `${answer.status} ${answer.text} ${answer.headers["content-type"] ?? "-"} ${answer.headers["transfer-encoding"] ?? "-"}`; }, "401 Unauthorized - chunked"],
];

// ---- play them; those of one configuration share a server
const taken = createServer().listen(0, "::");
await new Promise((done) => taken.once("listening", done));
const same = (a, b) => JSON.stringify(a, (key, value) => (value === undefined ? "undefined" : value)) === JSON.stringify(b, (key, value) => (value === undefined ? "undefined" : value));
let server = null, of = null;
async function serverFor(given) {
  if (server && same(of, given)) return server;
  await server?.stop();
  const { config, files, environment = {}, port } = given;
  const own = port === "taken" ? taken.address().port : port === "environment" ? 1 : undefined;
  of = given;
  return (server = await started(config, { folder: folderWith(config, files), environment: port === "taken" ? { ...environment, PORT: String(own) } : environment, port: own }));
}
async function outcome(given, look) {
  if (look.verb) {
    const { code, output } = await command(folderWith(given.config, given.files), look.verb, { environment: given.environment });
    return `exit ${code}: ${output.trim().split("\n").at(-1)}`;
  }
  const running = await serverFor(given);
  if (look.says) return `exit ${running.ended?.code ?? "never"}, ${look.says.test(running.output()) ? "says so" : "silent"}`;
  return running.ended ? `exit ${running.ended.code}` : look(running);
}
const count = { same: 0, kinder: 0, stricter: 0 };
for (const [section, what, given, look, real, difference] of cases)
  await check(`${section} ${what}: ${difference ? `${difference.here}, ${difference.kind} than ${real} (${difference.reason})` : real}`, async () => {
    assert.equal(await outcome(given, look), difference?.here ?? real);
    if (difference) assert.notEqual(difference.here, real);
    count[difference?.kind ?? "same"]++;
  });
await server?.stop();
taken.close();
console.log(`    of ${cases.length} configurations ${count.same} do what they do in 1.20, ${count.kinder} something kinder, ${count.stricter} something stricter`);

await cache.stop();
await dropAll();
finish();
