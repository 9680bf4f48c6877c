#!/usr/bin/env node
// From nothing to a shop, and what its operator asks of it: `new`, `doctor`, `psql`, `routes --explain`.
//   node tests/cli/project.mjs
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { command, folderWith, serves } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { temporaryDirectory } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { execute, peer, root, serve } from "../lib/servers.mjs";
import { postgres, redis, sql, withDatabase } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

help(import.meta.url);
const shelf = temporaryDirectory("projects");
chmodSync(shelf, 0o755); // the embedded database's user passes through it
const run = (where, args, environment = {}) => command(where, args, { environment });
async function succeeds(where, args, environment) {
  const { code, output } = await run(where, args, environment);
  assert.equal(code, 0, output);
  return output;
}
async function fails(where, args, pattern, environment) {
  const { code, output } = await run(where, args, environment);
  assert.match(output, pattern);
  assert.equal(code, 1, output);
  return output;
}
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const looks = async (where, environment) => {
  const { code, output } = await run(where, ["doctor", "--json"], environment);
  return { code, looks: JSON.parse(output.trim().split("\n").at(-1)) };
};
const of = ({ looks: all }, part) => all.find((look) => look.part === part);
// A server's database and a shop in it.
const shop = await copy(await template("stheno"));
const project = join(shelf, "My Shop");
const configured = (database, more = {}) => folderWith({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database, ...more }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });

// ---- new

await check("new: makes a folder with all that a shop needs, and says what to do next", async () => {
  const output = await succeeds(shelf, ["new", "My Shop"]);
  assert.match(output, /stheno seed -f data\/seed\.json/);
  for (const name of ["medusa-config.js", ".env", ".gitignore", "package.json", "README.md", "data/seed.json"]) {
    const text = readFileSync(join(project, name), "utf8");
    assert.ok(!text.includes("{{"), `${name} has a blank that was not filled in`);
  }
  assert.equal(json(join(project, "package.json")).name, "my-shop");
  assert.match(readFileSync(join(project, "README.md"), "utf8"), /^# My Shop\n/);
  assert.equal(statSync(join(project, ".env")).mode & 0o077, 0);
  const secrets = [...readFileSync(join(project, ".env"), "utf8").matchAll(/_SECRET=([0-9a-f]{64})$/gm)].map(([, secret]) => secret);
  assert.equal(new Set(secrets).size, 2);
});
await check("new: writes nothing over anything", async () => {
  const before = readFileSync(join(project, ".env"), "utf8");
  await fails(shelf, ["new", "My Shop"], /^error: My Shop is there already, and is not empty\. Nothing has been written\./);
  assert.equal(readFileSync(join(project, ".env"), "utf8"), before);
  await fails(shelf, ["new"], /^error: new takes the folder to make/);
  mkdirSync(join(shelf, "empty"));
  await succeeds(shelf, ["new", "empty"]);
});
await check("new: another project has other secrets", async () => {
  await succeeds(shelf, ["new", "other"]);
  assert.notEqual(readFileSync(join(project, ".env"), "utf8"), readFileSync(join(shelf, "other", ".env"), "utf8"));
});
await check("the new project's configuration is in order, whatever of its variables is set", async () => {
  assert.match(await succeeds(project, ["config", "check"]), /^.*0 errors, 0 warnings/ms);
  assert.match(await succeeds(project, ["config", "check"], { DATABASE_URL: shop, REDIS_URL: "redis://127.0.0.1:6379" }), /0 errors, 0 warnings/);
});
if (!existsSync("/usr/lib/postgresql")) skip("the new project serves", "it needs postgresql");
else await check("the new project is seeded and serves without npm, by a database of its own that psql opens", async () => {
  assert.match((await looks(project)).looks.find(({ part }) => part === "database").text, /the first start makes one/);
  await succeeds(project, ["seed", "-f", "data/seed.json"]);
  await serves(undefined, { folder: project }, async ({ base }) => {
    const { products } = await (await fetch(`${base}/store/products`)).json();
    assert.ok(products.length > 3);
    // Beside the server, and as a command of its own.
    assert.equal((await succeeds(project, ["psql", "-c", "select count(*) > 3 as many from product", "--", "-At"])).trim(), "t");
  });
  assert.equal((await succeeds(project, ["psql", "--", "-Atc", "select 6 * 7"])).trim(), "42");
  const all = await looks(project);
  assert.equal(all.code, 0, JSON.stringify(all.looks));
  assert.match(of(all, "database").text, /this project's own/);
  assert.match(of(all, "shop").text, /^\d+ products, 1 admins/);
});
if (peer().missing) skip("npx medusa start", peer().missing);
else await check("the real Medusa starts the same folder", async () => {
  const database = await copy("template0");
  const url = (await redis()).toString();
  for (const args of [["migrations", "run"], ["seed", "-f", "data/seed.json"]]) {
    const { code, out, err } = execute("medusa", args, { folder: join(shelf, "other"), database, redis: url, environment: { NODE_ENV: "development" } });
    assert.equal(code, 0, out + err);
  }
  // Its dashboard would be built at the first start, for minutes.
  const config = join(shelf, "other", "medusa-config.js");
  writeFileSync(config, readFileSync(config, "utf8").replace("autoRebuild: true", "serve: false"));
  const running = await serve("medusa", { folder: join(shelf, "other"), database, redis: url, environment: { NODE_ENV: "development" } });
  assert.equal((await (await fetch(`${running.base}/store/products`)).json()).count, json(join(root, "demo", "seed.json")).products.length);
  await running.stop();
}, { seconds: 400 });

// ---- psql

await check("psql: opens the configured database, with its schema, and ends with psql's code", async () => {
  await sql(shop, "create schema aside; create table aside.note (text text); insert into aside.note values ('found')");
  const folder = configured(shop, { database_schema: "aside" });
  if (process.env.STHENO_TEST_POOLER) assert.match(await succeeds(folder, ["psql", "--", "-Atc", "select text from aside.note"]), /^A pooler stands before PostgreSQL and takes no search path: .*aside\.product\nfound$/m);
  else assert.equal((await succeeds(folder, ["psql", "--", "-Atc", "select text from note"])).trim(), "found");
  const wrong = await run(folder, ["psql", "-c", "select nonsense"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /nonsense/);
});
await check("psql: a password stands in no argument, where everybody on the machine could read it", async () => {
  // A stand-in for psql that tells how it was called.
  const folder = configured("postgres://shopper:s3cret%20word@db.example:5433/shop?sslmode=disable");
  const bin = temporaryDirectory("bin");
  writeFileSync(join(bin, "psql"), "#!/bin/sh\ntr '\\0' ' ' </proc/$$/cmdline; echo; env | grep ^PG | sort\n", { mode: 0o755 });
  const output = await succeeds(folder, ["psql", "-c", "select 1"], { PATH: `${bin}:${process.env.PATH}` });
  const [called, ...variables] = output.trim().split("\n");
  assert.ok(!called.includes("s3cret"), called);
  for (const variable of ["PGDATABASE=shop", "PGHOST=db.example", "PGPASSWORD=s3cret word", "PGPORT=5433", "PGSSLMODE=disable", "PGUSER=shopper"]) assert.ok(variables.includes(variable), `${variable} is not among ${variables}`);
});

// ---- doctor

await check("doctor: a shop that starts, and 0", async () => {
  const folder = configured(shop);
  const output = await succeeds(folder, ["doctor"]);
  for (const part of ["stheno", "configuration", "node", "database", "migrations", "shop", "redis", "port", "open files", "plugins"]) assert.match(output, new RegExp(`^ok +${part} `, "m"));
  assert.match(output, /What to do next:\n  - stheno start\n$/);
});
const cluster = await postgres();
const sick = {
  "a database that isn't there": [() => configured(withDatabase(cluster.url, "no_such_shop")), "database", /does not exist/],
  "a database without tables": [async () => configured(await copy("template0")), "migrations", /\d+ of \d+ are not applied/, /stheno migrations run/],
  "a configuration with an error": [() => configured(shop, { store_cors: 42 }), "configuration", /store_cors is 42/, /config check/],
  "no configuration": [() => folderWith(undefined), "configuration", /there is no medusa-config\.js/],
  "a plugin that is not installed": [() => folderWith({ projectConfig: { database_url: shop }, plugins: ["medusa-payment-none"] }), "configuration", /medusa-payment-none/],
};
for (const [what, [make, part, text, next]] of Object.entries(sick))
  await check(`doctor: ${what} stops a start: 1, and what to do`, async () => {
    const all = await looks(await make());
    assert.equal(all.code, 1, JSON.stringify(all.looks));
    const stop = all.looks.find((look) => look.state === "stop" && look.part === part);
    assert.match(stop?.text ?? JSON.stringify(all.looks), text);
    if (next) assert.match(stop.next, next);
  });
await check("doctor: a port that is taken stops a start, and names it", async () => {
  const taken = net.createServer();
  await new Promise((ready) => taken.listen(0, ready));
  const port = String(taken.address().port);
  const all = await looks(configured(shop), { PORT: port });
  taken.close();
  assert.equal(all.code, 1);
  assert.match(of(all, "port").text, new RegExp(`${port} can't be had: Address already in use`));
});
await check("doctor: a Redis that is away is a note, and a stop in production", async () => {
  const folder = configured(shop, { redis_url: "redis://127.0.0.1:1" });
  assert.deepEqual([of(await looks(folder), "redis").state, of(await looks(folder, { NODE_ENV: "production" }), "redis").state], ["note", "stop"]);
});
await check("doctor: a shop without products or admins is told what to do, and starts", async () => {
  const database = await copy("template0");
  const folder = configured(database);
  await succeeds(folder, ["migrations", "run"]);
  const all = await looks(folder);
  assert.deepEqual([all.code, of(all, "shop").state], [0, "note"]);
  assert.match(of(all, "shop").next, /stheno seed/);
});
await check("doctor: leaves a folder and a database as they are", async () => {
  const bare = folderWith({ projectConfig: {} });
  await run(bare, ["doctor"]);
  assert.ok(!existsSync(join(bare, ".stheno")));
  const database = await copy("template0");
  await run(configured(database), ["doctor"]);
  assert.deepEqual(await sql(database, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"), [["0"]]);
});

// ---- routes --explain

await check("routes --explain: the route, its rules, each statement with its plan, and what is kept", async () => {
  const output = await succeeds(configured(shop), ["routes", "--explain", "GET /store/products?expand=variants&limit=2"]);
  assert.match(output, /^Route +GET \/store\/products /m);
  assert.match(output, /^Query +.*\blimit\b/m);
  assert.match(output, /^Answer +200, /m);
  assert.match(output, /^Reads +\d+ statements in \d+ round trips/m);
  assert.match(output, /^\d+\. SELECT .* FROM "?product_variant"? /m);
  assert.match(output, /^ +\| .*Scan/m);
  assert.match(output, /^Kept +the whole reply/m);
  assert.match(output, /^ +rows of .*\bproduct_variant\b.*: a server that has read them/m);
});
await check("routes --explain: what is not kept, an admin's route, and a refusal", async () => {
  const folder = configured(shop);
  assert.match(await succeeds(folder, ["routes", "--explain", "GET /store/products?expand=variants.prices&cart_id=x"]), /^Kept +not this reply/m);
  const admin = await succeeds(folder, ["routes", "--explain", "/admin/orders?limit=1"]);
  assert.match(admin, /asked here in the name of the first admin, usr_/);
  assert.match(admin, /^Answer +200, /m);
  assert.match(admin, /^Kept +nothing/m);
  assert.match(await succeeds(folder, ["routes", "--explain", "GET /store/products?expand=nonsense"]), /^Answer +400, /m);
  assert.match(await succeeds(folder, ["routes", "--explain", "GET /nonsense"]), /^Route +none of this server's/m);
  await fails(folder, ["routes", "--explain", "POST /store/carts"], /--explain takes a GET/);
  await fails(folder, ["routes", "--explain", "products"], /--explain takes a request such as/);
});
await check("routes --explain: changes nothing", async () => {
  const before = await sql(shop, "select (select count(*) from cart), (select count(*) from idempotency_key), (select count(*) from staged_job)");
  await succeeds(configured(shop), ["routes", "--explain", "GET /store/regions"]);
  assert.deepEqual(await sql(shop, "select (select count(*) from cart), (select count(*) from idempotency_key), (select count(*) from staged_job)"), before);
});
await dropAll();
finish();
