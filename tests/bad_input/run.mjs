#!/usr/bin/env node
// Bad input to every route: the good requests of tests/api, each spoilt in every place (mutants.mjs). What no server may accept must
// be answered with 4xx in 1.20's JSON and leave every table as it was; nothing may be answered with a 500, or with a refusal that
// doesn't say of what. A number of a body knows which its column holds.
//   node tests/bad_input/run.mjs [area ...]
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "../lib/help.mjs";
import { finish, check } from "../lib/report.mjs";
import { routesOf } from "../lib/routes.mjs";
import { play, readScript, send } from "../lib/script.mjs";
import { admin } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";
import { dropAll, shop } from "../lib/shop.mjs";
import { bounds, mutants } from "./mutants.mjs";

help(import.meta.url);

const api = join(dirname(fileURLToPath(import.meta.url)), "..", "api");
const wanted = process.argv.slice(2);
const areas = readdirSync(api).filter((name) => name.endsWith(".test")).map((name) => basename(name, ".test")).filter((name) => !wanted.length || wanted.includes(name)).sort();

const { routes, routeOf } = routesOf();

// All rows of all tables in one figure; the outbox aside, whose rows come and go by themselves.
let allRows;
async function contents(database) {
  allRows ??= (await sql(database, "select string_agg(format('select %L, count(*), coalesce(sum(hashtext(t::text)::bigint), 0) from %I t', tablename, tablename), ' union all ') from pg_tables where schemaname = 'public' and tablename <> 'staged_job'"))[0].join("|");
  return (await sql(database, allRows)).map((row) => row.join(" ")).sort().join("\n");
}

// Medusa's errors, and Express' pages for bodies that can't be read.
const inForm = ({ status, json, text }) => status === 401 || typeof json?.message === "string" || Array.isArray(json?.errors) || ([400, 413].includes(status) && text.startsWith("<!DOCTYPE html>"));

const seen = new Map(); // of each route: how many requests, and what was wrong
let sent = 0;
async function spoil(database, base, request, route, refused) {
  const faults = seen.get(route) ?? [];
  seen.set(route, faults);
  const before = refused ? await contents(database) : undefined;
  for (const mutant of mutants(request, route)) {
    if (mutant.refused !== refused) continue;
    sent++;
    const answer = await send(base, mutant.request).catch((error) => ({ status: 0, text: String(error) }));
    const fault = answer.status === 0 || answer.status >= 500 ? "no 4xx" : refused && answer.status < 400 ? "accepted" : answer.status >= 400 && !inForm(answer) ? "no error of 1.20's form" : /A value is malformed/.test(answer.text) ? "says not of what" : undefined;
    if (fault) faults.push(`${fault}: ${mutant.title}: ${mutant.request.method} ${mutant.request.path.slice(0, 120)} ${String(mutant.request.body ?? "").slice(0, 200)} -> ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  if (refused && (await contents(database)) !== before) faults.push(`half written: ${request.method} ${request.path} ${request.body ?? ""}`);
}

// Once with what must be refused, so that the script goes on as ever; once with the rest, wherever that leads.
for (const refused of [true, false]) {
  const done = new Set();
  for (const area of areas) {
    const running = await shop("stheno", { sessions: "redis", environment: { STHENO_FAILURE_LIMITS: "false" } }) /* thousands of wrong guesses */;
    const before = async (step, request) => {
      const route = routeOf(request);
      if (!route || done.has(route) || !(step.expect?.status < 400) || !/json/.test(request.headers["content-type"] ?? "json")) return;
      done.add(route);
      await spoil(running.database, running.base, request, route, refused);
    };
    for await (const _ of play(readScript(join(api, `${area}.test`)), running.base, { admin }, { before }));
    await running.stop();
  }
}
await dropAll();

// Kinds of numbers without bounds, by their path; what stands in no column, or has a check of its own, is named here.
const unbounded = (kind) => (typeof kind === "string" ? (/^(integer|number|positive)/.test(kind) && !bounds(kind) ? [""] : []) : Object.entries(kind ?? {}).flatMap(([name, member]) => unbounded(member).map((rest) => `.${name.replace(/[?].*/, "")}${rest}`)));
const checkedElsewhere = { "POST /admin/regions": [".tax_rate"], "POST /admin/regions/:region_id": [".tax_rate"],
  "POST /store/products/search": [".offset", ".limit"], "POST /admin/orders/:id/return": [".refund"], "POST /admin/returns/:id/receive": [".refund"],
  "POST /store/returns": [".items.0.quantity"] };
if (!wanted.length)
  await check("every number of a body knows which its column holds", () => {
    for (const route of routes) assert.deepEqual(unbounded(route.body), checkedElsewhere[route.name] ?? [], route.name);
  });
for (const route of routes.filter((one) => seen.has(one)))
  await check(route.name, () => assert.ok(!seen.get(route).length, [...new Set(seen.get(route))].join("\n")));
console.log(`    ${sent} bad requests to ${seen.size} of ${routes.length} routes`);
finish();
