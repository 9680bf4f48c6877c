#!/usr/bin/env node
// What a byte of JSON costs does not grow with the size of what a client sends, whatever its shape (bench/json.mjs says which).
//   node tests/proof/json_cost.mjs [SHAPE ...]
// What is judged is the largest size beside the dearest of the smaller ones; a search from the start makes it ten times that.
import { costs, told } from "../../bench/json.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";

help(import.meta.url);
const most = 5, noise = 20; // times, and nanoseconds that no measurement tells from nothing

await costs(process.argv.slice(2), async (row) => {
  console.log(`figure JSON cost per byte, ${told(row)}`);
  await check(`${row.name}: a byte costs the same in a large one`, () => {
    const smaller = Math.max(noise, ...row.sizes.slice(0, -1).map(({ each }) => each)), times = row.sizes.at(-1).each / smaller;
    if (times > most) throw new Error(`${times.toFixed(1)} times as much`);
  });
});
finish();
