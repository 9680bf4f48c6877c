// Shoppers who buy for as long as they are let, against an address behind which servers come and go. What fails is asked again as a careful
// storefront does it: a completion under the same Idempotency-Key, anything else with a cart from the beginning.
import { randomUUID } from "node:crypto";
import { complete, readyCart } from "./buying.mjs";
import { pause } from "./processes.mjs";
import { sql } from "./services.mjs";

// { orders: Map of order id to cart, seen: { what: times }, longest: milliseconds without any order, stop() }
export function buyers(base, variant, { count = 8, wait = 0 } = {}) {
  const state = { orders: new Map(), carts: new Set(), seen: {}, longest: 0, last: performance.now(), stopping: false };
  const note = (what) => { state.seen[what] = (state.seen[what] ?? 0) + 1; };
  const buy = async () => {
    let cart;
    try {
      cart = await readyCart(base, variant);
    } catch (error) {
      note(`before completion: ${/: (\d{3}) /.exec(error.message)?.[1] ?? error.code ?? error.message}`);
      return pause(50);
    }
    state.carts.add(cart);
    const key = randomUUID();
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await complete(base, cart, { "idempotency-key": key }).catch((error) => ({ status: error.code ?? error.message }));
      if (answer.status === 200 && answer.body.type === "order") {
        const now = performance.now();
        state.longest = Math.max(state.longest, now - state.last);
        state.last = now;
        state.orders.set(answer.body.data.id, cart);
        return undefined;
      }
      note(`completion: ${answer.status}${answer.status === 200 ? ` ${answer.body.type}` : ""}`);
      if (answer.status === 200 || (answer.status >= 400 && answer.status < 500 && answer.status !== 409 && answer.status !== 429)) return undefined;
      await pause(100);
    }
    note("completion: given up");
    return undefined;
  };
  const running = Array.from({ length: count }, async () => { while (!state.stopping) { await buy(); if (wait) await pause(wait); } });
  state.stop = async () => { state.stopping = true; await Promise.all(running); return state; };
  return state;
}

// What the database says of what shoppers were told: orders that it lacks, and carts of which more than one order came.
export async function verdict(database, { orders, carts }) {
  const rows = await sql(database, 'select id, cart_id from "order"');
  const there = new Map(rows.map(([id, cart]) => [id, cart]));
  const count = new Map();
  for (const [, cart] of rows) count.set(cart, (count.get(cart) ?? 0) + 1);
  return {
    lost: [...orders.keys()].filter((id) => !there.has(id)),
    doubled: [...carts].filter((cart) => count.get(cart) > 1),
    unheard: rows.filter(([id, cart]) => carts.has(cart) && !orders.has(id)).length, // made, though nobody was told
  };
}
