#!/usr/bin/env node
// Nobody finds a stranger's order or cart by guessing ids, however much he knows of ULIDs.
//   node tests/proof/guessing.mjs [SECONDS]
// Shoppers buy while an attacker makes carts of his own on the same server. Then he asks for what may have been made beside
// each of them: the ids that follow if the random part counts up or down, in the same millisecond and in those next to it.
// An id that was drawn by itself is 1 of 2^80; the ids of one millisecond of a thread used to be 1 apart.
import { agent, buy, call, must, variantOf } from "../lib/buying.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

help(import.meta.url);

const seconds = Number(process.argv[2] ?? 10);
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const randomBits = 80n, nearest = 24n;

const numberOf = (ulid) => [...ulid].reduce((sum, digit) => sum * 32n + BigInt(alphabet.indexOf(digit)), 0n);
function ulidOf(number) {
  let text = "";
  for (let i = 0; i < 26; i++, number /= 32n) text = alphabet[Number(number % 32n)] + text;
  return text;
}
// What may stand beside an id: the next random parts of its millisecond, and its own and the next ones of others.
function* neighbours(ulid) {
  const number = numberOf(ulid);
  for (let step = 1n; step <= nearest; step++) yield* [number + step, number - step];
  for (const later of [-1n, 1n, 2n]) for (let step = -1n; step <= 1n; step++) yield number + (later << randomBits) + step;
}

async function each(list, workers, body) {
  const rest = list[Symbol.iterator]();
  await Promise.all(Array.from({ length: workers }, async () => { for (const item of rest) await body(item); }));
}

const { base, stop } = await shop("stheno", {});
await check("no foreign order and no foreign cart is found by guessing", async () => {
  const poster = await variantOf(base, "poster");
  const until = performance.now() + seconds * 1000;
  const orders = new Set(), foreign = new Set(), own = [];
  const shopper = async () => {
    while (performance.now() < until) {
      const order = await buy(base, "poster");
      orders.add(order.id);
      foreign.add(order.cart_id);
    }
  };
  const attacker = async () => {
    while (performance.now() < until) own.push((await must(base, "POST", "/store/carts", { region_id: "reg_eu", items: [{ variant_id: poster, quantity: 1 }] })).cart.id);
  };
  await Promise.all([...Array.from({ length: 12 }, shopper), ...Array.from({ length: 4 }, attacker)]);

  const found = { orders: new Set(), carts: new Set() };
  let asked = 0;
  // As many as can be asked in a few times the time that making them took; the first are as good as any.
  await each(own.slice(0, 40 * seconds), 48, async (id) => {
    for (const number of neighbours(id.slice("cart_".length))) {
      const ulid = ulidOf(number);
      asked += 2;
      if ((await call(base, "GET", `/store/orders/order_${ulid}`)).status === 200) found.orders.add(`order_${ulid}`);
      if ((await call(base, "GET", `/store/carts/cart_${ulid}`)).status === 200 && !own.includes(`cart_${ulid}`)) found.carts.add(`cart_${ulid}`);
    }
  });
  console.log(`figure foreign orders found by guessing: ${found.orders.size} of ${orders.size}`);
  console.log(`figure foreign carts found by guessing: ${found.carts.size} of ${foreign.size}`);
  console.log(`figure ids asked for: ${asked}, beside ${Math.min(own.length, 40 * seconds)} own carts`);
  if (!orders.size || !own.length) throw new Error("nothing was bought, or no cart was made");
  if (found.orders.size + found.carts.size) throw new Error(`found ${[...found.orders, ...found.carts].slice(0, 5).join(", ")}`);
}, { seconds: 60 + 20 * seconds });
agent.destroy();
await stop();
await dropAll();
finish();
