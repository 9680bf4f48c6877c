#!/usr/bin/env node
// What a byte of JSON costs the server, from 1 kB to the largest body: CPU of the server's process beyond that of the same
// request with next to nothing in it, by shape. It must not grow with the size, whatever the shape.
//   node bench/json.mjs [SHAPE ...]      words of the shapes' names; STHENO_BIN is the server
// tests/proof/json_cost.mjs judges the same figures.
import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { agent, must, variantOf } from "../tests/lib/buying.mjs";
import { help } from "../tests/lib/help.mjs";
import { send } from "../tests/lib/script.mjs";
import { dropAll, shop } from "../tests/lib/shop.mjs";

const bodies = [1_000, 10_000, 100_000];
const queries = [1_000, 4_000, 14_000]; // a head is shorter than a body may be
const bytesEach = 600_000, fewest = 8;

// `piece(i)` over and over, until the text has about `size` bytes.
function filled(size, piece) {
  let text = piece(0);
  for (let i = 1; ; i++) {
    const next = `${text},${piece(i)}`;
    if (next.length > size) return text;
    text = next;
  }
}
const context = (value) => `{"context":${value}}`;
const deep = "[".repeat(40) + "]".repeat(40);

// [name, sizes, the status that it is answered with, the request with about `size` bytes of the shape in it]
const shapes = (cart, item, variant) => {
  const change = (body) => ({ method: "POST", path: `/store/carts/${cart}`, body });
  const make = (items) => ({ method: "POST", path: "/store/carts", body: `{"region_id":"reg_eu","items":[${items}]}` });
  return [
    ["context of many members", bodies, 200, (size) => change(context(`{${filled(size, (i) => `"k${i}":1`)}}`))],
    ["context of long names", bodies, 200, (size) => change(context(`{${filled(size, (i) => `"${"n".repeat(300)}${i}":1`)}}`))],
    ["context of one name repeated", bodies, 200, (size) => change(context(`{${filled(size, () => '"k":1')}}`))],
    ["context of small objects in a list", bodies, 200, (size) => change(context(`{"a":[${filled(size, (i) => `{"a":${i},"b":"x"}`)}]}`))],
    ["context of deep lists", bodies, 200, (size) => change(context(`{"a":[${filled(size, () => deep)}]}`))],
    ["context of one text", bodies, 200, (size) => change(context(`{"a":"${"x".repeat(size)}"}`))],
    ["members that a cart does not have", bodies, 400, (size) => change(`{${filled(size, (i) => `"k${i}":1`)}}`)],
    ["metadata of many members", bodies, 200, (size) => ({ method: "POST", path: `/store/carts/${cart}/line-items/${item}`, body: `{"quantity":1,"metadata":{${filled(size, (i) => `"k${i}":1`)}}}` })],
    ["metadata of members taken away", bodies, 200, (size) => ({ method: "POST", path: `/store/carts/${cart}/line-items/${item}`, body: `{"quantity":1,"metadata":{${filled(size, (i) => `"k${i}":""`)}}}` })],
    ["items of unknown variants", bodies, 400, (size) => make(filled(size, (i) => `{"variant_id":"variant_${i}","quantity":1}`))],
    ["items of one variant", bodies, 200, (size) => make(filled(size, () => `{"variant_id":"${variant}","quantity":1}`))],
    ["query of many names", queries, 400, (size) => ({ method: "GET", path: `/store/products?${filled(size, (i) => `k${i}=1`).replaceAll(",", "&")}` })],
    ["query of members of one name", queries, 400, (size) => ({ method: "GET", path: `/store/products?${filled(size, (i) => `a[k${i}]=1`).replaceAll(",", "&")}` })],
    ["query of many fields", queries, 400, (size) => ({ method: "GET", path: `/store/products?fields=${filled(size, (i) => `k${i}`)}` })],
  ];
};

// Nanoseconds of CPU of all threads of a process.
const cpu = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]), 0);

// Calls `row({ name, sizes: [{ bytes, each }] })` for each shape whose name has one of the words: nanoseconds a byte.
export async function costs(words, row) {
  const { base, process: { pid }, stop } = await shop("stheno", {});
  const variant = await variantOf(base, "poster");
  for (const [at, [name]] of shapes().entries()) {
    if (words.length && !words.some((word) => name.includes(word))) continue;
    // A cart of its own, so that no shape leaves anything for the next one.
    const { cart } = await must(base, "POST", "/store/carts", { region_id: "reg_eu", items: [{ variant_id: variant, quantity: 1 }] });
    const [, sizes, status, request] = shapes(cart.id, cart.items[0].id, variant)[at];
    const cost = async (size) => {
      const { method, path, body } = request(size);
      const bytes = body?.length ?? path.length, times = Math.max(fewest, Math.ceil(bytesEach / bytes / (size > 1 ? 1 : 100)));
      const once = async () => {
        const answer = await send(base, { method, path, headers: body ? { "content-type": "application/json" } : {}, body }, agent);
        if (answer.status !== status) throw new Error(`${name}, ${bytes} bytes: ${answer.status} ${answer.text.slice(0, 300)}`);
      };
      await once();
      const before = cpu(pid);
      for (let i = 0; i < times; i++) await once();
      return { bytes, each: (cpu(pid) - before) / times };
    };
    const empty = await cost(1);
    const found = [];
    for (const size of sizes) {
      const { bytes, each } = await cost(size);
      found.push({ bytes, each: (each - empty.each) / (bytes - empty.bytes) });
    }
    await row({ name, sizes: found });
  }
  agent.destroy();
  await stop();
  await dropAll();
}

export const told = ({ name, sizes }) => `${name}: ${sizes.map(({ bytes, each }) => `${Math.round(bytes / 1000)} kB ${each.toFixed(0)} ns`).join(", ")}`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  help(import.meta.url);
  await costs(process.argv.slice(2), (row) => console.log(told(row)));
  process.exit(0);
}
