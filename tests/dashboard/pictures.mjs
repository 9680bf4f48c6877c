#!/usr/bin/env node
// The pictures of the README: an order in the dashboard, and the figures of bench/README.md as bars. Writes them.
//   node tests/dashboard/pictures.mjs [FOLDER]     default: docs/pictures
//   STHENO_CHROMIUM, STHENO_DASHBOARD              as for run.mjs
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openPage } from "../lib/chromium.mjs";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { root } from "../lib/servers.mjs";
import { openDashboard } from "./browser.mjs";
import { orderOf } from "./clicks.mjs";

help(import.meta.url);
const folder = process.argv[2] ?? join(root, "docs", "pictures");
mkdirSync(folder, { recursive: true });
const small = (name) => assert.ok(statSync(join(folder, name)).size < 200_000, `${name} has ${statSync(join(folder, name)).size} bytes`);

await check("an order in the dashboard", async () => {
  const shop = await openDashboard("a picture of the dashboard");
  await shop.page.setViewportSize({ width: 1280, height: 800 });
  // Pictures of products lie on other sites, where a test doesn't go.
  await shop.sql("update product set thumbnail = null");
  await shop.sql("update store set name = 'Gorgon Goods'");
  for (const sent of [false, true]) await orderOf(shop, { sent });
  await shop.quiet();
  await shop.page.screenshot({ path: join(folder, "dashboard.png") });
  small("dashboard.png");
  await shop.stop();
}, { seconds: 240 });

// The first table of bench/README.md: [request, per second there, per second here, times].
function figures() {
  const [table] = /\| request \| real: per second[^]*?\n\n/.exec(readFileSync(join(root, "bench", "README.md"), "utf8"));
  return table.trim().split("\n").slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim())).map((cells) => [cells[0], cells[1], cells[4], Number(cells[7])]);
}
await check("the figures as bars", async () => {
  const rows = figures();
  assert.ok(rows.length > 5 && rows.every(([, , , times]) => times > 1), JSON.stringify(rows));
  const escape = (value) => String(value).replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);
  const most = Math.log10(1000);
  const bars = rows.map(([name, there, here, times]) => `<tr><td>${escape(name)}</td><td class="n">${escape(there)}</td><td class="n">${escape(here)}</td><td class="bar"><div style="width:${(Math.log10(times) / most) * 100}%"></div><b>${times} ×</b></td></tr>`).join("");
  const page = `<!DOCTYPE html><meta charset="utf-8"><style>body{font:15px/1.35 "DejaVu Sans",system-ui,sans-serif;margin:20px 24px;color:#1b2321;background:#fff;width:952px}h1{font-size:17px;margin:0 0 10px}table{border-collapse:collapse;width:100%}
    th{text-align:left;font-weight:400;color:#66716d;font-size:13px;padding-bottom:4px}td{padding:4px 10px 4px 0;white-space:nowrap}.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.bar{width:38%;position:relative}.bar div{display:inline-block;background:#1d5c4a;height:16px;vertical-align:middle;border-radius:2px}.bar b{position:absolute;margin-left:8px}p{color:#66716d;font-size:12px;margin:10px 0 0}</style>
    <h1>Requests per second, Medusa 1.20.11 and Stheno on the same machine and data</h1><table><tr><th>request</th><th class="n">Medusa</th><th class="n">Stheno</th><th>times as many (logarithmic)</th></tr>${bars}</table><p>16 connections, two shared cores, both in one run. Lists and single products are kept replies; "each asked once" is what they cost where none is of use twice.</p>`;
  const browser = await openPage("a picture of the figures", "http://127.0.0.1", { viewport: { width: 1000, height: 330 } });
  await browser.page.setContent(page);
  await browser.page.screenshot({ path: join(folder, "figures.png"), fullPage: true });
  small("figures.png");
  await browser.stop();
});
finish();
