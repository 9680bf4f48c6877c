#!/usr/bin/env node
// Mistakes in a configuration that 1.20 takes in silence, or fails on somewhere else: each is named with its file and line, what was
// found and what is accepted. `config check` and a start say the same.
import assert from "node:assert/strict";
import { command, folderWith, source } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";

const manual = ["medusa-payment-manual", "medusa-fulfillment-manual"];
const secrets = { jwt_secret: "j", cookie_secret: "c" };
// Nobody listens there: a start that has nothing to refuse ends with that.
const sound = { ...secrets, database_url: "postgres://u:p@127.0.0.1:1/shop" };
const project = (projectConfig, rest = {}) => ({ projectConfig: { ...sound, ...projectConfig }, plugins: manual, ...rest });
// A file in which each line is a member of projectConfig, beginning with line 2.
const lines = (...members) => `module.exports = { plugins: ${source(manual)}, projectConfig: { jwt_secret: "j", cookie_secret: "c",\n${members.join(",\n")}\n} };\n`;
const database = `database_url: "${sound.database_url}"`;
const js = (text, files = {}) => ({ config: undefined, files: { "medusa-config.js": text, ...files } });
const aPackage = (name) => ({ [`node_modules/${name}/package.json`]: "{}" });
const production = { NODE_ENV: "production", REDIS_URL: "" };
const noRedis = ["advice", "projectConfig.redis_url"];

// Rows: what is wrong, the configuration (an object, a text, or { config, files, environment, args }), then all findings of it:
// severity, key, and perhaps the line, a pattern of the message, and what was meant.
const rows = [
  // ---- nothing exported
  ["module.export", js("\nmodule.export = { projectConfig: {} };"), ["error", null, 2, /nothing is exported: the configuration is what is assigned to module\.exports, and not to module\.export \(did you mean module\.exports\?\)/, "module.exports"]],
  ["exports = ", js("exports = { projectConfig: {} };"), ["error", null, 1, /not to exports \(did you mean module\.exports\?\)/, "module.exports"]],
  ["an empty file", js(""), ["error", null, null, /nothing is exported/]],
  ["an empty object", js("module.exports = {};"), ["error", null, null, /nothing is exported/]],
  ["an empty object in JSON", { files: { "medusa-config.json": "{}" } }, ["error", null, null, /it is an empty object: a configuration has projectConfig in it/]],
  ["no projectConfig", { config: { plugins: manual } }, ["error", "projectConfig", null, /projectConfig is missing/], ["advice", "projectConfig.jwt_secret"], ["advice", "projectConfig.cookie_secret"]],
  ["projectConfig undefined", js(`module.exports = { plugins: ${source(manual)},\n  projectConfig: undefined };`), ["error", "projectConfig", 2, /projectConfig is undefined; it accepts an object/], ["advice", "projectConfig.jwt_secret"], ["advice", "projectConfig.cookie_secret"]],
  ["projectConfig a text", { config: { projectConfig: "x", plugins: manual } }, ["error", "projectConfig", 1, /projectConfig is a text; it accepts an object/], ["advice", "projectConfig.jwt_secret"], ["advice", "projectConfig.cookie_secret"]],
  ["a promise, in production too", { ...js("module.exports = (async () => ({ projectConfig: {} }))();"), environment: production }, ["error", null, null, /it must export an object, not a promise: the start waits for none/]],
  ["an async function, in production too", { ...js("module.exports = async () => ({ projectConfig: {} });"), environment: production }, ["error", null, null, /it must export an object, not an async function: nobody calls it/]],
  ["a function", js("module.exports = () => ({ projectConfig: {} });"), ["error", null, null, /not a function: nobody calls it/]],
  ["a thenable", js("module.exports = { then() {} };"), ["error", null, null, /not a promise/]],
  ["medusa-config.mjs", { files: { "medusa-config.mjs": "export default {};" } }, ["error", null, null, /there is no medusa-config\.js .*; medusa-config\.mjs is read by neither server: make it medusa-config\.js/]],
  ["medusa-config.cjs", { files: { "medusa-config.cjs": "module.exports = {};" } }, ["error", null, null, /medusa-config\.cjs is read by neither server: call it medusa-config\.js/]],

  // ---- undefined
  ["a misspelt variable", { ...js(lines("database_url: process.env.DATABSE_URL")), environment: { DATABASE_URL: "postgres://u:topsecret@127.0.0.1:1/shop" } }, ["warning", "projectConfig.database_url", 2, /is undefined, and counts as not given: process\.env\.DATABSE_URL is not set \(did you mean DATABASE_URL\?\)/]],
  ["the same in production", { ...js(lines("database_url: process.env.DATABSE_URL", "redis_url: 'redis://127.0.0.1:1'")), environment: { ...production, DATABASE_URL: "postgres://u:topsecret@127.0.0.1:1/shop" } }, ["error", "projectConfig.database_url", 2, /process\.env\.DATABSE_URL is not set \(did you mean DATABASE_URL\?\)/]],
  ["by way of a constant", js(`const REDIS = process.env.REDIS_HOST_OF_NOBODY\nconst { PREFIX_OF_NOBODY, NOBODY_CORS: cors } = process.env;\n${lines(database, "redis_url: REDIS", "redis_prefix: PREFIX_OF_NOBODY", "store_cors: cors")}`), ["warning", "projectConfig.redis_url", 5, /process\.env\.REDIS_HOST_OF_NOBODY is not set/], ["warning", "projectConfig.redis_prefix", 6, /process\.env\.PREFIX_OF_NOBODY is not set/], ["warning", "projectConfig.store_cors", 7, /process\.env\.NOBODY_CORS is not set/]],
  ["in brackets, with ?.", js(lines(database, `redis_url: process.env["NOBODYS_A"]`, "redis_prefix: process.env?.NOBODYS_B")), ["warning", "projectConfig.redis_url", 3, /process\.env\.NOBODYS_A is not set/], ["warning", "projectConfig.redis_prefix", 4, /process\.env\.NOBODYS_B is not set/]],
  ["undefined itself", js(lines(database, "redis_url: undefined")), ["warning", "projectConfig.redis_url", 3, /projectConfig\.redis_url is undefined, and counts as not given$/]],
  ["a secret whose variable counts anyway", { ...js(lines(database, "jwt_secret: process.env.JWT").replace('jwt_secret: "j", ', "")), environment: { JWT_SECRET: "x" } }],
  ["options of others", js(`module.exports = { projectConfig: ${source(sound)}, plugins: ["${manual.join('", "')}",\n { resolve: "@medusajs/file-local", options: {\n   backend_url: process.env.NOBODYS_URL,\n  upload_dir: undefined } }] };`), ["warning", "plugins[2].options.backend_url", 3, /process\.env\.NOBODYS_URL is not set/]],
  ["within a URL", { ...js(lines("database_url: `postgres://${process.env.DB_USER}:word@127.0.0.1:1/shop`", "redis_url: `redis://:${process.env.REDIS_WORD}@${process.env.REDIS_HOST}:6379`")), environment: { REDIS_WORD: "topsecret" } }, ["warning", "projectConfig.database_url", 2, /has the word "undefined" in it: process\.env\.DB_USER is not set/], ["error", "projectConfig.redis_url", 3, /has the word "undefined" as its host: process\.env\.REDIS_HOST is not set/]],
  ["a port within a URL", js(lines("database_url: 'postgres://u:topsecret@127.0.0.1:' + process.env.DB_PORT_ + '/shop'")), ["error", "projectConfig.database_url", 2, /what stands as its port is no number/], ["warning", "projectConfig.database_url", 2, /has the word "undefined" in it: process\.env\.DB_PORT_ is not set/]],
  ["within a list of origins", js(lines(database, "store_cors: `http://localhost:8000,${process.env.STORE_ORIGIN_}`", "admin_cors: [process.env.ADMIN_ORIGIN_, 'http://localhost:7001']")), ["warning", "projectConfig.store_cors", 3, /no origin is equal to undefined: it has the word "undefined" where something is not set: process\.env\.STORE_ORIGIN_ is not set/], ["error", "projectConfig.admin_cors[0]", 4, /projectConfig\.admin_cors\[0\] is undefined; it accepts a text: process\.env\.ADMIN_ORIGIN_ is not set/]],
  ["within plugins", js(`module.exports = { projectConfig: ${source(sound)}, plugins: [${manual.map((name) => `"${name}"`)},\n process.env.NOBODYS_PLUGIN] };`), ["error", "plugins[2]", 2, /plugins\[2\] is undefined; it accepts a package name, or an object with `resolve`: process\.env\.NOBODYS_PLUGIN is not set/]],
  ["a secret made of nothing", js(lines(database, "session_options: { secret: `${process.env.NOBODYS_SECRET}` }")), ["warning", "projectConfig.session_options.secret", 3, /is the word "undefined", where something is not set: process\.env\.NOBODYS_SECRET is not set/]],

  // ---- CORS
  ...[
    ["http://a.com/", /ends with a slash, which no origin has/, "http://a.com"], ["https://a.com/shop", /has a path/, "https://a.com"], ["https://a.com?x=1", /has a path/, "https://a.com"],
    ["a.com", /has no scheme/, "https://a.com"], ["localhost:8000", /has no scheme/, "http://localhost:8000"], ["*", /is no wildcard; a pattern for every origin/],
    [".example.com", /stands for no other host/, "/\\.example\\.com$/"], ["*.example.com", /stands for no other host/, "/\\.example\\.com$/"], ["https://*.example.com", /has a \*, which is no wildcard/, "/^https:\\/\\/[^.]+\\.example\\.com$/"],
    ["http://a.com http://b.com", /has blanks or semicolons/], ["http://a.com;http://b.com", /has blanks or semicolons/], ["http://A.com", /has capitals/, "http://a.com"], ["HTTPS://a.com", /has capitals/, "https://a.com"],
    ['"http://a.com"', /has quotes in it/, "http://a.com"], ["https://a.com:443", /names the port that its scheme has anyway/, "https://a.com"], ["http://a.com:80", /names the port/, "http://a.com"], ["https://", /names no host/],
    ["http://user@a.com", /has a login/], ["https://mühle.de", /Punycode/], ["/a\\.com/x", /is no pattern/], ["undefined", /has the word "undefined"/],
  ].map(([entry, pattern, nearest]) => [`an origin: ${entry}`, { config: project({ store_cors: `http://localhost:8000,${entry}` }) }, ["warning", "projectConfig.store_cors", 1, pattern, nearest]]),
  ["an item of a list with two origins", { config: project({ auth_cors: ["http://a.com,http://b.com"] }) }, ["warning", "projectConfig.auth_cors", 1, /has a comma in it: each item of a list is one origin/]],
  ["origins that can match", { config: project({ store_cors: "null,http://localhost:8000,https://a.com:8443,capacitor://localhost,chrome-extension://abc,/./,http://[::1]:8000", admin_cors: [/^https:\/\/a\.com$/y, "/a\\.com$/gi"] }) }],

  // ---- modules
  ["false for a module that nothing works without", { config: project({}, { modules: { eventBus: false, cacheService: false, inventoryService: false } }) }, ["error", "modules.eventBus", 1, /modules\.eventBus is false, but nothing works without it: leave it out for @medusajs\/event-bus-local/], ["error", "modules.cacheService", 1, /leave it out for @medusajs\/cache-inmemory/]],
  ["one alias for two", { config: project({}, { modules: { inventoryService: { alias: "stock" }, stockLocationService: { alias: "stock" } } }) }, ["error", "modules.stockLocationService.alias", 1, /is "stock", and so is that of modules\.inventoryService/]],
  ["an alias that is another's key", { config: project({}, { modules: { inventoryService: { alias: "stockLocationService" }, stockLocationService: true } }) }, ["error", "modules.inventoryService.alias", 1, /and so is the key of another module/]],
  ...[["a folder with index.js", "./src/cache", { "src/cache/index.js": "" }], ["a file without its ending", "./src/cache", { "src/cache.js": "" }], ["a file", "./src/cache.js", { "src/cache.js": "" }], ["a package without package.json", "cache-of-mine", { "node_modules/cache-of-mine/index.js": "" }], ["a part of a package", "pack/dist/cache", { "node_modules/pack/dist/cache.js": "" }]].map(
    ([what, resolve, files]) => [`a module by ${what} is found`, { config: project({}, { modules: { cacheService: { resolve } } }), files }, ["error", "modules.cacheService", 1, /which runs in the project's own Medusa/]]),
  ["a module that is nowhere", { config: project({}, { modules: { cacheService: { resolve: "./src/cache" } } }), files: { "src/cache.md": "" } }, ["error", "modules.cacheService", 1, /Cannot find module '\.\/src\/cache'/]],

  // ---- one level down
  ["rejectUnauthorised", { config: project({ database_extra: { ssl: { rejectUnauthorised: false } }, redis_options: { tls: { rejectUnauthorised: false } } }) }, ["warning", "projectConfig.database_extra.ssl.rejectUnauthorised", 1, /is without effect here \(did you mean rejectUnauthorized\?\)/, "rejectUnauthorized"], ["warning", "projectConfig.redis_options.tls.rejectUnauthorised", 1, /did you mean rejectUnauthorized/, "rejectUnauthorized"]],
  ['rejectUnauthorized: "false"', { config: project({ database_extra: { ssl: { rejectUnauthorized: "false" } } }) }, ["error", "projectConfig.database_extra.ssl.rejectUnauthorized", 1, /is "false"; it accepts true or false/]],
  ["optons of a plugin", { config: project({}, { plugins: [...manual, { resolve: "@medusajs/file-local", optons: { upload_dir: "x" } }] }) }, ["warning", "plugins[2].optons", 1, /plugins\[2\]\.optons is without effect \(did you mean options\?\)/, "options"]],
  ["optons of a module", { config: project({}, { modules: { cacheService: { resolve: "@medusajs/cache-inmemory", optons: { ttl: 5 } } } }) }, ["warning", "modules.cacheService.optons", 1, /did you mean options/, "options"]],
  ["tll of a module", { config: project({}, { modules: { cacheService: { resolve: "@medusajs/cache-inmemory", options: { tll: 5 } } } }) }, ["warning", "modules.cacheService.options.tll", 1, /did you mean ttl/, "ttl"]],
  ["uploads_dir of a plugin", { config: project({}, { plugins: [...manual, { resolve: "@medusajs/file-local", option: {}, options: { uploads_dir: "x", backend_url: "http://localhost" } }] }) }, ["warning", "plugins[2].options.uploads_dir", 1, /did you mean upload_dir/, "upload_dir"], ["warning", "plugins[2].option", 1, /did you mean options/, "options"]],
  ["flags by another word", { config: project({}, { featureFlags: { product_categories: "yes", analytics: 1, sales_channels: "TRUE", order_editing: false } }), environment: { MEDUSA_FF_TAX_INCLUSIVE_PRICING: "1" } }, ["warning", "featureFlags.product_categories", 1, /is "yes", which means false: of texts only "true" turns it on/], ["warning", "featureFlags.analytics", 1, /is 1, which means true; it accepts true or false/], ["warning", "MEDUSA_FF_TAX_INCLUSIVE_PRICING", null, /is "1", which means false/]],
  ["supersecret in production", { config: project({ jwt_secret: "supersecret", cookie_secret: ["c", "supersecret"], redis_url: "redis://127.0.0.1:1" }), environment: production }, ["error", "projectConfig.jwt_secret", 1, /is "supersecret", which everybody knows: production needs another/], ["error", "projectConfig.cookie_secret", 1, /everybody knows/]],
  ["supersecret by a variable in production", { config: project({ jwt_secret: undefined, redis_url: "redis://127.0.0.1:1" }), environment: { ...production, JWT_SECRET: "supersecret" } }, ["error", "projectConfig.jwt_secret", null, /everybody knows/]],
  ["supersecret elsewhere", { config: project({ jwt_secret: "supersecret" }) }],
  ...[["Production", "production"], ["PROD", "prod"], [" production", "production"], ["prodution", "production"], ["Staging", "staging"]].map(([NODE_ENV, nearest]) => [`NODE_ENV=${NODE_ENV}`, { config: project({}), environment: { NODE_ENV } }, ["warning", "NODE_ENV", null, new RegExp(`another word than ${nearest}, whose rules don't hold for it`), nearest]]),
  ["NODE_ENV=qa is a name of the shop's own", { config: project({}), environment: { NODE_ENV: "qa" } }],

  // ---- the rest
  ["BOM in medusa-config.json", { files: { "medusa-config.json": `\ufeff${JSON.stringify(project({ store_corss: "x" }))}` } }, ["warning", "projectConfig.store_corss", 1, /did you mean projectConfig\.store_cors/, "projectConfig.store_cors"]],
  ["PORT no number", { config: project({}), environment: { PORT: "/tmp/socket" } }, ["error", "PORT", null, /^PORT is "\/tmp\/socket"; it accepts a number from 0 to 65535$/]],
  ["PORT too large", { config: project({}), environment: { PORT: "65536" } }, ["error", "PORT", null, /^PORT is "65536"; it accepts a number from 0 to 65535$/]],
  ["HOST that nothing resolves", { config: project({}), environment: { HOST: "host.invalid" } }, ["error", "HOST", null, /^HOST is "host\.invalid", which can't be resolved \(.*\); it accepts an address or a name of this machine/]],
  ["no plugin for payments", { config: project({}, { plugins: ["medusa-fulfillment-manual"] }) }, ["advice", "plugins", 1, /You don't have any payment provider plugins installed\. You may want to add one to your project\./]],
  ["no plugin for fulfilments", { config: project({}, { plugins: ["medusa-payment-manual"] }) }, ["advice", "plugins", 1, /You don't have any fulfillment provider plugins installed\. You may want to add one to your project\./]],
  ["an option of the event bus that would end a start", { config: project({}, { modules: { eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: "redis://127.0.0.1:1", queueName: "a:b" } } } }) }, ["error", "modules.eventBus.options", 1, /queueName: Queue name cannot contain :/]],
  ["a certificate that is none", { config: project({ redis_url: "rediss://127.0.0.1:1", redis_options: { tls: { cert: "topsecret" } } }) }, ["error", "projectConfig.redis_url", 1, /hold what is no certificate or key/]],
];

const order = (findings) => findings.map(([severity, key]) => `${severity} ${key}`).sort();
for (const [what, given, ...expected] of rows)
  await check(what, async () => {
    const folder = folderWith(given.config, given.files), environment = given.environment ?? {};
    const answer = await command(folder, ["config", "check", "--json"], { environment });
    assert.ok(!answer.output.includes("topsecret"), answer.output);
    const { findings } = JSON.parse(answer.output.split("\n").find((line) => line.startsWith("{")));
    // In production without Redis there is advice, which is not what is looked at.
    const told = findings.filter(({ severity, key }) => severity !== "advice" || key !== noRedis[1] || expected.some(([, name]) => name === key));
    assert.deepEqual(order(told.map(({ severity, key }) => [severity, key])), order(expected), JSON.stringify(told, null, 1));
    for (const [severity, key, line, pattern, nearest] of expected) {
      const found = told.find((finding) => finding.severity === severity && finding.key === key);
      if (line !== undefined) assert.equal(found.line, line, found.message);
      if (pattern) assert.match(found.message, pattern);
      if (nearest) assert.equal(found.nearest, nearest, found.message);
    }
    assert.equal(answer.code, expected.some(([severity]) => severity === "error") ? 1 : 0);
    // A start that is refused says the same lines, warnings among them, since one of them may be the reason.
    if (answer.code === 1) {
      const lines = (await command(folder, ["config", "check"], { environment })).output.trimEnd().split("\n").slice(0, -1);
      const refused = await command(folder, ["start"], { environment });
      assert.equal(refused.code, 1);
      assert.deepEqual(refused.output.trimEnd().split("\n"), lines);
    }
  });

await check("other commands print the warnings: one may be why they fail", async () => {
  const folder = folderWith({ ...project({}), projectConfig: { ...sound, databse_url: "x" } });
  for (const args of [["migrations", "show"], ["user", "-e", "a@example.com"]]) {
    const { code, output } = await command(folder, args);
    assert.equal(code, 1);
    assert.match(output, /^warning: medusa-config\.js:1:\d+: projectConfig\.databse_url is not known and without effect \(did you mean projectConfig\.database_url\?\)\nerror: Failed to establish/);
  }
});
await check("--port and --host are named as what they are", async () => {
  const folder = folderWith(project({}));
  const refused = await command(folder, ["start", "--port", "many", "--host", "host.invalid"], { environment: { PORT: "9000" } });
  assert.equal(refused.code, 1);
  assert.match(refused.output, /^error: --port is "many"; it accepts a number from 0 to 65535$/m);
  assert.match(refused.output, /^error: --host is "host\.invalid", which can't be resolved/m);
});

finish();
