// What the programs of this folder share: a shop that keeps files in its own folder, and its jobs.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { until } from "../lib/processes.mjs";
import { send } from "../lib/script.mjs";
import { admin, projectFolder, serve } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";
import { copy, template } from "../lib/shop.mjs";

const plugin = '{ resolve: "@medusajs/file-local", options: { upload_dir: "kept", backend_url: "http://shop.test" } }';

export async function openShop({ server = "stheno", from = server, plugins = plugin, database, folder = projectFolder(), environment = {} } = {}) {
  appendFileSync(join(folder, "medusa-config.js"), `module.exports.plugins.push(${plugins});\n`);
  mkdirSync(join(folder, "kept"), { recursive: true });
  database ??= await copy(await template(from));
  const start = () => serve(server, { folder, database, environment: { STHENO_THREADS: "1", ...environment } });
  const shop = { folder, database, running: await start() };
  const login = async () => {
    const { json } = await send(shop.running.base, { method: "POST", path: "/admin/auth/token", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) });
    shop.me = { authorization: `Bearer ${json.access_token}` };
  };
  await login();
  shop.ask = (method, path, body) => send(shop.running.base, { method, path, headers: { ...shop.me, ...(body ? { "content-type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
  shop.restart = async () => { shop.running = await start(); await login(); };
  shop.kill = async () => { shop.running.kill(); await shop.running.process.exit; };
  shop.stop = () => shop.running.stop();
  shop.sql = (text) => sql(database, text);
  shop.log = () => readFileSync(shop.running.log, "utf8");
  shop.read = (key) => readFileSync(join(folder, "kept", key), "utf8");

  // The key of a file with this text. On a connection of its own: who has put a large text together has let the others rest.
  shop.upload = async (text, name = "table.csv") => {
    const boundary = "----gorgon";
    const body = Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`), Buffer.from(text), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const { status, json } = await send(shop.running.base, { method: "POST", path: "/admin/uploads", headers: { ...shop.me, "content-type": `multipart/form-data; boundary=${boundary}` }, body }, new Agent());
    assert.equal(status, 200, JSON.stringify(json));
    return json.uploads[0].key;
  };
  shop.create = async (type, context = {}, dry_run = false) => {
    const { status, json } = await shop.ask("POST", "/admin/batch-jobs", { type, context, dry_run });
    assert.equal(status, 201, JSON.stringify(json));
    return json.batch_job;
  };
  shop.job = async (id) => (await shop.ask("GET", `/admin/batch-jobs/${id}`)).json.batch_job;
  // The job once it is in one of these states. Who waits for the wrong one is told at once.
  shop.reaches = async (id, ...states) => {
    let job;
    const ended = ["completed", "failed", "canceled"];
    return until(async () => {
      job = await shop.job(id);
      if (states.includes(job.status)) return job;
      assert.ok(!ended.includes(job.status), JSON.stringify(job));
    }, { seconds: 240, describe: () => JSON.stringify(job) });
  };
  shop.done = async (type, context) => shop.reaches((await shop.create(type, context)).id, "completed");
  shop.fails = async (type, context) => shop.reaches((await shop.create(type, context)).id, "failed");
  shop.exported = async (context = {}) => shop.read((await shop.done("product-export", context)).result.file_key);
  shop.import = async (text) => shop.done("product-import", { fileKey: await shop.upload(text) });
  return shop;
}

// Holds what `text` locks until release() is called.
export async function hold(database, text) {
  const child = spawn("psql", ["-d", database, "-v", "ON_ERROR_STOP=1", "-AtqX"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(`begin;\n${text};\nselect 'held';\n`);
  let said = "";
  child.stdout.on("data", (more) => { said += more; });
  await until(() => said.includes("held"), { describe: () => said });
  return { release: () => new Promise((done) => { child.on("exit", done); child.stdin.end("commit;\n"); }) };
}

// Cells of a table that is written as this server and 1.20 write it; only what the tests here need.
export function table(text) {
  const rows = [];
  let row = [], cell = "", quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === ";") { row.push(cell); cell = ""; }
    else if (c === "\n") { row.push(cell.replace(/\r$/, "")); rows.push(row); row = []; cell = ""; }
    else cell += c;
  }
  const [headings, ...lines] = rows;
  return { headings, lines: lines.map((cells) => Object.fromEntries(headings.map((name, at) => [name, cells[at]]))), widths: new Set(rows.map(({ length }) => length)) };
}
const quote = (cell) => (/[;,"\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const written = (headings, lines, { separator = ";", end = "\r\n" } = {}) => [headings, ...lines.map((line) => headings.map((name) => line[name] ?? ""))].map((cells) => cells.map(quote).join(separator) + end).join("");

// `products` products of `variants` variants each, with a price in euros and two options.
export const many = (products, variants) => `
  insert into product (id, title, handle, status, discountable, created_at) select 'prod_many_' || n, 'Many ' || n, 'many-' || n, 'published', true, now() - n * interval '1 second' from generate_series(1, ${products}) n;
  insert into product_shipping_profile (product_id, profile_id) select 'prod_many_' || n, (select id from shipping_profile where type = 'default' limit 1) from generate_series(1, ${products}) n;
  insert into product_option (id, title, product_id) select 'opt_many_' || n, 'Size', 'prod_many_' || n from generate_series(1, ${products}) n;
  insert into product_variant (id, title, product_id, sku, inventory_quantity, allow_backorder, manage_inventory, variant_rank)
    select 'variant_many_' || n || '_' || v, 'Size ' || v, 'prod_many_' || n, 'MANY-' || n || '-' || v, 10, false, true, v from generate_series(1, ${products}) n, generate_series(0, ${variants - 1}) v;
  insert into product_option_value (id, value, option_id, variant_id) select 'optval_many_' || n || '_' || v, v, 'opt_many_' || n, 'variant_many_' || n || '_' || v from generate_series(1, ${products}) n, generate_series(0, ${variants - 1}) v;
  insert into money_amount (id, currency_code, amount) select 'ma_many_' || n || '_' || v, 'eur', 1000 + v from generate_series(1, ${products}) n, generate_series(0, ${variants - 1}) v;
  insert into product_variant_money_amount (id, money_amount_id, variant_id) select 'pvma_many_' || n || '_' || v, 'ma_many_' || n || '_' || v, 'variant_many_' || n || '_' || v from generate_series(1, ${products}) n, generate_series(0, ${variants - 1}) v;
  analyze`;
