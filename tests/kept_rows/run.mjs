#!/usr/bin/env node
// Rows of the shop that are kept in the process are never older than the request that shows them: writers of every kind against
// readers who know what had been committed when they asked.
//   node tests/kept_rows/run.mjs [--seconds N]      default: 20
// Each writer raises a number that stands in a row of the shop and notes it once its commit is known; a reader notes these numbers,
// asks one of two servers, and must see no lower ones.
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { call, must, readyCart, variantOf } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { sql, sqlSession } from "../lib/services.mjs";
import { dropAll, project, shop } from "../lib/shop.mjs";

help(import.meta.url);
const { values: { seconds } } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
let until;

const running = await shop("stheno");
const { base, database } = running;
const other = await serve("stheno", { folder: project(), database });
const without = await serve("stheno", { folder: project(), database, environment: { STHENO_ROW_CACHE: "0" } });
const bases = [base, other.base];
const variant = await variantOf(base, "mug");
const cart = await readyCart(base, variant);
const [[productId]] = await sql(database, "select id from product where handle = 'mug'");
const { cart: { region_id: region } } = await must(base, "GET", `/store/carts/${cart}`);
const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
const authorization = `Bearer ${access_token}`;

// What stands where, and how a reader sees it.
const shown = async (from) => {
  const [ofCart, ofProduct] = await Promise.all([must(from, "GET", `/store/carts/${cart}`), must(from, "GET", `/store/products?id=${productId}&expand=variants,options&offset=0&limit=${1 + Math.floor(Math.random() * 90)}`)]);
  const item = ofCart.cart.items[0];
  return { region: ofCart.cart.region.name, country: ofCart.cart.region.countries.map(({ display_name }) => display_name).sort()[0], variant: item.variant.title, option: ofProduct.products[0].options[0].title, product: ofProduct.products[0].title, listed: ofProduct.products[0].variants.find(({ id }) => id === variant).title };
};
const number = (text) => Number(/(\d+)$/.exec(text)?.[1] ?? 0);
const committed = { region: 0, country: 0, variant: 0, option: 0, product: 0 };

await check("the same is shown with rows kept and without", async () => {
  const expanded = "/store/products?limit=5&offset=0&expand=variants,variants.options,options,images,tags,type,collection,profiles,sales_channels";
  for (const path of [`/store/carts/${cart}`, `/store/products/${productId}`, expanded, "/store/regions", `/store/shipping-options/${cart}`]) {
    const [kept, again, read] = [await must(base, "GET", path), await must(base, "GET", path), await must(without.base, "GET", path)];
    assert.deepEqual(kept, read, path);
    assert.deepEqual(again, read, path);
  }
});

const [[firstCountry]] = await sql(database, `select iso_2 from country where region_id = '${region}' order by display_name limit 1`);
const statements = {
  region: (n) => `update region set name = 'R ${n}' where id = '${region}'`,
  country: (n) => `update country set display_name = '0 ${n}' where iso_2 = '${firstCountry}'`,
  variant: (n) => `update product_variant set title = 'V ${n}' where id = '${variant}'`,
  option: (n) => `update product_option set title = 'O ${n}' where product_id = '${productId}'`,
  product: (n) => `update product set title = 'P ${n}' where id = '${productId}'`,
};
const pick = (all) => all[Math.floor(Math.random() * all.length)];
// How a change may come about. Each commits once.
const sessions = [];
const session = () => { const made = sqlSession(database); sessions.push(made); return made; };
const prepared = Number((await sql(database, "show max_prepared_transactions"))[0][0]) > 0;
const ways = {
  "at once": (ask, text) => ask(text),
  "in a transaction that stays open for a while": async (ask, text) => { await ask(`begin; ${text}`); await ask(`select pg_sleep(${Math.random() * 0.2})`); await ask("commit"); },
  "behind a savepoint": (ask, text) => ask(`begin; savepoint s; ${text}; rollback to s; ${text}; release s; commit`),
  "as a replica": (ask, text) => ask(`begin; set local session_replication_role = replica; ${text}; commit`),
  "serializable": (ask, text) => ask(`begin isolation level serializable; ${text}; commit`),
  "beside much else": (ask, text) => ask(`begin; update product_option_value set value = value; ${text}; commit`),
  "with the table emptied and filled": (ask, text) => ask(`begin; lock table product_option_value; create temporary table held on commit drop as table product_option_value; truncate product_option_value; insert into product_option_value select * from held; ${text}; commit`),
  ...(prepared ? { "prepared first": async (ask, text) => { const name = `t${Math.random()}`; await ask(`begin; ${text}; prepare transaction '${name}'`); await ask(`commit prepared '${name}'`); } } : {}),
};
let wrote = 0, read = 0;
const count = {};
async function writer(name) {
  const ask = session();
  for (let n = committed[name] + 1; Date.now() < until; n++) {
    const way = pick(Object.keys(ways));
    try { await ways[way](ask, statements[name](n)); } catch (error) { if (!/deadlock|serializ/.test(error)) throw error; return writer(name); }
    committed[name] = n;
    count[way] = (count[way] ?? 0) + 1;
    wrote++;
  }
}
// Through either server, which shows what it has written.
async function administrator() {
  for (let n = 1e6; Date.now() < until; n++) {
    const answer = await call(pick(bases), "POST", `/admin/products/${productId}`, { title: `P ${n}` }, { authorization });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.product.title, `P ${n}`);
    committed.product = n;
    wrote++;
  }
}
async function reader() {
  while (Date.now() < until) {
    const before = { ...committed };
    const seen = await shown(pick(bases));
    for (const [name, least] of Object.entries(before)) assert.ok(number(seen[name]) >= least, `${name}: ${seen[name]} was shown when ${least} had been committed`);
    assert.ok(number(seen.listed) >= before.variant, `listed: ${seen.listed} was shown when ${before.variant} had been committed`);
    read++;
  }
}
await check(`no reader sees less than was committed when it asked, in ${seconds} s`, async () => {
  until = Date.now() + Number(seconds) * 1000;
  await Promise.all([...["region", "country", "variant", "option"].map(writer), administrator(), ...Array.from({ length: 6 }, reader)]);
  console.log(`    ${wrote} changes (${Object.entries(count).map(([way, times]) => `${way}: ${times}`).join(", ")}), ${read} looks`);
  assert.ok(wrote > 50 && read > 50, `${wrote} changes, ${read} looks: too few to tell`);
}, { seconds: Number(seconds) + 60 });
if (!prepared) console.log("    prepared transactions are off in this PostgreSQL: not tried");

for (const ask of sessions) ask.stop();
await dropAll();
finish();
