#!/usr/bin/env node
// No part of a login is shown, whatever is wrong with the URL that holds it: by any command, nor in a log.
import assert from "node:assert/strict";
import { command, folderWith, started } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { seedFile } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const sound = { jwt_secret: "j", cookie_secret: "c", database_url: database };
const plugins = ["medusa-payment-manual", "medusa-fulfillment-manual"];
// Without JavaScript, so that no process of node takes its time.
const folderOf = (projectConfig, rest = {}) => folderWith(undefined, { "medusa-config.json": JSON.stringify({ projectConfig: { ...sound, ...projectConfig }, plugins, ...rest }) });
const marked = /xq7/i;

// Two parts of a password with something odd between them, both of which would be found.
const odd = ["#", "/", "?", "%", "@", ":", " ", "é", "\\", "+", "&", "=", "[", "]", ",", ";", "'", '"', "%zz", "%2", "@#", "@/", "@?", "#@", "//", "?a=", "?a=b&c", "1#", "12/", "12?", "://"];
const ends = (scheme, rest) => odd.flatMap((sign) => [
  `${scheme}://shop:Xq7a${sign}Xq7b@host.invalid${rest}`,
  `${scheme}://Xq7a${sign}Xq7b:word@host.invalid${rest}`,
]).concat(odd.map((sign) => `${scheme}://shop:1${sign}Xq7b@host.invalid${rest}`), [
  `${scheme}://shop:Xq7a`, `${scheme}://shop:Xq7a@`, `${scheme}://:Xq7a#b@host.invalid`, `shop:Xq7a@host.invalid${rest}`, `shop:Xq7a#b@host.invalid${rest}`, `Xq7a://shop:Xq7b@host.invalid`, `${scheme}:shop:Xq7a@host.invalid`,
  `${scheme}://shop:Xq7a@host.invalid:port${rest}`, `${scheme}://shop:Xq7a@[::1${rest}`, `${scheme}://shop:word@host.invalid${rest}?password=Xq7a`, `${scheme}://host.invalid${rest}?user=me@there&password=Xq7a#b`,
]);
// What ends the part of a URL in which a login stands must be percent-encoded, and that is said.
const cuts = (url) => /:\/\/[^@]*[#/?].*@/.test(url) && !/\?(user|password)=/.test(url);

const commands = { "config check": ["config", "check"], "config show": ["config", "show"], "config show --json": ["config", "show", "--json"], "migrations show": ["migrations", "show"], "migrations run": ["migrations", "run"], "seed": ["seed", "-f", seedFile], "user": ["user", "-e", "a@example.com", "-p", "word"], start: ["start", "--port", "0"] };
const databases = ends("postgres", "/shop").concat(["host=host.invalid password=Xq7a Xq7b", "host=host.invalid password='Xq7a", "password=Xq7a xq7=b", "Xq7a=b@host.invalid"]);
for (const [what, args] of Object.entries(commands))
  await check(`database_url: ${databases.length} odd ones are shown by nobody: ${what}`, async () => {
    for (const database_url of databases) {
      // connectionTimeoutMillis: a name that nothing resolves may be looked for long.
      const { code, output } = await command(folderOf({ database_url, database_extra: { connectionTimeoutMillis: 3000 } }), args);
      assert.doesNotMatch(output, marked, `${database_url}\n${output}`);
      if (what === "config check") assert.equal(code, cuts(database_url) ? 1 : code, `${database_url}\n${output}`);
      if (what !== "config check" && !what.startsWith("config show")) assert.equal(code, 1, `${database_url}\n${output}`);
      if (cuts(database_url)) assert.match(output, /percent-encode/, database_url);
    }
  }, { seconds: 600 });

const redises = ends("redis", "/1");
for (const args of [["config", "check"], ["config", "show"], ["config", "show", "--json"]])
  await check(`redis_url: ${redises.length} odd ones are shown by nobody, in projectConfig and in modules: ${args.join(" ")}`, async () => {
    for (const redis_url of redises) {
      const modules = { cacheService: { resolve: "@medusajs/cache-redis", options: { redisUrl: redis_url } }, eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis_url } } };
      const { output } = await command(folderOf({ redis_url }, { modules }), args);
      assert.doesNotMatch(output, marked, `${redis_url}\n${output}`);
      if (cuts(redis_url)) assert.match(output, /percent-encode/, redis_url);
    }
  }, { seconds: 600 });
await check("redis_url: nor by a start in production, which ends when there is no such Redis, nor by its log", async () => {
  for (const redis_url of redises.filter((_, index) => index % 3 === 0 || index > 90)) {
    const server = await started(undefined, { folder: folderOf({ redis_url, redis_options: { connectTimeout: 2000 } }), environment: { NODE_ENV: "production" } });
    if (!server.ended) await server.stop();
    assert.doesNotMatch(server.output(), marked, `${redis_url}\n${server.output()}`);
    assert.equal(server.ended.code, 1, `${redis_url}\n${server.output()}`);
    assert.match(server.output(), /projectConfig\.redis_url/, redis_url);
  }
}, { seconds: 600 });

// ---- the file itself
await check("a configuration that can't be parsed: the line is shown without what may be a secret", async () => {
  for (const line of [`database_url: "postgres://shop:Xq7a"Xq7b@host/shop",`, `jwt_secret: 'Xq7a'Xq7b',`, `cookie_secret: "Xq7a`, `redis_options: { password: "Xq7a" "Xq7b" },`, "const dsn = `redis://:Xq7a`Xq7b@host`;"]) {
    const { code, output } = await command(folderWith(undefined, { "medusa-config.js": `module.exports = { projectConfig: {\n  ${line}\n} };` }), ["config", "check"]);
    assert.equal(code, 1);
    assert.match(output, /medusa-config\.js:2:/);
    assert.doesNotMatch(output, marked, output);
  }
});
await check("a message of the file's own: logins in its URLs are covered", async () => {
  const { output } = await command(folderWith(undefined, { "medusa-config.js": `throw new Error("can't use postgres://shop:Xq7a@Xq7b@host.invalid/shop");` }), ["config", "check"]);
  assert.match(output, /can't use postgres:\/\/\*\*\*@host\.invalid\/shop/);
  assert.doesNotMatch(output, marked);
});

await dropAll();
finish();
