#!/usr/bin/env node
// Secrets, the variables of the environment, worker_mode and jobs_batch_size.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { freePort, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { signJwt } from "../lib/script.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const database = await copy(await template("stheno"));
const [[user]] = await sql(database, `select id from "user" limit 1`);
const customer = "cus_with_account";
await sql(database, `insert into customer (id, email, has_account) values ('${customer}', 'account@example.com', true)`);
const config = (projectConfig, rest = {}) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...projectConfig }, ...rest });
const asAdmin = (base, secret) => fetch(`${base}/admin/auth`, { headers: { authorization: `Bearer ${signJwt({ secret, user_id: user, domain: "admin" })}` } }).then(({ status }) => status);
const asCustomer = (base, secret) => fetch(`${base}/store/customers/me`, { headers: { authorization: `Bearer ${signJwt({ secret, customer_id: customer, domain: "store" })}` } }).then(({ status }) => status);
const login = (base) => fetch(`${base}/admin/auth`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) });
const tokenOf = async (base) => (await (await fetch(`${base}/admin/auth/token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) })).json()).access_token;
const health = async (base) => (await fetch(`${base}/health`)).status;
const shown = async (given, key, options) => JSON.parse((await command(folderWith(given, options?.files), ["config", "show", "--json"], options)).output).settings.find((setting) => setting.key === key);

// ---- jwt_secret, cookie_secret
const jwt = [ // what stands in the file, JWT_SECRET, the secrets that verify, those that don't
  ["the file", { jwt_secret: "file" }, "variable", ["file"], ["variable", "supersecret"]],
  ["the variable where the file has none", { jwt_secret: undefined }, "variable", ["variable"], ["supersecret"]],
  ["the variable where the file has an empty one", { jwt_secret: "" }, "variable", ["variable"], [""]],
  ["the default in development", { jwt_secret: null }, "", ["supersecret"], [""]],
  ["a number's digits", { jwt_secret: 1234 }, undefined, ["1234"], ["supersecret"]],
  ["a list: the first signs, all verify", { jwt_secret: ["new", "old", "older"] }, undefined, ["new", "old", "older"], ["none"]],
];
for (const [what, given, JWT_SECRET, good, bad] of jwt)
  await check(`jwt_secret: ${what}`, () => serves(config(given), { environment: JWT_SECRET === undefined ? {} : { JWT_SECRET } }, async ({ base, lines }) => {
    for (const secret of good) assert.deepEqual([await asAdmin(base, secret), await asCustomer(base, secret)], [200, 200], secret);
    for (const secret of bad) assert.deepEqual([await asAdmin(base, secret), await asCustomer(base, secret)], [401, 401], secret);
    const [head, body, signature] = (await tokenOf(base)).split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url"));
    assert.equal(claims.user_id, user);
    // Signed by the first.
    const { createHmac } = await import("node:crypto");
    assert.equal(signature, createHmac("sha256", good[0]).update(`${head}.${body}`).digest("base64url"));
    assert.equal(lines("jwt_secret is not set, so that everybody knows it").length, good[0] === "supersecret" ? 1 : 0);
  }));
await check("jwt_secret: .env, which counts after the real environment", async () => {
  const given = { ...config({ jwt_secret: undefined }) }, files = { ".env": "JWT_SECRET=dotenv\n" };
  await serves(given, { files }, async ({ base }) => assert.deepEqual([await asAdmin(base, "dotenv"), await asAdmin(base, "supersecret")], [200, 401]));
  await serves(given, { files, environment: { JWT_SECRET: "real" } }, async ({ base }) => assert.deepEqual([await asAdmin(base, "real"), await asAdmin(base, "dotenv")], [200, 401]));
});
const signs = async (base, secret) => {
  const [, id, signature] = /connect\.sid=s:([^.]+)\.([^;]+)/.exec(decodeURIComponent((await login(base)).headers.get("set-cookie")));
  const { createHmac } = await import("node:crypto");
  const sign = (by) => createHmac("sha256", by).update(id).digest("base64").replace(/=+$/, "");
  assert.equal(signature, sign(secret), `not signed by ${secret}`);
  return (by) => fetch(`${base}/admin/auth`, { headers: { cookie: `connect.sid=${encodeURIComponent(`s:${id}.${sign(by)}`)}` } }).then(({ status }) => status);
};
for (const [what, cookie_secret, COOKIE_SECRET, good, bad] of [
  ["the file", "file", "variable", ["file"], ["variable"]],
  ["the variable where the file has none", undefined, "variable", ["variable"], ["supersecret"]],
  ["the variable where the file has an empty one", "", "variable", ["variable"], ["supersecret"]],
  ["the default in development", undefined, undefined, ["supersecret"], ["c"]],
  ["a number's digits", 1234, undefined, ["1234"], ["supersecret"]],
  ["a list: the first signs, all verify", ["new", "old"], undefined, ["new", "old"], ["c"]],
])
  await check(`cookie_secret: ${what}`, () => serves(config({ cookie_secret }), { environment: COOKIE_SECRET === undefined ? {} : { COOKIE_SECRET } }, async ({ base, lines }) => {
    const answers = await signs(base, good[0]);
    for (const secret of good) assert.equal(await answers(secret), 200, secret);
    for (const secret of bad) assert.equal(await answers(secret), 401, secret);
    assert.equal(lines("cookie_secret is not set, so that everybody knows it").length, good[0] === "supersecret" ? 1 : 0);
    assert.equal(lines("cookie_secret is a number").length, cookie_secret === 1234 ? 1 : 0);
  }));
await check("secrets: production and prod refuse to start without; staging, test and others do as development does", async () => {
  const given = config({ jwt_secret: undefined, cookie_secret: "" });
  for (const NODE_ENV of ["production", "prod"]) {
    const output = await refuses(given, { environment: { NODE_ENV } });
    for (const key of ["jwt_secret", "cookie_secret"]) assert.ok(output.includes(`projectConfig.${key} not found: production needs one; set projectConfig.${key} or ${key.toUpperCase()}`), output);
    await serves(given, { environment: { NODE_ENV, JWT_SECRET: "a", COOKIE_SECRET: "b" } }, async ({ base }) => assert.equal(await health(base), 200));
  }
  for (const NODE_ENV of ["staging", "test", "anything", ""]) await serves(given, { environment: { NODE_ENV } }, async ({ base }) => assert.equal(await health(base), 200));
});
await check("secrets: a wrong type is refused without being shown", async () => {
  for (const key of ["jwt_secret", "cookie_secret"])
    for (const value of [true, { a: "topsecret" }, [], ["topsecret", ""], [["topsecret"]]]) {
      if (Array.isArray(value) && value.length === 0) continue; // an empty list is none
      const output = await refuses(config({ [key]: value }));
      assert.match(output, new RegExp(`projectConfig\\.${key} is .*; it accepts a text or a list of texts`));
      assert.ok(!output.includes("topsecret"));
    }
});

// ---- NODE_ENV (what it does to cookies stands in sessions.mjs)
await check("NODE_ENV: development where it is unset or empty; .env can't set it, and is told", async () => {
  for (const NODE_ENV of [undefined, ""]) {
    const { value, source } = await shown(config({}), "NODE_ENV", { environment: { NODE_ENV } });
    assert.deepEqual([value, source], ["development", "default"]);
  }
  assert.equal((await shown(config({}), "NODE_ENV", { environment: { NODE_ENV: "staging" } })).value, "staging");
  await serves(config({ jwt_secret: undefined }), { files: { ".env": "NODE_ENV=production\n" } }, async ({ lines }) => assert.equal(lines("NODE_ENV is without effect here").length, 1));
});

// ---- PORT, HOST
await check("PORT: a number, also in .env; --port wins; empty and unset are 9000", async () => {
  const port = await freePort(), other = await freePort();
  await serves(config({}), { port, environment: { PORT: String(port) } }, async ({ base }) => assert.equal(await health(base), 200));
  await serves(config({}), { port, files: { ".env": `PORT=${port}\n` } }, async ({ base }) => assert.equal(await health(base), 200));
  await serves(config({}), { port, environment: { PORT: String(other) }, args: ["-p", String(port)] }, async ({ base }) => assert.equal(await health(base), 200));
  for (const PORT of [undefined, ""]) assert.equal((await shown(config({}), "PORT", { environment: { PORT } })).value, "9000");
});
await check("PORT: what is no port is refused, and so is one that is taken", async () => {
  for (const PORT of ["65536", "-1", "/tmp/socket", "9000x", "80.5"]) assert.match(await refuses(config({}), { port: 1, environment: { PORT } }), /PORT is .*; it accepts a number from 0 to 65535/);
  const taken = createServer().listen(0, "::");
  await new Promise((done) => taken.once("listening", done));
  const { port } = taken.address();
  assert.match(await refuses(config({}), { port, environment: { PORT: String(port) } }), /EADDRINUSE|in use/i);
  taken.close();
});
await check("HOST: the address that is listened on; -H wins; what is none is refused", async () => {
  const answers = (host, port) => fetch(`http://${host}:${port}/health`).then(({ status }) => status === 200, () => false);
  await serves(config({}), { environment: { HOST: "127.0.0.1" } }, async ({ port }) => assert.deepEqual([await answers("127.0.0.1", port), await answers("[::1]", port), await answers("127.0.0.2", port)], [true, false, false]));
  await serves(config({}), { environment: { HOST: "127.0.0.2" }, args: ["-H", "127.0.0.1"] }, async ({ port }) => assert.deepEqual([await answers("127.0.0.1", port), await answers("127.0.0.2", port)], [true, false]));
  await serves(config({}), { environment: { HOST: "" } }, async ({ port }) => assert.equal(await answers("127.0.0.2", port), true));
  assert.match(await refuses(config({}), { environment: { HOST: "203.0.113.7" } }), /203\.0\.113\.7/);
});

// ---- LOG_LEVEL, LOG_FILE
await check("LOG_LEVEL: the least level that is logged; an unknown one is the default, and told", async () => {
  const given = config({ jwt_secret: undefined });
  const levels = async (LOG_LEVEL, args) => {
    const folder = folderWith(given), file = join(folder, "log");
    // The ready line itself may be below the level, so that the port tells.
    const port = await freePort();
    const said = new Set();
    await serves(given, { folder, port, environment: { PORT: String(port), LOG_FILE: "log", ...(LOG_LEVEL === undefined ? {} : { LOG_LEVEL }) }, args, ready: (base) => health(base).then((status) => status === 200, () => false) }, async () => {});
    for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((text) => text.startsWith("{")) : []) said.add(JSON.parse(line).level);
    return [...said].filter((level) => level === "info" || level === "warn").sort();
  };
  for (const level of [undefined, "silly", "debug", "verbose", "http", "info"]) assert.deepEqual(await levels(level), ["info", "warn"], level);
  assert.deepEqual(await levels("warn"), ["warn"]);
  assert.deepEqual(await levels("error"), []);
  assert.deepEqual(await levels("error", ["--verbose"]), ["info", "warn"]);
  await serves(given, { environment: { LOG_LEVEL: "LOUD" } }, async ({ lines }) => {
    assert.equal(lines('LOG_LEVEL is "LOUD"; it accepts error, warn, info, http, verbose, debug or silly, and counts as none').length, 1);
    assert.equal(lines("Server is ready").length, 1);
  });
});
await check("LOG_FILE: the lines are appended to it as well; one that can't be opened ends the start", async () => {
  const file = join(temporaryDirectory("log"), "server.log");
  for (let time = 1; time <= 2; time++) {
    await serves(config({}), { environment: { LOG_FILE: file } }, async ({ lines }) => assert.equal(lines("Server is ready").length, 1));
    assert.equal(readFileSync(file, "utf8").split("\n").filter((line) => line.includes("Server is ready")).length, time);
  }
  assert.match(await refuses(config({}), { environment: { LOG_FILE: "/nowhere/server.log" } }), /\/nowhere\/server\.log/);
});

// ---- worker_mode, jobs_batch_size
await check("worker_mode: the file before MEDUSA_WORKER_MODE before shared; HTTP is served in each; another word is told", async () => {
  const mode = async (worker_mode, MEDUSA_WORKER_MODE) => {
    const { value, source } = await shown(config(worker_mode === undefined ? {} : { worker_mode }), "projectConfig.worker_mode", { environment: MEDUSA_WORKER_MODE === undefined ? {} : { MEDUSA_WORKER_MODE } });
    return [value, source];
  };
  assert.deepEqual(await mode(), ["shared", "default"]);
  assert.deepEqual(await mode(undefined, "server"), ["server", "environment"]);
  assert.deepEqual(await mode("worker", "server"), ["worker", "file"]);
  assert.deepEqual(await mode(undefined, "both"), ["shared", "default"]);
  for (const worker_mode of ["shared", "worker", "server"]) await serves(config({ worker_mode }), {}, async ({ base }) => assert.equal(await health(base), 200));
  await serves(config({ worker_mode: 42 }), { environment: { MEDUSA_WORKER_MODE: "both" } }, async ({ lines }) => {
    assert.equal(lines('projectConfig.worker_mode is 42; it accepts "shared", "worker" or "server", and counts as none').length, 1);
    assert.equal(lines('MEDUSA_WORKER_MODE is "both"').length, 1);
  });
});
await check("jobs_batch_size: so many recorded events are taken at once; 1000 by default", async () => {
  const takes = async (jobs_batch_size) => {
    await sql(database, "insert into staged_job (id, event_name, data) select 'job_' || i, 'test.event', '{}' from generate_series(1, 25) i");
    return serves(config({ jobs_batch_size, database_logging: ["query"] }), {}, async ({ output }) => {
      await until(async () => Number((await sql(database, "select count(*) from staged_job"))[0][0]) === 0, { seconds: 10, describe: output });
      return output().split("\n").filter((line) => /delete from staged_job/i.test(line)).length;
    });
  };
  assert.equal(await takes(10), 3);
  assert.equal(await takes("5"), 5);
  assert.equal(await takes(undefined), 1);
});
await check("jobs_batch_size: what is no number from 1 on is refused", async () => {
  for (const jobs_batch_size of [0, -1, 1.5, "many", true, [1]]) assert.match(await refuses(config({ jobs_batch_size })), /projectConfig\.jobs_batch_size is .*; it accepts a whole number from 1 on/);
});

// ---- variables of this server's own
await check("STHENO_THREADS: so many threads serve; --threads wins", async () => {
  // Beside them the main one, the reader of the outbox and the runner of jobs; those that resolve names at the start have ended soon.
  const has = (threads, environment, args) => serves(config({}), { environment, args }, ({ process: { pid } }) => {
    const count = () => readdirSync(`/proc/${pid}/task`).length;
    return until(() => count() === threads + 3, { seconds: 5, describe: () => `${count()} threads, not ${threads} + 3` });
  });
  await has(1, { STHENO_THREADS: "1" });
  await has(3, { STHENO_THREADS: "3" });
  await has(1, { STHENO_THREADS: "3" }, ["--threads", "1"]);
});
await check("STHENO_COUNT_STATEMENTS: 1 counts a response's statements, 0 and nothing don't", async () => {
  const header = (environment) => serves(config({}), { environment }, async ({ base }) => (await fetch(`${base}/store/regions`)).headers.get("x-stheno-statements"));
  assert.match(await header({ STHENO_COUNT_STATEMENTS: "1" }), /^\d+$/);
  for (const environment of [{ STHENO_COUNT_STATEMENTS: "0" }, {}]) assert.equal(await header(environment), null);
});
await check("STHENO_DATABASE_ADDITIONS: false leaves the database as it is", async () => {
  const database_url = await copy(await template("stheno"));
  const additions = async (environment) => {
    await serves(config({ database_url }), { environment }, async ({ base }) => assert.equal((await fetch(`${base}/store/products?limit=1`)).status, 200));
    return Number((await sql(database_url, "select count(*) from pg_class where relname like 'stheno%'"))[0][0]);
  };
  assert.equal(await additions({ STHENO_DATABASE_ADDITIONS: "false" }), 0);
  assert.ok((await additions({})) > 3);
});
await check("STHENO_*: what is not accepted is refused", async () => {
  for (const [key, value, accepted] of [["STHENO_THREADS", "many", "a whole number from 0 to 1024"], ["STHENO_THREADS", "-1", "a whole number from 0 to 1024"], ["STHENO_COUNT_STATEMENTS", "yes", "a whole number"], ["STHENO_ROW_CACHE", "lots", 'a number of bytes or a text such as "1kb"'], ["STHENO_REPLY_CACHE", "lots", 'a number of bytes or a text such as "1kb"']])
    assert.ok((await refuses(config({}), { environment: { [key]: value } })).includes(`${key} is "${value}"; it accepts ${accepted}`));
});

await dropAll();
finish();
