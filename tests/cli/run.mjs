#!/usr/bin/env node
// The commands as their users see them: exit codes, what is printed, what is left in the database.
//   node tests/cli/run.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { call, must } from "../lib/buying.mjs";
import { command, folderWith, started } from "../lib/configured.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { root, seedFile } from "../lib/servers.mjs";
import { postgres, sql, withDatabase } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const commands = ["start", "develop", "start-cluster", "migrations", "seed", "user", "routes", "config", "compare", "telemetry", "new", "psql", "doctor"];
const folder = folderWith(undefined, { "data/empty.json": "{}" });
cpSync(join(root, "tests", "data", "medusa-config.js"), join(folder, "medusa-config.js"));
cpSync(seedFile, join(folder, "data", "seed.json"));
const write = (name, content) => writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

const shop = await copy(await template("stheno"));
const withShop = (database) => ({ environment: { DATABASE_URL: database, JWT_SECRET: "j", COOKIE_SECRET: "c", STORE_CORS: "http://localhost:8000", ADMIN_CORS: "http://localhost:7001" } });
const run = (args, { database = shop, where = folder, environment = {} } = {}) => command(where, args, { environment: { ...withShop(database).environment, ...environment } });
const start = (options = {}) => started(undefined, { folder, ...withShop(options.database ?? shop), ...options });

// A command that must fail with 1 and say so.
async function fails(args, pattern, options) {
  const { code, output } = await run(args, options);
  assert.match(output, pattern);
  assert.equal(code, 1, output);
  return output;
}
async function succeeds(args, options) {
  const { code, output } = await run(args, options);
  assert.equal(code, 0, output);
  return output;
}
const number = async (database, text) => Number((await sql(database, text))[0][0]);

// ---- What all commands have in common

await check("help: of the program and of each command, with all options", async () => {
  const all = await succeeds(["--help"]);
  for (const name of commands) {
    assert.match(all, new RegExp(`^  ${name}\\b`, "m"));
    for (const flag of ["--help", "-h"]) assert.match(await succeeds([name, flag]), new RegExp(`^stheno ${name}\\b`));
  }
  for (const flag of ["-h", "help"]) assert.equal(await succeeds([flag]), all);
  const options = { start: ["--host", "-H", "--port", "-p"], develop: ["--host", "--port"], "start-cluster": ["--host", "--port", "--cpus", "-c"], seed: ["--seed-file", "-f", "--migrate", "-m"],
    user: ["--email", "-e", "--password", "-p", "--id", "-i", "--invite"], telemetry: ["--enable", "--disable"] };
  for (const [name, wanted] of Object.entries(options)) {
    const text = await succeeds([name, "--help"]);
    for (const option of [...wanted, "--verbose", "--no-color", "--json", "--help", "--version"]) assert.ok(text.includes(option), `${name}: ${option}`);
  }
});
await check("help needs neither a project nor a database", async () => {
  const bare = folderWith(undefined);
  for (const name of commands) assert.equal((await run([name, "--help"], { where: bare, database: "postgres://127.0.0.1:1/x" })).code, 0);
});
await check("version: --version and -v, alone and behind a command", async () => {
  const version = await succeeds(["--version"]);
  assert.match(version, /^Stheno \d+\.\d+\.\d+ /);
  for (const args of [["-v"], ["seed", "--version"], ["start", "-v"]]) assert.equal(await succeeds(args), version);
});
await check("no command shows the help and fails", async () => { await fails([], /^stheno <command>/); });
await check("what is unknown fails, with the name that was probably meant", async () => {
  await fails(["strat"], /^error: Unknown command: strat \(did you mean start\?\)/);
  await fails(["bogus"], /^error: Unknown command: bogus\n/);
  await fails(["--bogus"], /^error: Unknown command: --bogus/);
  for (const name of commands) {
    await fails([name, "--xyzzy"], /^error: Unknown argument: --xyzzy\n`stheno [\w-]+ --help` shows what it accepts/);
    await fails([name, "-x"], /^error: Unknown argument: -x/);
  }
  await fails(["start", "--prot", "1"], /Unknown argument: --prot \(did you mean --port\?\)/);
  for (const args of [["start", "word"], ["user", "word", "-e", "x@example.com"], ["routes", "word"], ["seed", "word", "-f", "data/seed.json"], ["telemetry", "word"]]) await fails(args, /^error: Unknown argument: word/);
});
await check("an option without its value, and a value that an option doesn't take, fail", async () => {
  for (const args of [["start", "-p"], ["start", "--host"], ["seed", "-f"], ["user", "-e"], ["start-cluster", "--cpus"]]) await fails(args, /^error: --[\w-]+ needs a value/);
  await fails(["user", "--invite=yes", "-e", "x@example.com"], /^error: --invite takes no value/);
});
await check("options of every command may stand before it, and = before a value", async () => {
  await succeeds(["--verbose", "--no-color", "telemetry", "--disable"]);
  assert.match(await succeeds(["--short", "routes", "--no-colors"]), /^GET +\/admin\/auth +admin$/m);
  assert.ok(JSON.parse(await succeeds(["--json", "routes"])).some(({ path }) => path === "/admin/auth"));
  await fails(["seed", "--seed-file=none.json"], /Could not find a seed file at: none\.json/);
});
await check("telemetry is accepted, and collects nothing", async () => {
  for (const args of [["telemetry"], ["telemetry", "--enable"], ["telemetry", "--disable"]]) assert.match(await succeeds(args), /^Telemetry collection disabled/);
});

// ---- A project or a database that is not right, for each command that needs them

const needing = [["start"], ["develop"], ["start-cluster"], ["migrations", "run"], ["migrations", "show"], ["migrations", "revert"], ["seed", "-f", "data/seed.json"], ["user", "-e", "x@example.com"]];
const broken = {
  "no configuration file": [undefined, /^error: .*there is no medusa-config\.js or medusa-config\.json/],
  "a syntax error, with its place": ["module.exports = {\n  projectConfig: {,\n};", /^error: medusa-config\.js:2:19: SyntaxError: Unexpected token ','/],
  "a file that throws, with its place": ['\n\nthrow new Error("no way");', /^error: medusa-config\.js:3:7: Error: no way/],
  "a wrong type": ["module.exports = { projectConfig: { store_cors: 42 } };", /^error: .*projectConfig\.store_cors/],
};
for (const [what, [text, pattern]] of Object.entries(broken))
  await check(`every command refuses ${what}`, async () => {
    const where = folderWith(text, { "data/seed.json": "{}" });
    for (const args of needing) await fails(args, pattern, { where });
  });
const cluster = await postgres();
const unreachable = {
  "that nobody serves": ["postgres://postgres@127.0.0.1:1/shop", /Failed to establish a connection to PostgreSQL/],
  "on an unknown host": ["postgres://postgres@nowhere.invalid/shop", /its host is unknown/],
  "that doesn't exist": [withDatabase(cluster.url, "no_such_shop"), /The specified PostgreSQL database does not exist\. Please create it and try again\./],
  "of a user who doesn't exist": [cluster.url.replace("postgres@", "nobody@"), /The specified credentials does not exists for the specified PostgreSQL database\./],
};
for (const [what, [database, pattern]] of Object.entries(unreachable))
  await check(`every command refuses a database ${what}`, async () => { for (const args of needing) await fails(args, pattern, { database }); });
await check("a database without tables: what needs them says which command makes them", async () => {
  const database = await copy("template0");
  for (const args of [["start"], ["develop"], ["seed", "-f", "data/seed.json", "--no-migrate"], ["seed", "-f", "data/seed.json", "-m", "false"], ["seed", "-f", "data/seed.json", "--migrate=false"], ["user", "-e", "x@example.com"]])
    await fails(args, /^error: Migrations missing\. Run `stheno migrations run` and try again\./m, { database });
  assert.equal(await number(database, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"), 0);
});
await check("a database of an older Medusa is refused, and left alone", async () => {
  const database = await copy(await template("stheno"));
  await sql(database, "delete from migrations where name = 'UpdateReturnReasonIndex1692870898423'");
  for (const args of [["start"], ["migrations", "run"], ["seed", "-f", "data/seed.json"]]) await fails(args, /bring it to (Medusa )?1\.20\.11/, { database });
});

// ---- migrations (what it makes of a database is the business of tests/schema)

await check("migrations: one of run, show, revert", async () => {
  for (const args of [[], ["up"], ["run", "show"]]) await fails(["migrations", ...args], /^error: migrations takes one of run, show, revert/);
  assert.equal(await succeeds(["migrations", "run"]), "Migrations completed.\n");
  assert.match(await succeeds(["migrations", "show"]), /^\[X\] 1 initialSchema1611063162649\n[^]*info: false\n$/);
});

// ---- seed

await check("seed: the file must be named, be there, and be JSON", async () => {
  await fails(["seed"], /^error: --seed-file is missing/);
  const output = await fails(["seed", "-f", "data/none.json"], /^error: Could not find a seed file at: data\/none\.json\nResolved path: \//);
  assert.ok(output.includes(`Resolved path: ${join(folder, "data", "none.json")}\n`), output);
  await fails(["seed", "-f", "data"], /^error: Could not find a seed file at: data\n/);
  write("data/bad.json", '{\n  "store": {\n    "name":\n  }\n}');
  await fails(["seed", "-f", "data/bad.json"], /^error: data\/bad\.json:4:3: syntax error/);
  write("data/list.json", []);
  await fails(["seed", "-f", "data/list.json"], /^error: data\/list\.json: a seed file is an object/);
});
await check("seed: migrates an empty database and fills it, by relative and absolute path", async () => {
  for (const path of ["data/seed.json", join(folder, "data", "seed.json")]) {
    const database = await copy("template0");
    assert.equal(await succeeds(["seed", "-f", path], { database }), "Migrations completed.\nSeed completed.\n");
    assert.ok((await number(database, "select count(*) from product")) > 5);
  }
});
await check("seed: without migrating on a migrated database; a file that says nothing changes nothing", async () => {
  const database = await copy("template0");
  await succeeds(["migrations", "run"], { database });
  assert.equal(await succeeds(["seed", "-f", "data/empty.json", "--no-migrate"], { database }), "Seed completed.\n");
  assert.equal(await number(database, "select count(*) from product"), 0);
  assert.equal(await succeeds(["seed", "-f", "data/seed.json", "-m", "false"], { database }), "Seed completed.\n");
  assert.ok((await number(database, "select count(*) from product")) > 5);
});
await check("seed: writes all or nothing", async () => {
  const database = await copy("template0");
  await succeeds(["migrations", "run"], { database });
  const region = { name: "R", currency_code: "eur", tax_rate: 0, payment_providers: ["manual"], fulfillment_providers: ["manual"], countries: ["de"] };
  const faults = {
    "a user twice": [{ users: [{ email: "a@example.com" }, { email: "a@example.com" }] }, /A user with the same email already exists/],
    "an invalid address": [{ users: [{ email: "nobody" }] }, /The email is not valid/],
    "an unknown currency": [{ regions: [{ ...region, currency_code: "xyz" }] }, /xyz/],
    "an unknown provider": [{ regions: [{ ...region, payment_providers: ["nope"] }] }, /nope/],
    "an unknown country": [{ regions: [{ ...region, countries: ["de", "zz"] }] }, /Not a country, or one of another region: zz/],
    "a country of two regions": [{ regions: [region, { ...region, name: "S" }] }, /Not a country, or one of another region: de/],
    "a handle twice": [{ products: [{ title: "A", handle: "a" }, { title: "B", handle: "a" }] }, /handle/],
  };
  for (const [what, [content, pattern]] of Object.entries(faults)) {
    write("data/fault.json", { products: [{ title: "Before" }], ...content });
    await fails(["seed", "-f", "data/fault.json"], pattern, { database }).catch((error) => { throw new Error(`${what}: ${error.message}`); });
  }
  for (const table of ["product", '"user"', "region"]) assert.equal(await number(database, `select count(*) from ${table}`), 0);
});

// ---- user

await check("user: an address that is valid and new", async () => {
  await fails(["user"], /^error: --email is missing/);
  await fails(["user", "-e", "nobody"], /^error: The email is not valid\n$/);
  assert.equal(await succeeds(["user", "-e", "New@Example.com", "-p", "secret word"]), "");
  assert.deepEqual(await sql(shop, `select role, password_hash is not null from "user" where email = 'new@example.com'`), [["member", "t"]]);
  await fails(["user", "-e", "new@example.com", "-p", "x"], /^error: A user with the same email already exists\.\n$/);
  assert.equal(await succeeds(["user", "--email", "chosen@example.com", "--password", "x", "--id", "usr_chosen"]), "");
  assert.equal(await number(shop, `select count(*) from "user" where id = 'usr_chosen' and email = 'chosen@example.com'`), 1);
  await fails(["user", "-e", "other@example.com", "-i", "usr_chosen"], /^error: User with id usr_chosen already exists/);
  assert.equal(await number(shop, `select count(*) from "user" where email = 'chosen@example.com'`), 1);
});
await check("user --invite: prints the token and where to take it, which then makes the user", async () => {
  await fails(["user", "-e", "new@example.com", "--invite"], /^error: Can't invite a user with an existing account/);
  const output = await succeeds(["user", "-e", "invited@example.com", "--invite"]);
  const [, token] = /^Invite token: ([\w-]+\.[\w-]+\.[\w-]+)\n/.exec(output) ?? [];
  assert.equal(output, `Invite token: ${token}\nOpen the invite in Medusa Admin at: [your-admin-url]/invite?token=${token}\n`);
  assert.deepEqual(await sql(shop, `select role, accepted, token = '${token}' from invite where user_email = 'invited@example.com'`), [["admin", "f", "t"]]);
});

// ---- start

await check("start: a port that is none is refused", async () => {
  for (const port of ["abc", "70000", "-1", "80x"]) await fails(["start", `--port=${port}`], new RegExp(`^error: .*${port}.* it accepts a number from 0 to 65535`));
  for (const number of ["0", "x", "-2"]) {
    await fails(["start", `--threads=${number}`], /it accepts a number from 1 on/);
    await fails(["start-cluster", `--cpus=${number}`], /it accepts a number from 1 on/);
  }
  await fails(["start-cluster"], /^error: CPUS is many; it accepts a number from 1 on/m, { environment: { CPUS: "many" } });
});
await check("start: a port in use is refused", async () => {
  const running = await start();
  await fails(["start", "--port", String(running.port)], /^error: listen .*: Address already in use/m);
  await fails(["start"], /Address already in use/, { environment: { PORT: String(running.port) } });
  assert.equal((await fetch(`${running.base}/health`)).status, 200);
  await running.stop();
});
for (const verb of ["start", "develop", "start-cluster"])
  await check(`${verb}: serves on the port it says, whose option wins over PORT`, async () => {
    const running = await start({ verb, environment: { ...withShop(shop).environment, PORT: "1" } });
    assert.equal((await fetch(`${running.base}/health`)).status, 200);
    assert.equal((await running.stop()).code, 0, running.output());
  });
await check("start: a user that was made can log in", async () => {
  const running = await start();
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", { email: "new@example.com", password: "secret word" });
  assert.ok(access_token);
  await running.stop();
});

// A request that waits for a lock until `release`.
async function waiting(base) {
  const { cart } = await must(base, "POST", "/store/carts", { region_id: "reg_eu" });
  const psql = spawn("psql", ["-d", shop, "-AtqX"], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  psql.stdout.on("data", (text) => { said += text; });
  psql.stdin.write(`begin; select id from cart where id = '${cart.id}' for update;\n`);
  await until(() => said.includes(cart.id), { describe: () => said });
  const answer = call(base, "POST", `/store/carts/${cart.id}`, { email: "late@example.com" });
  answer.catch(() => {}); // who awaits it later hears of it
  await until(async () => Number((await sql(shop, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))[0][0]) > 0, { describe: () => "the request does not wait" });
  const ended = new Promise((done) => psql.once("close", done));
  return { answer, release: () => { psql.stdin.end("commit;\n"); return ended; } };
}
const refused = (port) => new Promise((done) => { const socket = net.connect(port, "127.0.0.1"); socket.once("connect", () => { socket.destroy(); done(false); }); socket.once("error", () => done(true)); });

for (const signal of ["SIGTERM", "SIGINT"])
  await check(`${signal}: requests in progress end, no more are taken, exit code 0`, async () => {
    const running = await start();
    const { answer, release } = await waiting(running.base);
    running.process.kill(signal);
    await until(() => refused(running.port), { describe: () => "the port is still open" });
    assert.equal(running.ended, null);
    await release();
    const { status, headers } = await answer;
    assert.equal(status, 200);
    assert.equal(headers.connection, "close");
    await running.exit;
    assert.deepEqual(running.ended, { code: 0 });
    assert.equal(running.lines("Gracefully shutting down server").length, 1);
  });
await check("a second SIGINT does not wait for requests in progress", async () => {
  const running = await start();
  const { release } = await waiting(running.base);
  running.process.kill("SIGINT");
  await until(() => refused(running.port), { describe: () => "the port is still open" });
  running.process.kill("SIGINT");
  await running.exit;
  assert.deepEqual(running.ended, { code: "SIGINT" });
  await release();
});
await check("SIGTERM ends an idle server with open connections at once", async () => {
  const running = await start();
  const socket = net.connect(running.port, "127.0.0.1");
  await new Promise((done) => socket.once("connect", done));
  const began = performance.now();
  assert.deepEqual(await running.stop(), { code: 0 });
  assert.ok(performance.now() - began < 4000, `${performance.now() - began} ms`);
  socket.destroy();
});

await dropAll();
finish();
