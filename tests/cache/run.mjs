#!/usr/bin/env node
// Replies of the catalogue are kept, and never shown when anything of them has changed: not one request late, whoever wrote.
//   node tests/cache/run.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { buy, call, must, variantOf } from "../lib/buying.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { sql, sqlSession } from "../lib/services.mjs";
import { dropAll, project, shop } from "../lib/shop.mjs";

const running = await shop("stheno");
const { base, database } = running;
const other = await serve("stheno", { folder: project(), database });
const list = "/store/products?limit=100";
const read = async (path, headers) => {
  const answer = await fetch(base + path, { headers });
  return { status: answer.status, tag: answer.headers.get("etag"), text: await answer.text() };
};
const json = async (path) => JSON.parse((await read(path)).text);
const titles = async () => (await json(list)).products.map(({ title }) => title);
// Without the table, only a kept reply can be shown.
const withoutProducts = async (body) => {
  await sql(database, "alter table product rename to product_away");
  try { return await body(); } finally { await sql(database, "alter table product_away rename to product"); }
};
const [[productId, title]] = await sql(database, "select id, title from product where handle = 'mug'");

await check("a reply is made once, with its tag, and shown again", async () => {
  const first = await read(list);
  const again = await withoutProducts(() => read(list));
  assert.deepEqual(again, first);
  assert.equal((await withoutProducts(() => call(base, "GET", list, undefined, { "if-none-match": first.tag }))).status, 304);
  // Another target has another reply, as has another key.
  assert.equal((await withoutProducts(() => read(`${list}&offset=1`))).status, 500);
  assert.equal((await withoutProducts(() => read(list, { "x-publishable-api-key": "pk_test" }))).status, 500);
});

await check("a reply that many ask for at once is read once", async () => {
  const counting = await serve("stheno", { folder: project(), database, environment: { STHENO_COUNT_STATEMENTS: "1", STHENO_THREADS: "1" } });
  const session = sqlSession(database);
  try {
    await session("begin; lock table product");
    const ask = () => call(counting.base, "GET", list);
    const first = ask();
    const waits = async () => Number((await sql(database, "select count(*) from pg_locks where not granted and relation = 'product'::regclass"))[0][0]);
    await until(async () => (await waits()) > 0, { seconds: 10, describe: () => "nobody waits for the table" });
    const others = Array.from({ length: 20 }, ask);
    for (let turn = 0; turn < 5; turn++) await fetch(`${counting.base}/health`); // behind them on the same thread
    await session("commit");
    const answers = await Promise.all([first, ...others]);
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
    assert.equal(answers[0].status, 200);
    const counts = answers.map(({ headers }) => Number(headers["x-stheno-statements"])).sort((a, b) => b - a);
    assert.ok(counts[0] > 5, counts.join());
    assert.ok(counts[1] <= 2, counts.join());
  } finally {
    session.stop();
    await counting.stop();
  }
});

await check("what SQL by hand writes is seen by the next request", async () => {
  for (let turn = 0; turn < 50; turn++) {
    await sql(database, `update product set title = 'Mug ${turn}' where id = '${productId}'`);
    assert.ok((await titles()).includes(`Mug ${turn}`), `turn ${turn}`);
  }
});

await check("a transaction is seen from its commit on, however long it was open, whatever was read meanwhile", async () => {
  const open = spawn("psql", ["-d", database, "-AtqX"], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  open.stdout.on("data", (text) => (said += text));
  const run = async (text, word) => { open.stdin.write(`${text}; select '${word}';\n`); await until(() => said.includes(word), { describe: () => said }); };
  await run(`begin; update product set title = 'Early bird' where id = '${productId}'`, "written");
  assert.ok(!(await titles()).includes("Early bird"));
  await sql(database, "update product set title = title where id = (select min(id) from product)"); // a younger one commits first
  assert.ok(!(await titles()).includes("Early bird"));
  await run("commit", "committed");
  assert.ok((await titles()).includes("Early bird"));
  await run(`begin; update product set title = 'Never' where id = '${productId}'; rollback`, "undone");
  assert.ok((await titles()).includes("Early bird"));
  await run(`begin; savepoint s; update product set title = 'Lost' where id = '${productId}'; rollback to s; update product set title = 'Kept' where id = '${productId}'; commit`, "half");
  assert.ok((await titles()).includes("Kept"));
  open.stdin.end();
  await new Promise((done) => open.once("close", done));
});

await check("what another server sells is seen by the next request", async () => {
  const variant = await variantOf(base, "mug");
  const stock = async () => (await json(`/store/products/${productId}`)).product.variants.find(({ id }) => id === variant).inventory_quantity;
  const before = await stock();
  for (let turn = 1; turn <= 3; turn++) {
    await buy(other.base, "mug", { email: "one@example.com" });
    assert.equal(await stock(), before - turn);
  }
});

await check("a sold unit ends the replies that show it or perhaps do, and no others", async () => {
  const { products } = await json("/store/products?limit=100");
  const mug = products.find(({ handle }) => handle === "mug");
  const other_ = products.find(({ handle, variants }) => handle !== "mug" && variants.length);
  const unmoved = [`/store/products/${other_.id}`, `/store/products?id[]=${other_.id}`, "/store/regions", "/store/collections", "/store/product-tags", "/store/products?fields=title&expand=tags"];
  const ended = [`/store/products/${mug.id}`, "/store/products?limit=100", `/store/products?q=${other_.handle}`, "/store/variants", `/store/products?id[]=${other_.id}&order=variants.title`];
  const before = new Map();
  for (const path of [...unmoved, ...ended]) {
    before.set(path, await read(path));
    assert.equal(before.get(path).status, 200, `${path}: ${before.get(path).text}`);
    assert.deepEqual(await withoutProducts(() => read(path)), before.get(path), path);
  }
  await buy(base, "mug", { email: "one@example.com" });
  for (const path of unmoved) assert.deepEqual(await withoutProducts(() => read(path)), before.get(path), path);
  for (const path of ended) assert.equal((await withoutProducts(() => read(path))).status, 500, path);
  const [[stock]] = await sql(database, `select sum(inventory_quantity) from product_variant where product_id = '${mug.id}'`);
  assert.equal((await json(`/store/products/${mug.id}`)).product.variants.reduce((sum, { inventory_quantity }) => sum + inventory_quantity, 0), Number(stock));
});

await check("deleted and emptied tables are seen by the next request", async () => {
  assert.notEqual((await json("/store/product-tags")).product_tags.length, 0);
  await sql(database, "begin; create table kept_tag as table product_tag; create table kept_tags as table product_tags; truncate product_tag, product_tags, discount_condition_product_tag; commit");
  assert.equal((await json("/store/product-tags")).product_tags.length, 0);
  await sql(database, "begin; insert into product_tag table kept_tag; insert into product_tags table kept_tags; commit");
  assert.notEqual((await json("/store/product-tags")).product_tags.length, 0);
});

await check("a sale begins and ends by itself", async () => {
  const { regions } = await json("/store/regions");
  const region = regions.find(({ countries }) => countries.length);
  const path = `/store/products/${productId}?region_id=${region.id}&currency_code=${region.currency_code}`;
  const price = async () => (await json(path)).product.variants[0].calculated_price;
  const before = await price();
  const variant = (await json(path)).product.variants[0].id;
  await sql(database, `begin;
    insert into price_list (id, name, description, type, status, starts_at, ends_at) values ('pl_soon', 'Soon', 'Soon', 'sale', 'active', now() + interval '1 second', now() + interval '2 seconds');
    insert into money_amount (id, currency_code, amount, price_list_id) values ('ma_soon', '${region.currency_code}', 1, 'pl_soon');
    insert into product_variant_money_amount (id, money_amount_id, variant_id) values ('pvma_soon', 'ma_soon', '${variant}'); commit`);
  assert.equal(await price(), before);
  await until(async () => (await price()) === 1, { seconds: 10, describe: () => "the sale has not begun" });
  await until(async () => (await price()) === before, { seconds: 10, describe: () => "the sale has not ended" });
});

await check("a logged-in customer and a cart's prices have replies of their own", async () => {
  await read(list);
  const { cart } = await must(base, "POST", "/store/carts", {});
  assert.equal((await withoutProducts(() => read(`${list}&cart_id=${cart.id}`))).status, 500);
  const login = await fetch(`${base}/store/customers`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ first_name: "A", last_name: "B", email: "cache@example.com", password: "secret" }) });
  assert.equal(login.status, 200);
  const token = await must(base, "POST", "/store/auth/token", { email: "cache@example.com", password: "secret" });
  assert.equal((await withoutProducts(() => read(list, { authorization: `Bearer ${token.access_token}` }))).status, 500);
});

await check("an admin's lists of the catalogue are kept too, for admins only, and not with what nobody watches", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const headers = { authorization: `Bearer ${access_token}` };
  for (const path of ["/admin/products?limit=3", `/admin/products/${productId}`, "/admin/product-types", "/admin/product-tags", "/admin/collections", "/admin/regions"]) {
    const first = await read(path, headers);
    assert.equal(first.status, 200, first.text);
    assert.deepEqual(await withoutProducts(() => read(path, headers)), first);
    assert.equal((await read(path)).status, 401);
  }
  await sql(database, `update product set title = 'For admins' where id = '${productId}'`);
  assert.equal(JSON.parse((await read(`/admin/products/${productId}`, headers)).text).product.title, "For admins");
  // Customer groups and discounts change unnoticed.
  const unwatched = [`/admin/products?limit=3&expand=variants.product.collection.products.variants.prices.price_list.customer_groups`, "/admin/products?limit=3&discount_condition_id=none"];
  for (const path of unwatched) {
    assert.equal((await read(path, headers)).status, 200, path);
    assert.equal((await withoutProducts(() => read(path, headers))).status, 500, path);
  }
});

await check("the count of all orders, customers and variants is kept, and true whoever writes", async () => {
  const counting = await serve("stheno", { folder: project(), database, environment: { STHENO_COUNT_STATEMENTS: "1", STHENO_ROW_CACHE: "0" } });
  try {
    const { access_token } = await must(counting.base, "POST", "/admin/auth/token", admin);
    const ask = async (name, query = "") => {
      const answer = await call(counting.base, "GET", `/admin/${name}?limit=1${query}`, undefined, { authorization: `Bearer ${access_token}` });
      assert.equal(answer.status, 200, answer.text);
      return { count: answer.body.count, statements: Number(answer.headers["x-stheno-statements"]) };
    };
    const tables = { orders: '"order"', customers: "customer where deleted_at is null", variants: "product_variant where deleted_at is null" };
    const isTrue = async (name) => {
      const [[rows]] = await sql(database, `select count(*) from ${tables[name]}`);
      const { count, statements } = await ask(name);
      assert.equal(count, Number(rows), name);
      return statements;
    };
    const changes = {
      orders: [() => buy(other.base, "mug", { email: "two@example.com" }), () => buy(counting.base, "mug", { email: "two@example.com" })],
      customers: [
        () => sql(database, "insert into customer (id, email) values ('cus_1', 'one@counted.test'), ('cus_2', 'two@counted.test')"),
        () => sql(database, "update customer set deleted_at = now() where id = 'cus_1'"),
        () => sql(database, "delete from customer where id = 'cus_2'"),
        () => sql(database, "set session_replication_role = replica; update customer set deleted_at = null where id = 'cus_1'"),
      ],
      variants: [() => sql(database, `insert into product_variant (id, title, product_id, inventory_quantity, created_at) values ('variant_counted', 'Counted', '${productId}', 1, '2000-01-01')`), () => sql(database, "update product_variant set deleted_at = now() where id = 'variant_counted'")],
    };
    for (const [name, all] of Object.entries(changes)) {
      for (const change of all) {
        await isTrue(name);
        const kept = await isTrue(name);
        await change();
        assert.equal(await isTrue(name), kept + 1, `${name}: counted anew`);
      }
      // Those of a page that is asked for by something are counted each time.
      const filtered = name === "orders" ? "&status[]=pending" : name === "customers" ? "&q=two" : "&title=Counted";
      const { count } = await ask(name, filtered);
      assert.ok(count < (await ask(name)).count || name === "orders", name);
    }
  } finally {
    await counting.stop();
  }
});

await check("the log of changes forgets what everybody has seen", async () => {
  await sql(database, "update stheno_change_mark set marked_at = now() - interval '1 day', oldest = pg_snapshot_xmin(pg_current_snapshot())");
  // Those of transaction 0 keep the planner to the index; nobody forgets them.
  const count = async () => Number((await sql(database, "select count(*) from stheno_change where transaction > '0'"))[0][0]);
  const zeros = () => sql(database, "select count(*) from stheno_change where transaction = '0'");
  assert.ok((await count()) > 50);
  // Each writer forgets with a chance of one in fifty: 2,000 of them fail to with one in 10^17.
  await sql(database, `do $$ begin for turn in 1..2000 loop update product set title = '${title}' where id = '${productId}'; commit; exit when (select marked_at > now() - interval '1 hour' from stheno_change_mark); end loop; end $$`);
  const left = await count();
  assert.ok(left < 2001, `${left} rows`);
  assert.deepEqual(await zeros(), [["2000"]]);
  assert.ok((await titles()).includes(title));
});

await check("the logs of changes stay small where nobody writes, too: a server that runs forgets", async () => {
  const logs = (await sql(database, "select name from unnest(array['stheno_change', 'stheno_row_change']) name where to_regclass(name) is not null")).flat();
  for (const log of logs) {
    await sql(database, `insert into ${log} (transaction) select '1' from generate_series(1, 13000)`);
    await sql(database, `update ${log}_mark set marked_at = now() - interval '11 minutes', oldest = pg_snapshot_xmin(pg_current_snapshot())`);
  }
  const third = await serve("stheno", { folder: project(), database });
  const old = async () => (await Promise.all(logs.map((log) => sql(database, `select count(*) from ${log} where transaction = '1'`)))).flat(2);
  try { await until(async () => (await old()).every((count) => count === "0"), { seconds: 60, describe: () => "old rows stay" }); } finally { await third.stop(); }
  assert.deepEqual(await sql(database, "select count(*) from stheno_change where transaction = '0'"), [["2000"]]);
});
await other.stop();

await check("the count of a filtered list is kept for other pages, and true whoever writes", async () => {
  const counting = await serve("stheno", { folder: project(), database, environment: { STHENO_COUNT_STATEMENTS: "1", STHENO_ROW_CACHE: "0" } });
  try {
    let turn = 0;
    // The same rows at another address each time, so that no reply is of use twice.
    const ask = async (filter) => {
      const answer = await call(counting.base, "GET", `/store/products?limit=3${filter}${"&offset=0".repeat(++turn % 2)}${"&is_giftcard=false".repeat(Math.floor(turn / 2))}`);
      assert.equal(answer.status, 200, answer.text);
      return { count: answer.body.count, statements: Number(answer.headers["x-stheno-statements"]) };
    };
    const tag = (await sql(database, "select product_tag_id from product_tags limit 1"))[0][0];
    for (const filter of ["", `&tags[]=${tag}`]) {
      turn = 1;
      const first = await ask(filter), second = await ask(filter);
      turn = 1;
      await sql(database, "update product set title = title where id = (select min(id) from product)");
      const [again, next] = [await ask(filter), await ask(filter)];
      assert.deepEqual([second.count, again.count, next.count], [first.count, first.count, first.count]);
      assert.equal(next.statements, again.statements - 1, filter);
    }
    const published = async () => Number((await sql(database, "select count(*) from product where status = 'published' and deleted_at is null"))[0][0]);
    const counted = async () => (await json("/store/products?limit=1")).count;
    assert.equal(await counted(), await published());
    for (const text of ["update product set status = 'draft' where handle = 'mug'", "update product set status = 'published' where handle = 'mug'", "update product set deleted_at = now() where handle = 'mug'", "update product set deleted_at = null where handle = 'mug'"]) {
      await sql(database, text);
      assert.equal(await counted(), await published(), text);
    }
  } finally {
    await counting.stop();
  }
});

await check("kept replies are made of watched tables only", async () => {
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const plain = await serve("stheno", { folder: project(), database, environment: { STHENO_REPLY_CACHE: "0" } });
  // Who asks is looked up for each request, and shown in no reply.
  const unwatched = (await sql(database, `select quote_ident(c.relname) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'stheno%' and c.relname <> 'user'
    and not exists (select from pg_trigger t where t.tgrelid = c.oid and (t.tgname = 'stheno_note_change' or c.relname = 'product_variant' and t.tgname = 'stheno_note_updated'))`)).flat();
  assert.ok(unwatched.includes("cart") && !unwatched.includes("product"), unwatched.join());
  await sql(database, unwatched.map((name) => `alter table ${name} rename to ${name.replace(/^"?/, (quote) => `${quote}away_`)}`).join(";"));
  try {
    const { regions } = JSON.parse(await (await fetch(`${plain.base}/store/regions`)).text());
    const paths = ["products", `products/${productId}`, `products?region_id=${regions[0].id}&currency_code=${regions[0].currency_code}`, "products?q=a", "products?tags[]=x&collection_id[]=x&type_id[]=x&category_id[]=x&sales_channel_id[]=x&include_category_children=true",
      "products?expand=variants,variants.options,variants.prices,options,options.values,images,tags,collection,type,sales_channels,profiles,categories", "variants", "variants?region_id=" + regions[0].id, `regions/${regions[0].id}`, "regions", "collections", "product-types?discount_condition_id=x", "product-tags?discount_condition_id=x&q=a", "product-categories?include_descendants_tree=true"];
    const faults = [];
    for (const path of paths)
      for (const headers of [{}, { "x-publishable-api-key": "pk_test" }]) {
        const answer = await fetch(`${plain.base}/store/${path}`, { headers });
        if (answer.status >= 500) faults.push(`${path}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
      }
    for (const path of ["products", `products/${productId}`, "products?q=a&price_list_id[]=x&tags[]=x&category_id[]=x&include_category_children=true", "products?expand=variants.prices.price_list,variants.options,options.values,images,tags,type,collection,sales_channels,categories,profiles",
      "product-types?discount_condition_id=x", "product-tags?discount_condition_id=x&q=a", "collections", `collections?q=a`, "regions", `regions/${regions[0].id}`, "product-categories?parent_category_id=null&include_descendants_tree=true&expand=category_children,parent_category"]) {
      const answer = await fetch(`${plain.base}/admin/${path}`, { headers: { authorization: `Bearer ${access_token}` } });
      if (answer.status >= 500) faults.push(`admin ${path}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    }
    assert.deepEqual(faults, []);
  } finally {
    await sql(database, unwatched.map((name) => `alter table ${name.replace(/^"?/, (quote) => `${quote}away_`)} rename to ${name}`).join(";"));
    await plain.stop();
  }
});

await check("what was added goes by the statements of docs/switching.md, and comes back with the next start", async () => {
  const added = () => sql(database, `select relname from pg_class where relname like 'stheno%' and relkind in ('r', 'i') union all select tgname from pg_trigger where tgname like 'stheno%' union all select proname from pg_proc where proname like 'stheno%' order by 1`).then((rows) => rows.flat());
  const before = await added();
  assert.ok(before.includes("stheno_product_created_at") && before.includes("stheno_note_change"), before.join());
  const guide = readFileSync(new URL("../../docs/switching.md", import.meta.url), "utf8");
  const statements = /^    DROP FUNCTION[^]*?(?=\n\S|$(?![^]))/m.exec(guide)[0];
  await sql(database, statements);
  assert.deepEqual(await added(), []);
  const again = await serve("stheno", { folder: project(), database });
  assert.equal((await fetch(again.base + list)).status, 200);
  await again.stop();
  assert.deepEqual(await added(), before);
});

await running.stop();
await dropAll();
finish();
