#!/usr/bin/env node
// The server is killed (SIGKILL) at random points of each of an order's ways, started again, and the way is gone to its end. Whenever it
// was killed, what stands in the database is what stood there before a step or after it, all rules about money, stock and states hold,
// and the books of the bank and the carrier say the same; at the end all is as if nobody had been killed.
//   node tests/proof/kills.mjs [--kills N] [--seconds N] [--seed N] [--way NAME] [--turn N]
//     --kills    of each way, half of them in a shop with the inventory module (200)
//     --seconds  ends when so much time is over, with the inventory module alone
//     --seed     of all that is random; printed
//     --way, --turn   one way; one turn of it, to play a failure again
// A point is one piece of what the server says to PostgreSQL, or hears from it (which may be cut short), or one question to the bank.
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { agent, must, variantOf } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { until } from "../lib/processes.mjs";
import { Refusal, shopAtBank } from "../lib/provider.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll } from "../lib/shop.mjs";
import { sqlSession } from "../lib/services.mjs";
import { tap } from "../lib/tap.mjs";
import { broken, difference, disagreements, facts, rules, rulesOfLevels } from "./kills/facts.mjs";
import { waysOf } from "./kills/ways.mjs";

help(import.meta.url);
const { values: given } = parseArgs({ options: { kills: { type: "string", default: "200" }, seconds: { type: "string" }, seed: { type: "string" }, way: { type: "string" }, turn: { type: "string" } } });
const seed = Number(given.seed ?? Math.floor(Math.random() * 1e6));
console.log(`    seed ${seed}`);

// A connection that a slow machine has left idle until the server gives it up must not look like a death.
agent.keepAlive = false;

// Numbers from 0 to 1 that follow from a text.
function randomOf(text) {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// A shop whose server dies at a moment that is told before.
async function mortalShop(extras) {
  const moments = { count: 0, fatal: 0, listening: false, random: undefined, died: undefined };
  const die = async (what) => {
    moments.listening = false;
    moments.died = what;
    running.kill();
    await running.process.exit;
  };
  const isFatal = () => moments.listening && ++moments.count === moments.fatal;
  let wire;
  const { bank, database, start, user, ...opened } = await shopAtBank({
    extras,
    wire: async (url) => (wire = await tap(url, async (direction, piece) => {
      if (!isFatal()) return piece;
      // Of what it was saying, nothing, a part or all has left it; what it would have heard, it never hears.
      const kept = direction === "from" ? 0 : [0, Math.ceil(moments.random() * piece.length), piece.length][Math.floor(moments.random() * 3)];
      await die(direction === "from" ? `before ${piece.length} bytes of PostgreSQL's answer` : `when ${kept} of ${piece.length} bytes were sent to PostgreSQL`);
      return piece.subarray(0, kept);
    })).url,
  });
  let { running } = opened;
  bank.script({
    before: async ({ method }) => {
      if (!isFatal()) return;
      const heard = moments.random() < 0.5;
      await die(`when it asked for "${method}", which ${heard ? "was" : "wasn't"} heard`);
      if (!heard) throw new Refusal("Nobody has heard it");
    },
    after: async ({ method }) => { if (isFatal()) await die(`before the answer to "${method}"`); },
  });
  const asAdmin = (path, body) => must(running.base, "POST", path, body, user);
  const sql = sqlSession(database);
  const shop = { base: () => running.base, sql, user, variants: {}, options: {}, bank, extras };
  for (const handle of ["mug", "shirt"]) shop.variants[handle] = await variantOf(running.base, handle);
  await sql("update shipping_option set provider_id = 'carrier' where region_id = 'reg_eu'; update product_variant set inventory_quantity = 100000");
  for (const [id, name] of await sql("select id, name from shipping_option where region_id = 'reg_eu'")) shop.options[name] = id;
  if (extras.inventory) {
    const [[channel]] = await sql("select id from sales_channel limit 1");
    shop.location = (await asAdmin("/admin/stock-locations", { name: "Cave" })).stock_location.id;
    await asAdmin(`/admin/sales-channels/${channel}/stock-locations`, { location_id: shop.location });
    for (const [handle, variant_id] of Object.entries(shop.variants)) {
      const { inventory_item } = await asAdmin("/admin/inventory-items", { variant_id, sku: `I-${handle}` });
      await asAdmin(`/admin/inventory-items/${inventory_item.id}/location-levels`, { location_id: shop.location, stocked_quantity: 100000 });
    }
  }
  // Events leave the outbox as soon as they are delivered: a trigger keeps what was told.
  await sql(`create table told (name text, data jsonb);
    create function keep_told() returns trigger language plpgsql as $$ begin insert into told values (new.event_name, new.data); return new; end $$;
    create trigger keep_told after insert on staged_job for each row execute function keep_told()`);
  const read = await facts(sql);
  let run;
  const left = async () => Number((await sql("select (select count(*) from stheno_ask) + (select count(*) from staged_job)"))[0][0]);
  const settled = () => until(async () => (await left()) === 0, { every: 10, seconds: 60, child: running.process, describe: () => `asks or events are left\n${running.process.tail(20)}` });
  return Object.assign(shop, {
    ways: waysOf({ ...shop, run: () => run }),
    begin: async () => { await settled(); return (run = await read.begin()); },
    settled,
    listen(fatal = 0, random) { Object.assign(moments, { count: 0, fatal, listening: true, random, died: undefined }); },
    heard() { moments.listening = false; return moments.count; },
    died: () => moments.died,
    kill: () => die("after its last answer"),
    // What the dead one had sent, PostgreSQL may do still; how it ends is known when its sessions are gone.
    async rise() {
      const sessions = (await sql("select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")).flat();
      running = await start();
      await until(async () => (await sql(`select 1 from pg_stat_activity where pid in (0${sessions.map((pid) => `, ${pid}`).join("")})`)).length === 0, { every: 10 });
      await settled();
    },
    async wrong() { return [...(await broken(sql, [...rules, ...(extras.inventory ? rulesOfLevels : [])])), ...(await disagreements(sql, bank))]; },
    async stop() { sql.stop(); await running.stop(); await bank.stop(); wire.stop(); },
  });
}

// How a way goes when nobody is killed: the facts before its first step and after each, and how many points it has.
async function quiet(shop, way) {
  const run = await shop.begin();
  const subject = await way.prepare();
  await shop.settled();
  const states = [await run.lines()];
  let points = 0;
  for (const step of way.steps) {
    shop.listen();
    await step(subject);
    points += shop.heard();
    await shop.settled();
    states.push(await run.lines());
  }
  assert.deepEqual(await shop.wrong(), []);
  return { states, points };
}

// What a server may have left besides whole steps: what the bank had done for it, stored when it rose again.
const ofTheBank = /^(payment|refund|payment_session|order|told) /;
const same = (a, b) => { const { less, more } = difference(a, b); return !less.length && !more.length; };
const shown = ({ less, more }) => [...less.map((line) => `  - ${line.slice(0, 600)}`), ...more.map((line) => `  + ${line.slice(0, 600)}`)].join("\n");

async function killOnce(shop, way, { states, points }, random) {
  const run = await shop.begin();
  const subject = await way.prepare();
  await shop.settled();
  // 1. It goes the way until it is killed.
  let done = 0;
  shop.listen(1 + Math.floor(random() * points), random);
  try {
    for (const step of way.steps) { await step(subject); done++; }
  } catch (error) {
    if (!shop.died()) throw error;
  }
  shop.heard();
  if (!shop.died()) await shop.kill();
  const where = `killed in step ${done + 1} of ${way.steps.length}, ${shop.died()}`;
  const problems = [];
  // 2. It rises. A step that was under way is there or not; of one that the bank has helped with, what the bank has done may be.
  await shop.rise();
  const risen = await run.lines();
  let settledAlone = false;
  if (done < way.steps.length && same(states[done + 1], risen)) done++;
  else if (!same(states[done], risen)) {
    const { less, more } = difference(states[done], risen);
    settledAlone = [...less, ...more].every((line) => ofTheBank.test(line));
    if (!settledAlone) problems.push(`half a step is left:\n${shown({ less, more })}`);
  }
  problems.push(...(await shop.wrong()));
  // 3. It is gone to its end, and all is as on the quiet way.
  for (const step of way.steps.slice(done)) await step(subject);
  await shop.settled();
  const end = await run.lines();
  if (!same(states.at(-1), end)) problems.push(`the end differs:\n${shown(difference(states.at(-1), end))}`);
  problems.push(...(await shop.wrong()));
  return { where, problems, settledAlone };
}

const seconds = given.seconds ? Number(given.seconds) : undefined;
const kills = given.turn !== undefined ? 1 : Number(given.kills);
const shops = [];
for (const extras of seconds ? [{ inventory: true }] : [{ inventory: true }, {}]) shops.push(await mortalShop(extras));
for (const shop of shops) for (const way of ["refund", "draft"]) await quiet(shop, shop.ways[way]); // who buys for the first time becomes a customer
const names = Object.keys(shops[0].ways).filter((name) => !given.way || name === given.way);
if (!names.length) { console.error(`no way is called ${given.way}; there are ${Object.keys(shops[0].ways).join(", ")}`); process.exit(2); }

const plans = new Map();
const tally = new Map(names.map((name) => [name, { kills: 0, settled: 0, problems: [] }]));
async function turnOf(name, turn) {
  const shop = shops[turn % shops.length];
  const key = `${name}, ${shop.location ? "stocked" : "plain"}`;
  if (!plans.has(key)) plans.set(key, await quiet(shop, shop.ways[name]));
  const again = `--seed ${seed} --way "${name}" --turn ${turn}`;
  const { where, problems, settledAlone } = await killOnce(shop, shop.ways[name], plans.get(key), randomOf(`${seed} ${name} ${turn}`))
    .catch((error) => { throw new Error(`${again}: ${shop.died() ?? "not killed"}\n${error.stack}`); });
  const count = tally.get(name);
  count.kills++;
  if (settledAlone) count.settled++;
  if (problems.length) count.problems.push(`${again}: ${where}\n${problems.join("\n")}`);
}

const began = performance.now();
const isOver = () => seconds !== undefined && performance.now() - began > seconds * 1000;
if (seconds !== undefined) for (let turn = 0; !isOver(); turn++) for (const name of names) { if (!isOver()) await turnOf(name, turn); }
for (const name of names) {
  await check(name, async () => {
    if (seconds === undefined) for (let turn = 0; turn < kills; turn++) await turnOf(name, given.turn !== undefined ? Number(given.turn) : turn);
    const { problems } = tally.get(name);
    console.log(`    figure ${name}: killed ${tally.get(name).kills} times, ${problems.length} with a problem; ${tally.get(name).settled} times the bank's answer was stored after the start`);
    assert.equal(problems.length, 0, problems.slice(0, 5).join("\n"));
  }, { seconds: 60 + kills * 20 });
}
for (const shop of shops) await shop.stop();
await dropAll();
finish();
