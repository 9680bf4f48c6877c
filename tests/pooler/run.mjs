#!/usr/bin/env node
// This server behind PgBouncer, in transaction and in session mode: scripts of tests/api and all of tests/concurrency, then
// what only a pooler can break. tests/proof/pooler.mjs runs every suite that uses a database behind it.
//   node tests/pooler/run.mjs [transaction|session]
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { complete, call, must, readyCart, variantOf } from "../lib/buying.mjs";
import { command, folderWith, started } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, binary, root } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { newPooler, newPostgres, postgres, redis, sql } from "../lib/services.mjs";

help(import.meta.url);

const only = process.argv[2];
const clients = 64;
const cluster = await postgres();
const database = await copy(await template("stheno"));
const config = (database_url, projectConfig = {}) => ({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url, ...projectConfig }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
async function behind(pooler, body, { url = database, environment = {}, projectConfig } = {}) {
  const server = await started(config(pooler.through(url), projectConfig), { environment: { LOG_LEVEL: "info", ...environment } });
  if (server.ended) throw new Error(`it ended with ${server.ended.code}: ${server.output()}`);
  try { return await body(server); } finally { await server.stop(); }
}
const statuses = (answers) => JSON.stringify(answers.reduce((all, { status }) => ({ ...all, [status]: (all[status] ?? 0) + 1 }), {}));
const fine = (answers) => assert.deepEqual(answers.filter(({ status }) => status !== 200).map(({ status, text }) => `${status} ${text.slice(0, 200)}`).slice(0, 5), [], statuses(answers));
// Each of the clients, one request after another, for as long as `next(client, turn)` has one.
const together = async (next, count = clients) => (await Promise.all(Array.from({ length: count }, async (_, client) => {
  const answers = [];
  for (let turn = 0, request; (request = next(client, turn)); turn++) answers.push(await request);
  return answers;
}))).flat();
const reads = (base, turns) => together((client, turn) => turn < turns && call(base, "GET", `/store/products?limit=3&offset=${client % 4}&q=${turn % 2 ? "" : String.fromCharCode(97 + (client % 26))}`));

// A program of another suite with its servers behind the pooler; its lines become ours.
function suite(mode, path, args = []) {
  return new Promise((done, fail) => {
    const environment = { ...process.env, STHENO_TEST_POOLER: mode, STHENO_TEST_DATABASE_URL: cluster.url, STHENO_BIN: binary };
    const child = spawn(process.execPath, [join(root, path), ...args], { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: environment });
    let failures = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (/^(not )?ok /.test(line)) console.log(line.replace(/^(not )?ok /, `$&${mode}: `));
      else if (/^ /.test(line)) console.log(line);
      if (line.startsWith("not ok ")) failures++;
    });
    child.on("close", (code) => (code === 0 || failures ? done() : fail(new Error(`${path} ended with ${code}`))));
    ended.push(() => child.kill());
  });
}
const ended = [];
process.on("exit", () => ended.forEach((end) => end()));

const scripts = ["carts", "checkout", "admin_product_changes", "inventory_purchase"];
for (const mode of ["transaction", "session"]) {
  if (only && only !== mode) continue;
  process.env.STHENO_TEST_REDIS_URL = await redis();
  await Promise.all([suite(mode, "tests/api/run.mjs", scripts), suite(mode, "tests/concurrency/run.mjs")]).catch((failure) => check(`${mode}: suites`, () => { throw failure; }));

  const pooler = await newPooler(cluster.url, { mode });
  const sessions = () => sql(cluster.url, `select pid from pg_stat_activity where datname = '${new URL(database).pathname.slice(1)}' and backend_type = 'client backend'`);
  await check(`${mode}: found out at start, said in one line`, () => behind(pooler, async ({ lines }) => {
    const [said, ...more] = lines("PostgreSQL stands behind a pooler");
    assert.match(said?.message ?? "", new RegExp(`in ${mode} mode`));
    assert.equal(more.length, 0);
  }));
  await check(`${mode}: ${clients} clients on 10 sessions read and buy`, () => behind(pooler, async ({ base, lines }) => {
    fine(await reads(base, 10));
    const variant = await variantOf(base, "lamp");
    const [[before]] = await sql(database, `select inventory_quantity from product_variant where id = '${variant}'`);
    const carts = await Promise.all(Array.from({ length: clients }, (_, client) => readyCart(base, variant, { email: `client${client}@example.com` })));
    const orders = await Promise.all(carts.map((cart) => complete(base, cart)));
    fine(orders);
    assert.equal(new Set(orders.map(({ body }) => body.data.id)).size, clients);
    const [[after]] = await sql(database, `select inventory_quantity from product_variant where id = '${variant}'`);
    assert.equal(Number(before) - Number(after), clients);
    assert.ok((await sessions()).length <= 10, "more sessions than the pooler may open");
    assert.deepEqual(lines("").filter(({ level }) => level === "error" || level === "warn").map(({ message }) => message), []);
  }));
  await check(`${mode}: database_schema is found in each transaction`, async () => {
    const url = await cluster.create(`pooler_schema_${process.pid}`);
    try {
      const projectConfig = { database_schema: "Shop 1", database_extra: { statement_timeout: 20_000 } };
      for (const args of [["migrations", "run"], ["seed", "-f", join(root, "tests/data/seed.json")]]) {
        const done = await command(folderWith(config(pooler.through(url), projectConfig)), args);
        assert.equal(done.code, 0, done.output);
      }
      assert.deepEqual(await sql(url, "select distinct table_schema from information_schema.tables where table_name in ('product', 'migrations')"), [["Shop 1"]]);
      await behind(pooler, async ({ base }) => {
        fine(await reads(base, 3));
        fine(await together((client, turn) => turn < 2 && call(base, "POST", "/store/carts", { region_id: "reg_eu" })));
      }, { url, projectConfig });
    } finally { await cluster.drop(`pooler_schema_${process.pid}`); }
  });
  if (mode === "transaction") {
    await check("transaction: what other programs leave in a session changes no answer, and nothing is left for them", () => behind(pooler, async ({ base }) => {
      const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
      const orders = async () => (await must(base, "GET", "/admin/orders?limit=5&fields=id,created_at,display_id", undefined, { authorization: `Bearer ${access_token}` })).orders;
      const before = await orders();
      for (let turn = 0; turn < 3; turn++) await Promise.all(Array.from({ length: 10 }, () => sql(pooler.through(database), "begin; set intervalstyle = 'sql_standard'; set extra_float_digits = 0; set timezone = 'Asia/Tokyo'; set datestyle = 'German'; select pg_sleep(0.05); commit")));
      for (let turn = 0; turn < 20; turn++) assert.deepEqual(await orders(), before);
      const left = await Promise.all(Array.from({ length: 10 }, () => sql(pooler.through(database), "select current_setting('random_page_cost'), count(*) from pg_prepared_statements where name ~ '^s\\d'")));
      for (const [row] of left) assert.deepEqual(row, ["4", "0"]);
    }));
    await check("transaction: STHENO_POOLER=none is believed until a statement's name is lost, and then for good", () => behind(pooler, async ({ base, lines }) => {
      assert.equal(lines("PostgreSQL stands behind a pooler").length, 0);
      fine(await reads(base, 10));
      fine(await together((client, turn) => turn < 3 && call(base, "POST", "/store/carts", { region_id: "reg_eu" })));
      assert.equal(lines("A pooler gives each transaction another session").length, 1);
    }, { environment: { STHENO_POOLER: "none" } }));
  }
  await pooler.stop();
}

if (!only) {
  await check("STHENO_POOLER=transaction holds without a pooler too", async () => {
    const server = await started(config(database), { environment: { STHENO_POOLER: "transaction" } });
    try {
      fine(await reads(server.base, 3));
      assert.deepEqual(await sql(database, "select count(*) from pg_stat_activity where application_name = 'stheno' and query ~ 'EXECUTE'"), [["0"]]);
    } finally { await server.stop(); }
  });
  await check("STHENO_POOLER of another value is refused", async () => {
    const server = await started(config(database), { environment: { STHENO_POOLER: "statement" } });
    if (!server.ended) await server.stop();
    assert.match(server.output(), /STHENO_POOLER.*it accepts "auto", "none", "session" or "transaction"/);
  });
  await check("a pool of one session, which nobody could share, is enough", async () => {
    const pooler = await newPooler(cluster.url, { mode: "transaction", size: 1 });
    await behind(pooler, async ({ base, lines }) => {
      assert.match(lines("PostgreSQL stands behind a pooler")[0]?.message ?? "", /transaction mode/);
      fine(await together((client, turn) => turn < 5 && call(base, "GET", `/store/products?q=${client}${turn}`), 8));
      fine(await together((client, turn) => turn < 2 && call(base, "POST", "/store/carts", { region_id: "reg_eu" }), 8));
    });
    await pooler.stop();
  });
  await check("sessions handed out in turn are seen as such", async () => {
    const pooler = await newPooler(cluster.url, { mode: "transaction", size: 2, settings: ["server_round_robin = 1", "min_pool_size = 2"] });
    await Promise.all([1, 2].map(() => sql(pooler.through(database), "select pg_sleep(0.2)")));
    await behind(pooler, async ({ lines }) => assert.match(lines("PostgreSQL stands behind a pooler")[0]?.message ?? "", /transaction mode/));
    await pooler.stop();
  });
  await check("a setting that the pooler refuses is named, with what to do; options are applied all the same", async () => {
    const pooler = await newPooler(cluster.url, { mode: "transaction" });
    const refused = await started(config(pooler.through(database)), { environment: { PGOPTIONS: "-c work_mem=5MB" } });
    if (!refused.ended) await refused.stop();
    assert.match(refused.output(), /unsupported startup parameter: options[\s\S]*ignore_startup_parameters/);
    await behind(pooler, async ({ base }) => fine(await reads(base, 1)), { url: `${database}?options=-c%20statement_timeout%3D9s` });
    await pooler.stop();
  });
  await check("the pooler or PostgreSQL behind it goes away and comes back", async () => {
    const own = await newPostgres();
    const pooler = await newPooler(own.url, { mode: "transaction", settings: ["query_wait_timeout = 5"] });
    for (const args of [["migrations", "run"], ["seed", "-f", join(root, "tests/data/seed.json")]]) {
      const done = await command(folderWith(config(pooler.through(own.url))), args);
      assert.equal(done.code, 0, done.output);
    }
    await behind(pooler, async ({ base }) => {
      const search = () => call(base, "GET", `/store/products?q=${Math.random()}`);
      const answers = async () => (await search()).status;
      for (const [away, back] of [[() => pooler.stop("SIGKILL"), () => pooler.start()], [() => own.stop("SIGQUIT"), () => own.start()]]) {
        fine([await search()]);
        await away();
        await until(async () => (await answers()) === 503, { seconds: 20 });
        await back();
        await until(async () => (await answers()) === 200, { seconds: 20 });
        for (let turn = 0; turn < 20; turn++) { fine([await search()]); await pause(5); }
      }
    }, { url: own.url });
    await pooler.stop();
    await own.stop();
  });
}

await dropAll();
finish();
