#!/usr/bin/env node
// docs/switching.md's canary as it is written there: nginx and Caddy send a tenth of the requests to the second server, a purchase that
// meets both goes through, and the weights move from one to the other and back under shoppers.
//   node tests/switching/run.mjs [--medusa] [--seconds N]   --medusa: the first server is the real one, where it is installed
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buy, variantOf } from "../lib/buying.mjs";
import { buyers, verdict } from "../lib/buyers.mjs";
import { block, caddy, installed, nginx, weighed } from "../lib/fronts.mjs";
import { help } from "../lib/help.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { peer, serve } from "../lib/servers.mjs";
import { redis, sql } from "../lib/services.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";

help(import.meta.url);
const { values: option } = parseArgs({ options: { medusa: { type: "boolean" }, seconds: { type: "string", default: "8" } } });
const first = option.medusa ? "medusa" : "stheno";
if (option.medusa && peer().missing) { skip("the real Medusa", peer().missing); finish(); }

const database = await copy(await template(first));
await sql(database, "update product_variant set inventory_quantity = 1000000");
const started = async (server) => serve(server, { folder: project(), database, redis: await redis(), environment: { NODE_ENV: "development" }, args: server === "stheno" ? ["--threads", "1"] : [] });
const before = await started(first), after = await started("stheno");
const ports = { 9000: before.port, 9001: after.port };
const answered = (server, path) => (readFileSync(server.log, "utf8").match(new RegExp(`GET ${path.replace("?", "\\?")} HTTP`, "g")) ?? []).length;

async function shares(front, name) {
  const path = `/store/products?q=${name}`;
  for (let i = 0; i < 50; i++) assert.equal((await fetch(front.base + path)).status, 200);
  // The log is written once a second.
  const wanted = first === "stheno" ? 50 : 5;
  await until(() => answered(after, path) + (first === "stheno" ? answered(before, path) : 0) >= wanted, { seconds: 5, describe: () => `${answered(before, path)} and ${answered(after, path)} requests` });
  assert.equal(answered(after, path), 5);
}

if (!installed("nginx")) skip("nginx' example", "nginx is not installed");
else {
  const site = block("switching.md", "nginx", "weight=1");
  const front = await nginx(site, ports);
  await check("nginx' example: one request in ten goes to the second server", () => shares(front, "nginx"));
  await check("a purchase that meets both goes through", async () => { for (let i = 0; i < 3; i++) await buy(front.base, "mug"); });
  await check("the weights move over and back under shoppers: no request fails, no order is lost", async () => {
    const shoppers = buyers(front.base, await variantOf(front.base, "mug"), { count: 4 });
    for (const [first, second] of [["weight=1", "weight=1"], ["down", "weight=1"], ["weight=1", "weight=1"], ["weight=1", "down"]]) {
      await pause(Number(option.seconds) * 200);
      front.reload(weighed(site, first, second));
    }
    await pause(Number(option.seconds) * 200);
    const { orders, seen } = await shoppers.stop();
    const { lost, doubled, unheard } = await verdict(database, shoppers);
    console.log(`figure the weights moved over and back (${first} and stheno): ${orders.size} orders, ${lost.length} lost, failed requests: ${JSON.stringify(seen)}`);
    assert.ok(orders.size > 5, `${orders.size} orders`);
    // nginx closes quiet connections of clients when it reads its configuration anew; whoever was about to send on one connects again.
    const failed = Object.keys(seen).filter((what) => !what.endsWith("ECONNRESET"));
    assert.deepEqual([lost, doubled, unheard, failed], [[], [], 0, []]);
  });
  await front.stop();
}
if (!installed("caddy")) skip("Caddy's example", "caddy is not installed");
else {
  const front = await caddy(block("switching.md", "caddy", "reverse_proxy"), ports);
  await check("Caddy's example: one request in ten goes to the second server", () => shares(front, "caddy"));
  await check("a purchase that meets both goes through Caddy", async () => { for (let i = 0; i < 3; i++) await buy(front.base, "mug"); });
  await front.stop();
}
await Promise.all([before.stop(), after.stop()]);
await dropAll();
finish();
