#!/usr/bin/env node
// Dumps and restores: what this server adds to a database comes along, in a new database and in a new cluster whose numbers of transactions
// are far behind, and works there as before: catalogue changes are seen at once, replies are kept, orders go on.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buy, call } from "../lib/buying.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, cli, serve } from "../lib/servers.mjs";
import { newPostgres, sql, withDatabase } from "../lib/services.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";

const shell = (text, environment) => promisify(execFile)("bash", ["-o", "pipefail", "-c", text], { env: { ...process.env, ...environment }, maxBuffer: 1 << 28 });
const environment = { NODE_ENV: "development" };
const started = (database) => serve("stheno", { folder: project(), database, environment });
const added = async (database) => (await sql(database, `select 'index', indexname from pg_indexes where indexname like 'stheno\\_%' union all select 'trigger', tgrelid::regclass || ' ' || tgname from pg_trigger where tgname like 'stheno\\_%'
  union all select 'table', relname from pg_class where relkind = 'r' and relname like 'stheno\\_%' order by 1, 2`)).map((row) => row.join(" "));
const products = async (base) => (await call(base, "GET", "/store/products?fields=id,title&limit=100")).body.products;
// As many statements as a reply that is kept takes: the question whether it still holds.
const statements = async (base) => { const counts = []; for (let i = 0; i < 4; i++) counts.push(Number((await call(base, "GET", "/store/products?fields=id,title&limit=100")).headers["x-stheno-statements"])); return Math.min(...counts); };

const from = await newPostgres();
await from.sql('create database shop template template0');
const shop = withDatabase(from.url, "shop");
const source = await copy(await template("stheno"));
await shell(`pg_dump "$FROM" | psql -qX -v ON_ERROR_STOP=1 -d "$TO"`, { FROM: source, TO: shop });
// The numbers of its transactions are ahead of a new cluster's.
await from.sql("do $$ begin for i in 1..3000 loop perform pg_current_xact_id(); commit; end loop; end $$");
const server = await started(shop);
const order = await buy(server.base, "mug");
await sql(shop, "update product set title = title || ' (as dumped)'"); // noted shortly before the dump
const before = await added(shop);
await server.stop();

async function restored(name, target) {
  await check(`${name}: the dump is restored without an error, with all that was added`, async () => {
    await shell(`pg_dump "$FROM" | psql -qX -v ON_ERROR_STOP=1 -d "$TO"`, { FROM: shop, TO: target });
    assert.ok(before.length > 15, before.join(", "));
    assert.deepEqual(await added(target), before);
  });
  const again = await serve("stheno", { folder: project(), database: target, environment: { ...environment, STHENO_COUNT_STATEMENTS: "1" } });
  await check(`${name}: the shop goes on: its orders are there, and new ones are placed`, async () => {
    const { access_token } = (await call(again.base, "POST", "/admin/auth/token", admin)).body;
    assert.equal((await call(again.base, "GET", `/admin/orders/${order.id}`, undefined, { authorization: `Bearer ${access_token}` })).status, 200);
    assert.notEqual((await buy(again.base, "mug")).id, order.id);
    assert.deepEqual((await added(target)), before);
  });
  await check(`${name}: replies are kept again, and a change is seen at once, whoever makes it`, async () => {
    assert.ok((await statements(again.base)) <= 2, `${await statements(again.base)} statements`);
    for (let i = 0; i < 100; i++) {
      await sql(target, `update product set title = 'title ${i}'`);
      const titles = new Set((await products(again.base)).map(({ title }) => title));
      assert.deepEqual([...titles], [`title ${i}`]);
      // Once in fifty, a writer forgets what is old; that nobody has seen must stay.
      if (i === 20) await sql(target, "update stheno_change_mark set marked_at = now() - interval '1 hour'");
    }
    assert.ok((await statements(again.base)) <= 2);
  });
  await again.stop();
}

await from.sql("create database elsewhere template template0");
await restored("a new database", withDatabase(from.url, "elsewhere"));
const fresh = await newPostgres();
await fresh.sql("create database shop template template0");
await restored("a new cluster", withDatabase(fresh.url, "shop"));

await check("rows alone come into a database that was made by migrations, though triggers note them", async () => {
  await fresh.sql("create database rows template template0");
  const target = withDatabase(fresh.url, "rows");
  cli("stheno", ["migrations", "run"], { folder: project(), database: target, environment });
  await (await started(target)).stop();
  const tables = (await sql(target, "select string_agg(quote_ident(relname), ', ') from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"))[0][0];
  await sql(target, `truncate ${tables}`);
  await shell(`pg_dump --data-only --disable-triggers "$FROM" | psql -qX -v ON_ERROR_STOP=1 -d "$TO"`, { FROM: shop, TO: target });
  const again = await started(target);
  assert.equal((await call(again.base, "GET", "/store/products")).status, 200);
  await buy(again.base, "mug");
  await again.stop();
});

await Promise.all([from.stop(), fresh.stop()]);
await dropAll();
finish();
