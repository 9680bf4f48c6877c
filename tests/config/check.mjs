#!/usr/bin/env node
// `stheno config check` and `config show`; what the start says; the forms that a configuration's file may have.
import assert from "node:assert/strict";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const secrets = { jwt_secret: "j", cookie_secret: "c" };
const config = (folder, args, options) => command(folder, ["config", ...args], options);
async function json(folder, what, options, code = 0) {
  const answer = await config(folder, [what, "--json"], options);
  assert.equal(answer.code, code, answer.output);
  return JSON.parse(answer.output);
}
const sound = { projectConfig: { ...secrets, database_url: "postgres://shop:topsecret@db.example.com:5433/shop?sslmode=disable&password=topsecret" }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] };

// ---- config check

const planted = `const redis_options = { db: "one", maxx: 1 }; // its place is where it is used
module.exports = {
  projectConfig: {
    jwt_secret: { a: 1 },
    cookie_secret: "c",
    store_cors: 42,
    admin_cors: "/http:(/",
    redis_url: "http://localhost",
    redis_options,
    databaseUrl: "postgres://localhost/shop",
    database_url: "mysql://localhost/shop",
    session_options: { tll: 5, ttl: "long" },
    http_compression: { level: 10, memLevel: 0 },
    worker_mode: "both",
  },
  plugins: [{ options: {} }, "medusa-nowhere", "medusa-payment-manual", "medusa-fulfillment-manual"],
  modules: { cacheServices: true },
  featureFlags: { medusa_v2: true, product_category: true },
};
`;
const expected = {
  "projectConfig.jwt_secret": ["error", 4, "an object", "a text or a list of texts"],
  "projectConfig.store_cors": ["error", 6, "42", "a text with origins separated by commas, or a list of them"],
  "projectConfig.admin_cors": ["error", 7, "/http:(/"],
  "projectConfig.redis_url": ["error", 8],
  "projectConfig.redis_options.db": ["error", 9, null, "a whole number"],
  "projectConfig.redis_options.maxx": ["warning", 9],
  "projectConfig.databaseUrl": ["warning", 10, null, null, "projectConfig.database_url"],
  "projectConfig.database_url": ["error", 11],
  "projectConfig.session_options.tll": ["warning", 12, null, null, "projectConfig.session_options.ttl"],
  "projectConfig.session_options.ttl": ["error", 12, '"long"', "a number of milliseconds or false"],
  "projectConfig.http_compression.level": ["error", 13, "10", "a whole number from -1 to 9"],
  "projectConfig.http_compression.memLevel": ["error", 13, "0", "a whole number from 1 to 9"],
  "projectConfig.worker_mode": ["warning", 14, '"both"', '"shared", "worker" or "server"'],
  "plugins[0]": ["error", 16, "an object", "a package name, or an object with `resolve`"],
  "plugins[1]": ["error", 16],
  "modules.cacheServices": ["error", 17, null, undefined, "modules.cacheService"],
  "featureFlags.medusa_v2": ["error", 18, "true", "true or false"],
  "featureFlags.product_category": ["warning", 18, null, null, "featureFlags.product_categories"],
  PORT: ["error", null, '"/tmp/socket"', "a number from 0 to 65535"],
  LOG_LEVEL: ["warning", null, '"loud"', "error, warn, info, http, verbose, debug or silly"],
  MEDUSA_FF_PRODUCT_CATEGORY: ["warning", null, null, null, "MEDUSA_FF_PRODUCT_CATEGORIES"],
};
const environment = { PORT: "/tmp/socket", LOG_LEVEL: "loud", MEDUSA_FF_PRODUCT_CATEGORY: "true" };

await check("check: twenty-one planted faults are found in one run, each with its place, what was found, what is accepted, what was meant", async () => {
  const folder = folderWith(planted);
  const found = await json(folder, "check", { environment }, 1);
  const byKey = Object.fromEntries(found.findings.map((finding) => [finding.key, finding]));
  assert.deepEqual(Object.keys(byKey).sort(), Object.keys(expected).sort());
  for (const [key, [severity, line, value, accepted, nearest]] of Object.entries(expected)) {
    const finding = byKey[key];
    assert.deepEqual([finding.severity, finding.line, finding.file], [severity, line, line === null ? null : "medusa-config.js"], key);
    if (value !== undefined) assert.equal(finding.found, value, key);
    if (accepted !== undefined) assert.equal(finding.accepted, accepted, key);
    if (nearest !== undefined) assert.equal(finding.nearest, nearest, key);
    assert.ok(finding.message.startsWith(key), finding.message);
    assert.ok(finding.column > 0 || line === null, key);
  }
  assert.deepEqual([found.file, found.errors, found.warnings, found.advice], ["medusa-config.js", 14, 7, 0]);
});
await check("check: the same as lines for people, errors first", async () => {
  const { code, output } = await config(folderWith(planted), ["check"], { environment });
  assert.equal(code, 1);
  const lines = output.trimEnd().split("\n");
  assert.equal(lines.length, 22, output);
  assert.ok(lines.slice(0, 14).every((line) => line.startsWith("error: ")), output);
  assert.ok(lines.includes("error: medusa-config.js:6:5: projectConfig.store_cors is 42; it accepts a text with origins separated by commas, or a list of them"));
  assert.ok(lines.includes("warning: medusa-config.js:10:5: projectConfig.databaseUrl is a name of Medusa's second generation and without effect; 1.20 calls it projectConfig.database_url"));
  assert.equal(lines.at(-1), "14 errors, 7 warnings, 0 pieces of advice");
});
await check("check: 0 with warnings and advice alone, and without anything to say", async () => {
  const warned = await config(folderWith({ projectConfig: { workerMode: "server" }, plugins: sound.plugins }), ["check"]);
  assert.equal(warned.code, 0);
  assert.match(warned.output, /^warning: medusa-config\.js:1:\d+: projectConfig\.workerMode .* 1\.20 calls it projectConfig\.worker_mode\nadvice: /);
  assert.match(warned.output, /\n0 errors, 1 warning, 2 pieces of advice\n$/);
  assert.deepEqual(await config(folderWith(sound), ["check"]), { code: 0, output: "0 errors, 0 warnings, 0 pieces of advice\n" });
});
await check("check: every name of the second generation is answered with its twin", async () => {
  const twins = { databaseUrl: "database_url", databaseName: "database_database", databaseSchema: "database_schema", databaseLogging: "database_logging", databaseDriverOptions: "database_driver_options",
    redisUrl: "redis_url", redisPrefix: "redis_prefix", redisOptions: "redis_options", sessionOptions: "session_options", workerMode: "worker_mode", jobsBatchSize: "jobs_batch_size",
    storeCors: "store_cors", adminCors: "admin_cors", authCors: "auth_cors", jwtSecret: "jwt_secret", cookieSecret: "cookie_secret", httpCompression: "http_compression" };
  const http = { storeCors: "store_cors", adminCors: "admin_cors", authCors: "auth_cors", jwtSecret: "jwt_secret", cookieSecret: "cookie_secret", compression: "http_compression" };
  const of = (names) => Object.fromEntries(Object.keys(names).map((name) => [name, "x"]));
  const { findings } = await json(folderWith({ ...sound, projectConfig: { ...sound.projectConfig, ...of(twins), http: of(http) } }), "check");
  const told = Object.fromEntries(findings.map(({ key, nearest }) => [key.replace("projectConfig.", ""), nearest.replace("projectConfig.", "")]));
  assert.deepEqual(told, { ...twins, ...Object.fromEntries(Object.entries(http).map(([key, twin]) => [`http.${key}`, twin])) });
});
await check("check: no secret is shown", async () => {
  const { output } = await config(folderWith({ projectConfig: { jwt_secret: ["topsecret", 1], cookie_secret: { a: "topsecret" }, database_url: "mysql://u:topsecret@h/x", redis_url: "redis://u:topsecret@h:x", redis_options: { password: ["topsecret"] }, session_options: { secret: { b: "topsecret" } } },
    plugins: [{ resolve: 1, options: { key: "topsecret" } }] }), ["check"]);
  assert.ok(!output.includes("topsecret"), output);
  for (const key of ["jwt_secret", "cookie_secret", "database_url", "redis_url", "redis_options.password", "session_options.secret"]) assert.match(output, new RegExp(`error: .*projectConfig\\.${key}`));
});
await check("check: what belongs to production", async () => {
  const production = { environment: { NODE_ENV: "production" } };
  const keys = async (given) => (await json(folderWith(given), "check", production, given === sound ? 0 : 1)).findings.map(({ severity, key }) => `${severity} ${key}`);
  assert.deepEqual(await keys({ projectConfig: {}, plugins: sound.plugins }), ["error projectConfig.database_url", "error projectConfig.jwt_secret", "error projectConfig.cookie_secret", "advice projectConfig.redis_url"]);
  assert.deepEqual(await keys(sound), ["advice projectConfig.redis_url"]);
});

// ---- config show

await check("show: each value with its source: file, environment, .env, default", async () => {
  const folder = folderWith(`module.exports = {
  projectConfig: {
    redis_prefix: "shop:",
    store_cors: process.env.STORE_CORS,
  },
  featureFlags: { analytics: false },
};`, { ".env": "# of the shop\nCOOKIE_SECRET=topsecret\nSTORE_CORS=http://localhost:8000\n" });
  const { settings, file } = await json(folder, "show", { environment: { JWT_SECRET: "topsecret", MEDUSA_FF_ANALYTICS: "true" } });
  assert.equal(file, "medusa-config.js");
  const row = (key) => { const { value, source, file, line, variable } = settings.find((setting) => setting.key === key); return [value, source, file, line, variable]; };
  assert.deepEqual(row("projectConfig.redis_prefix"), ["shop:", "file", "medusa-config.js", 3, null]);
  assert.deepEqual(row("projectConfig.store_cors"), ["http://localhost:8000", "file", "medusa-config.js", 4, null]);
  assert.deepEqual(row("projectConfig.cookie_secret"), [["***"], ".env", ".env", 2, "COOKIE_SECRET"]);
  assert.deepEqual(row("projectConfig.jwt_secret"), [["***"], "environment", null, null, "JWT_SECRET"]);
  assert.deepEqual(row("featureFlags.analytics"), [true, "environment", null, null, "MEDUSA_FF_ANALYTICS"]);
  assert.deepEqual(row("projectConfig.database_schema"), ["public", "default", null, null, null]);
  assert.deepEqual(row("PORT"), ["9000", "default", null, null, "PORT"]);
  const { code, output } = await config(folder, ["show"], { environment: { JWT_SECRET: "topsecret" } });
  assert.equal(code, 0);
  for (const line of [/^projectConfig\.redis_prefix +"shop:"  \(medusa-config\.js:3\)$/m, /^projectConfig\.cookie_secret +\["\*\*\*"\]  \(\.env:2\)$/m, /^projectConfig\.jwt_secret +\["\*\*\*"\]  \(environment\)$/m, /^projectConfig\.database_url +-  \(default\)$/m, /^PORT +"9000"  \(default\)$/m]) assert.match(output, line);
  assert.ok(!output.includes("topsecret"));
});
await check("show: secrets, logins in URLs and texts in options are covered", async () => {
  const folder = folderWith({ projectConfig: { ...sound.projectConfig, jwt_secret: ["topsecret", "topsecret2"], cookie_secret: "topsecret", redis_url: "rediss://u:top@secret@redis.example.com:6380/2", session_options: { secret: "topsecret" }, redis_options: { password: "topsecret", db: 1 }, database_extra: { ssl: { ca: "topsecret" }, max: 5 } },
    plugins: ["medusa-payment-manual", { resolve: "@medusajs/file-local", options: { key: "topsecret", deep: [{ token: "topsecret" }] } }], modules: { cacheService: { resolve: "@medusajs/cache-redis", options: { redisUrl: "redis://:topsecret@localhost", ttl: 5 } } } });
  const { settings } = await json(folder, "show");
  const value = (key) => settings.find((setting) => setting.key === key).value;
  assert.ok(!/topsecret|top@secret/.test(JSON.stringify(settings)));
  assert.deepEqual(value("projectConfig.jwt_secret"), ["***", "***"]);
  assert.equal(value("projectConfig.database_url"), "postgres://***@db.example.com:5433/shop?***");
  assert.equal(value("projectConfig.redis_url"), "rediss://***@redis.example.com:6380/2");
  assert.deepEqual(value("projectConfig.redis_options"), { password: "***", db: 1 });
  assert.deepEqual(value("projectConfig.database_extra"), { ssl: { ca: "***" }, max: 5 });
  assert.deepEqual(value("plugins"), ["medusa-payment-manual", { resolve: "@medusajs/file-local", options: { key: "***", deep: [{ token: "***" }] } }]);
  assert.deepEqual(value("modules"), { cacheService: { resolve: "@medusajs/cache-redis", options: { redisUrl: "***", ttl: 5 } } });
});
await check("show: a faulty configuration is shown too, with its errors, and fails", async () => {
  const { code, output } = await config(folderWith({ projectConfig: { store_cors: 42, redis_prefix: "p" } }), ["show"]);
  assert.equal(code, 1);
  assert.match(output, /^projectConfig\.store_cors +""  \(default\)$/m);
  assert.match(output, /^projectConfig\.redis_prefix +"p" /m);
  assert.match(output, /^error: medusa-config\.js:1:\d+: projectConfig\.store_cors is 42/m);
});

// ---- the start says the same, once

await check("start: all errors at once, and nothing is served", async () => {
  const output = await refuses(planted, { environment: { ...environment, PORT: "9000" } });
  const said = output.split("\n").filter((line) => /^error: medusa-config\.js:\d+:\d+: /.test(line)).map((line) => /: ((projectConfig|plugins|modules|featureFlags)[^ :]*)/.exec(line)[1]);
  assert.deepEqual(said.sort(), Object.entries(expected).filter(([key, [severity]]) => severity === "error" && key !== "PORT").map(([key]) => key).sort());
});
await check("start: warnings are logged once, and it serves", () =>
  serves({ projectConfig: { ...secrets, database_url: database, storeCors: "x", worker_mode: "both" } }, { environment: { LOG_LEVEL: "loud" } }, async ({ base, lines }) => {
    assert.equal((await fetch(`${base}/health`)).status, 200);
    for (const text of ["projectConfig.storeCors is a name", "projectConfig.worker_mode is", "LOG_LEVEL is"]) {
      assert.equal(lines(text).length, 1, text);
      assert.equal(lines(text)[0].level, "warn");
    }
  }));
await check("start: --port wins over a PORT that would be refused", async () => {
  await serves({ projectConfig: { ...secrets, database_url: database } }, { environment: { PORT: "/tmp/socket" } }, async ({ base }) => assert.equal((await fetch(`${base}/health`)).status, 200));
});

// ---- forms of the file

const prefix = async (files, options) => (await json(folderWith(undefined, files), "show", options)).settings.find(({ key }) => key === "projectConfig.redis_prefix").value;
const forms = {
  "medusa-config.js": { "medusa-config.js": `module.exports = { projectConfig: { redis_prefix: "here" } };` },
  "medusa-config.json": { "medusa-config.json": `{ "projectConfig": { "redis_prefix": "here" } }` },
  "a folder with index.js": { "medusa-config/index.js": `module.exports = { projectConfig: require("./part") };`, "medusa-config/part.js": `exports.redis_prefix = "here";` },
  "a folder with index.json": { "medusa-config/index.json": `{ "projectConfig": { "redis_prefix": "here" } }` },
  "the file before the folder": { "medusa-config.js": `exports.projectConfig = { redis_prefix: "here" };`, "medusa-config.json": `{ "projectConfig": { "redis_prefix": "not" } }`, "medusa-config/index.js": `exports.projectConfig = { redis_prefix: "not" };` },
  "an ES module's default export, as compilers write it": { "medusa-config.js": `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = { projectConfig: { redis_prefix: "here" } };` },
  ".env, which the file reads by dotenv or leaves to the server": { "medusa-config.js": `exports.projectConfig = { redis_prefix: process.env.PREFIX };`, ".env": "PREFIX=here" },
  ".env of NODE_ENV, which the file reads itself": { "medusa-config.js": `require("fs").readFileSync(".env." + process.env.NODE_ENV, "utf8").split("\\n").forEach((line) => { const [name, value] = line.split("="); process.env[name] ??= value; }); exports.projectConfig = { redis_prefix: process.env.PREFIX };`, ".env": "PREFIX=not", ".env.staging": "PREFIX=here" },
};
for (const [form, files] of Object.entries(forms))
  await check(`form: ${form}`, async () => assert.equal(await prefix(files, { environment: form.includes("NODE_ENV") ? { NODE_ENV: "staging" } : {} }), "here"));
await check("form: the real environment wins over .env", async () => assert.equal(await prefix({ "medusa-config.js": `exports.projectConfig = { redis_prefix: process.env.PREFIX };`, ".env": "PREFIX=not" }, { environment: { PREFIX: "here" } }), "here"));

const faults = {
  "no file": [{}, /^error: .*there is no medusa-config\.js or medusa-config\.json in this folder\n/],
  "TypeScript alone": [{ "medusa-config.ts": "export default {}" }, /medusa-config\.ts must be compiled/],
  "JavaScript that can't be parsed": [{ "medusa-config.js": "module.exports = {\n  projectConfig: {,\n};" }, /^error: medusa-config\.js:2:19: SyntaxError: Unexpected token ','\n {2}2 \|   projectConfig: \{,\n {4}\| {19}\^\n/],
  "JSON that can't be parsed": [{ "medusa-config.json": `{\n  "projectConfig": {\n    "a": 1,\n  }\n}` }, /^error: medusa-config\.json:4:3: .*\n {2}4 \|   \}\n {4}\| {3}\^\n/],
  "a throw": [{ "medusa-config.js": `const a = 1;\nif (a) throw new TypeError("no way");` }, /^error: medusa-config\.js:2:14: TypeError: no way\n/],
  "a throw in a file of its own": [{ "medusa-config.js": `require("./other");`, "other.js": `\nnull.x;` }, /^error: other\.js:2:\d+: TypeError: Cannot read properties of null/],
  "a package that is not installed": [{ "medusa-config.js": `require("dotenv").config();` }, /Cannot find module 'dotenv' \(are the project's packages installed\?\)/],
  "import in CommonJS": [{ "medusa-config.js": `import x from "y";` }, /1\.20 reads CommonJS|Cannot find package 'y'/],
  "a promise": [{ "medusa-config.js": `module.exports = Promise.resolve({});` }, /it must export an object, not a promise/],
  "a function": [{ "medusa-config.js": `module.exports = () => ({});` }, /it must export an object, not a function/],
  "null": [{ "medusa-config.js": `module.exports = null;` }, /it must export an object, not null/],
  "a process that it ends": [{ "medusa-config.js": `process.exit(3);` }, /it ended the process with code 3/],
};
for (const [what, [files, pattern, wanted = 1]] of Object.entries(faults))
  await check(`form: ${what}`, async () => {
    const { code, output } = await config(folderWith(undefined, files), ["check"]);
    assert.match(output, pattern);
    assert.equal(code, wanted, output);
  });
await check("config: one of check, show, reference", async () => {
  for (const args of [[], ["chek"], ["check", "show"]]) {
    const { code, output } = await config(folderWith(sound), args);
    assert.equal(code, 1);
    assert.match(output, /^error: config takes one of check, show, reference/);
  }
});

await dropAll();
finish();
