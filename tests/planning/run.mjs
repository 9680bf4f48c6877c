#!/usr/bin/env node
// PostgreSQL plans what a purchase needs once a connection, and not at each execution; searches of large tables go by their
// indexes; and indexes of large tables come in the background, also where an attempt was interrupted.
//   node tests/planning/run.mjs
// Starts a PostgreSQL of its own, with pg_stat_statements.
import assert from "node:assert/strict";
import { buy, call, must } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { newPostgres, sql } from "../lib/services.mjs";

help(import.meta.url);

const own = await newPostgres({ settings: ["shared_preload_libraries = 'pg_stat_statements'", "pg_stat_statements.track_planning = on", "autovacuum = off"] }).catch((error) => {
  if (!/pg_stat_statements/.test(String(error))) throw error;
});
if (!own || process.env.STHENO_TEST_POOLER) {
  skip("plans", own ? "behind a pooler statements have no names, and are planned each time" : "PostgreSQL has no extension pg_stat_statements here (Debian: postgresql-15)");
  finish();
}
process.env.STHENO_TEST_DATABASE_URL = own.url;
const { dropAll, project, shop } = await import("../lib/shop.mjs");

const running = await shop("stheno");
const { base, database } = running;
await sql(database, "create extension pg_stat_statements");
await sql(database, "update product_variant set inventory_quantity = 100000");

await check("no statement of 200 checkouts is planned more than the first few times a connection", async () => {
  const lanes = 8, turns = 25;
  await buy(base, "mug", { email: "first@example.com" });
  await sql(database, "select pg_stat_statements_reset()");
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => { for (let turn = 0; turn < turns; turn++) await buy(base, "mug", { email: `lane${lane}@example.com` }); }));
  const [[connections]] = await sql(database, `select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`);
  const often = await sql(database, `select plans, calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 150) from pg_stat_statements s join pg_database d on d.oid = s.dbid
    where d.datname = current_database() and calls >= 100 and plans > 2 * ${connections} order by plans desc`);
  assert.deepEqual(often, [], `of ${connections} connections`);
  const [[each, plans]] = await sql(database, `select round((sum(total_plan_time) / ${lanes * turns})::numeric, 3), round(sum(plans) / ${lanes * turns}, 1) from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database()`);
  console.log(`    ${plans} plans a checkout, the first ones of ${connections} connections among them, in ${each} ms`);
});

const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const headers = { authorization: `Bearer ${access_token}` };

await check("searches go by indexes, whose parts are looked up one by one", async () => {
  await sql(database, `
    insert into product (id, title, description, handle, status) select 'prod_l' || i, 'Thing ' || i, 'About thing ' || i, 'thing-' || i, 'published' from generate_series(1, 20000) i;
    insert into product_variant (id, title, sku, product_id, inventory_quantity) select 'variant_l' || i, 'Kind ' || i, 'L-' || i, 'prod_l' || i, 1 from generate_series(1, 20000) i;
    insert into customer (id, email, first_name, last_name) select 'cus_l' || i, 'l' || i || '@example.com', 'First' || i, 'Last' || i from generate_series(1, 20000) i;
    insert into address (id, first_name) select 'addr_l' || i, 'First' || i from generate_series(1, 20000) i;
    insert into "order" (id, email, customer_id, shipping_address_id, region_id, currency_code) select 'order_l' || i, 'l' || i || '@example.com', 'cus_l' || i, 'addr_l' || i, 'reg_eu', 'eur' from generate_series(1, 20000) i`);
  await sql(database, "analyze");
  await sql(database, "select pg_stat_statements_reset()");
  const counts = {};
  for (const path of ["/store/products", "/admin/products", "/admin/variants", "/admin/orders", "/admin/customers"]) {
    const answer = await call(base, "GET", `${path}?q=${path === "/admin/customers" || path === "/admin/orders" ? "first4711" : "l-4711"}&limit=5`, undefined, headers);
    assert.equal(answer.status, 200, answer.text);
    counts[path] = answer.body.count;
  }
  // A store's list shows what its channel sells, and these are in none.
  assert.deepEqual(counts, { "/store/products": 0, "/admin/products": 1, "/admin/variants": 1, "/admin/orders": 1, "/admin/customers": 1 });
  const asked = await sql(database, `select replace(replace(query, E'\\n', ' '), '|', '/') from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database() and query like '/* planned each time */%'`);
  assert.ok(asked.length >= 8, `${asked.length} statements`);
  for (const [text] of asked) {
    const most = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    const values = Array.from({ length: most }, (_, at) => {
      const is = (before) => new RegExp(`${before}\\$${at + 1}\\b`).test(text);
      return is("(LIMIT|OFFSET) ") ? "5" : is("ANY\\(") ? "'{published}'" : is("status = ") ? "'published'" : "'%4711%'";
    });
    const plan = (await sql(database, `set random_page_cost = 1.1; set plan_cache_mode = force_custom_plan; prepare asked as ${text}; explain execute asked (${values.join(", ")})`)).flat().join("\n");
    assert.doesNotMatch(plan, /Seq Scan on "?(product|product_variant|order|customer|address)"? /, `${text}\n${plan}`);
  }
});

const state = async (name) => (await sql(database, `select i.indisvalid from pg_index i where i.indexrelid = to_regclass('${name}')`)).flat()[0];

await check("an index of a large table is made behind the start; one that an interrupted attempt left is made again", async () => {
  await running.process.stop("SIGTERM");
  await sql(database, `drop index stheno_customer_search, stheno_order_search; update customer set metadata = jsonb_build_object('much', repeat('0123456789', 60)) where id like 'cus_l%'`);
  assert.ok(Number((await sql(database, "select pg_relation_size('customer')"))[0][0]) > 8 << 20);
  // As CREATE INDEX CONCURRENTLY leaves it when it ends early.
  await sql(database, `create index stheno_order_search on "order" (email); update pg_index set indisvalid = false where indexrelid = 'stheno_order_search'::regclass`);
  const again = await serve("stheno", { folder: project(), database });
  try {
    await until(async () => (await state("stheno_customer_search")) === "t" && (await state("stheno_order_search")) === "t", { seconds: 60, describe: () => again.process.tail() });
  } finally { await again.stop(); }
  assert.match((await sql(database, "select indexdef from pg_indexes where indexname = 'stheno_order_search'"))[0][0], /USING gin/);
});

await dropAll();
finish();
