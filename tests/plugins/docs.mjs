#!/usr/bin/env node
// What docs/plugins.md shows is so: its configuration starts, and the lines that it quotes are printed.
//   node tests/plugins/docs.mjs
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { cli, root, serve } from "../lib/servers.mjs";
import { newRedis } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { stripeKeys } from "./doubles/stripe.mjs";
import { folderOf, packages, preloaded } from "./shops.mjs";

help(import.meta.url);

const { missing } = packages();
if (missing) { skip("docs/plugins.md", missing); finish(); }
const text = readFileSync(join(root, "docs", "plugins.md"), "utf8");
const blocks = (language) => [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].filter(([, of]) => of === language).map(([, , inside]) => inside);

const from = temporaryDirectory("documented");
writeFileSync(join(from, "medusa-config.js"), blocks("js")[0]);
const folder = folderOf(from);
const redis = await newRedis();
const options = { folder, redis: redis.url, database: await copy(await template("stheno")), environment: { ...preloaded(), STRIPE_API_KEY: stripeKeys.api, STRIPE_WEBHOOK_SECRET: stripeKeys.webhook } };

await check("docs/plugins.md: the configuration starts, and its plugins answer", async () => {
  const running = await serve("stheno", options);
  const status = (path, method) => fetch(`${running.base}${path}`, { method }).then((answer) => answer.status, () => 0);
  await until(async () => (await status("/stripe/hooks", "POST")) === 400 && (await status("/wishlists/nonsense", "GET")) === 400, { child: running.process, describe: () => running.process.tail(20) });
  assert.equal(await status("/store/products", "GET"), 200);
  await running.stop();
});
await check("docs/plugins.md: `stheno routes --plugins` prints what is quoted", () => {
  const printed = cli("stheno", ["routes", "--plugins"], options);
  const spaces = (line) => line.trim().replace(/\s+/g, " ");
  const lines = new Set(printed.split("\n").map(spaces));
  for (const line of blocks("text")[0].split("\n").map(spaces).filter((one) => one && one !== "...")) assert.ok(lines.has(line), `not printed: ${line}\n${printed.split("\n").slice(0, 12).join("\n")}`);
});
await redis.stop();
await dropAll();
finish();
