// The program behind `stheno compare`, run by node: sends the same GETs to two servers and tells how their answers differ, path by path.
// It changes nothing and starts nothing. The first argument is JSON:
//   left, right       URLs of the two servers
//   list, log         files: paths to read, a line each, and an access log in the `combined` format; "-" is the standard input; each
//                     may be missing
//   routes            patterns of the routes that can be read ("/store/products/:id"), for naming, and for finding paths where none are given
//   known             rows of known_differences.json
//   rate, most        requests a second to each server, and in all
//   json, all         prints JSON; prints the known differences too
// Headers come from the environment, as they may be secrets: STHENO_COMPARE_HEADERS for all requests, STHENO_COMPARE_ADMIN_HEADERS
// for those below /admin, each a JSON object.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { createInterface } = require("node:readline");
const { setTimeout: pause } = require("node:timers/promises");

const order = JSON.parse(process.argv[1]);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const quit = (text, code) => { process.exitCode = code; console.error(text); throw { told: true }; };

// ---- What is sent

function headersOf(name) {
  const text = process.env[name];
  if (!text) return {};
  try {
    const value = JSON.parse(text);
    if (isObject(value) && Object.values(value).every((item) => typeof item === "string")) return value;
  } catch { /* said below, without the text, which may be a secret */ }
  return quit(`error: ${name} is no JSON object of texts`, 2);
}

// The target of a GET in a line of an access log. What is no such line is passed over.
const fromLog = (line) => /"GET (\/\S*) HTTP\/1\.[01]" \d{3} /.exec(line)?.[1];
// A path a line; "GET /path" is taken too, a line with "#" before it is none.
function fromList(line) {
  const asked = line.trim();
  if (!asked || asked.startsWith("#")) return undefined;
  return /^(?:GET\s+)?(\/\S*)$/.exec(asked)?.[1] ?? quit(`error: no path to read: ${asked}`, 2);
}
// Those of a file, which may be larger than the memory: each once, in their order.
async function targetsOf(file, take, into) {
  if (!file) return;
  const input = file === "-" ? process.stdin : fs.createReadStream(file);
  const broken = new Promise((_, fail) => input.once("error", (error) => { console.error(`error: ${file}: ${error.message}`); process.exitCode = 2; fail(Object.assign(error, { told: true })); }));
  broken.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Infinity });
  await Promise.race([broken, (async () => {
    for await (const line of lines) {
      const target = take(line);
      if (target && !leftOut.test(pathOf(target))) into.add(target);
      if (into.size >= order.most) break;
    }
  })()]);
}

const patterns = order.routes.map((path) => ({ path, names: (path.match(/:/g) ?? []).length, pattern: new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}/?$`, "i") })).sort((a, b) => a.names - b.names);
const pathOf = (target) => target.split("?")[0];
const routeOf = (target) => `GET ${patterns.find(({ pattern }) => pattern.test(pathOf(target)))?.path ?? pathOf(target)}`;
// What only says how a server is, logs in, or hands out a file is no shop's data.
const leftOut = /^\/(health|openapi\.json|metrics|uploads|app)(\/|$)|^\/(admin|store)\/auth(\/|$)/i;

// Where neither list nor log is given: all lists, and of each the first rows by their ids, as far as there are routes for them.
function* found(admin) {
  const plain = order.routes.filter((path) => !path.includes(":") && /^\/(store|admin)\//.test(path) && (admin || path.startsWith("/store/")));
  for (const path of plain) yield { target: path, then: (body) => idsOf(body).flatMap((id) => order.routes.filter((route) => route === `${path}/:id` || (route.startsWith(`${path}/:`) && route.split("/").length === path.split("/").length + 1)).map((route) => route.replace(/:\w+/, encodeURIComponent(id)))) };
}
const idsOf = (body) => Object.values(body ?? {}).filter(Array.isArray).flatMap((rows) => rows.slice(0, 3).map((row) => row?.id)).filter((id) => typeof id === "string");

const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };
function get(base, target, headers) {
  return new Promise((done) => {
    const url = new URL(base);
    // The target goes out as it stands in the list or the log.
    const request = (url.protocol === "https:" ? https : http).request({ protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ""), port: url.port, path: url.pathname.replace(/\/$/, "") + target, agent: agents[url.protocol], timeout: 30_000, headers: { "user-agent": "stheno-compare", accept: "application/json, */*", ...headers } }, (answer) => {
      const parts = [];
      let size = 0;
      answer.on("data", (part) => { size += part.length; if (size > 32 << 20) request.destroy(new Error("more than 32 MB")); else parts.push(part); });
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        let json;
        try { json = JSON.parse(text); } catch { /* compared as text */ }
        done({ status: answer.statusCode, type: answer.headers["content-type"] ?? "", text, json });
      });
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
    request.on("error", (error) => done({ failure: error.message || error.code }));
    request.end();
  });
}

// ---- How answers are compared

// Arrays to which 1.20 gives no order, by the name they have within a row. Lists of rows have one.
const unordered = new Set(("images tags options values prices collection_products categories sales_channels profiles countries changes payment_providers fulfillment_providers tax_rates currencies "
  + "tax_lines adjustments discounts gift_cards payment_sessions payments shipping_methods groups rules conditions regions fulfillments items refunds returns claims swaps edits tracking_links "
  + "gift_card_transactions billing_addresses shipping_addresses requirements category_children details products customer_groups location_levels inventory_levels reservations returnable_items").split(" "));
const text = (value) => (value === undefined ? "nothing" : JSON.stringify(value));
// As texts in which the order of members doesn't show.
const plain = (value) => JSON.stringify(value, (_, item) => (isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item));
const key = (item) => (typeof item?.id === "string" ? item.id : plain(item));
const inOrder = (items) => items.map((item) => [key(item), item]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);

// [{ path, left, right }]; paths as body.products[2].title. Deep JSON costs no stack.
function differences(left, right) {
  const out = [], waiting = [["body", "", left, right, false]];
  while (waiting.length) {
    const [path, name, one, other, within] = waiting.pop();
    if (Array.isArray(one) && Array.isArray(other)) {
      if (one.length !== other.length) out.push({ path: `${path}.length`, left: one.length, right: other.length });
      const [first, second] = within && unordered.has(name) ? [inOrder(one), inOrder(other)] : [one, other];
      for (let i = Math.min(first.length, second.length); i-- > 0; ) waiting.push([`${path}[${i}]`, "", first[i], second[i], true]);
    } else if (isObject(one) && isObject(other)) {
      for (const member of new Set([...Object.keys(one), ...Object.keys(other)])) {
        const has = [one, other].map((side) => Object.hasOwn(side, member));
        if (has[0] && has[1]) waiting.push([`${path}.${member}`, member, one[member], other[member], within || path !== "body"]);
        else out.push({ path: `${path}.${member}`, left: has[0] ? one[member] : undefined, right: has[1] ? other[member] : undefined });
      }
    } else if (one !== other && plain(one) !== plain(other)) out.push({ path, left: one, right: other });
  }
  return out;
}

function compare(left, right) {
  const out = [];
  if (left.status !== right.status) out.push({ path: "status", left: left.status, right: right.status });
  if (left.type !== right.type) out.push({ path: "headers.content-type", left: left.type, right: right.type });
  if (left.json !== undefined && right.json !== undefined) out.push(...differences(left.json, right.json));
  else if (left.text !== right.text) out.push({ path: "body", left: left.json ?? left.text, right: right.json ?? right.text });
  return out;
}

const whole = (pattern) => (pattern === undefined ? /^/ : new RegExp(`^(${pattern})$`));
const known = order.known.map((row) => ({ ...row, route: whole(row.route), path: new RegExp(row.path), query: new RegExp(row.query ?? ""), left: whole(row.left), right: whole(row.right) }));
const bare = (value) => (typeof value === "string" ? value : text(value));
const reasonFor = (route, target, one, left, right) => known.find((row) => row.route.test(route) && row.path.test(one.path) && row.query.test(target.split("?")[1] ?? "") && row.left.test(bare(one.left)) && row.right.test(bare(one.right))
  && (row.leftStatus === undefined || row.leftStatus === left.status) && (row.rightStatus === undefined || row.rightStatus === right.status))?.reason;

// ---- The run

async function main() {
  for (const side of ["left", "right"]) if (!/^https?:\/\//.test(order[side] ?? "")) quit(`error: --${side} is no http:// or https:// URL`, 2);
  const common = headersOf("STHENO_COMPARE_HEADERS"), forAdmins = headersOf("STHENO_COMPARE_ADMIN_HEADERS");
  const given = new Set();
  await targetsOf(order.list, fromList, given);
  await targetsOf(order.log, fromLog, given);
  const targets = order.list || order.log ? [...given].map((target) => ({ target })) : [...found(Object.keys(forAdmins).length > 0)].filter(({ target }) => !leftOut.test(target));
  if (!targets.length) quit("error: there is nothing to read in the list or the log", 2);
  const groups = new Map(); // unknown differences, by route and kind of path
  const excused = new Map(); // reasons, with their number
  let sent = 0, alike = 0, unsettled = 0, failed = 0, next = performance.now();
  const both = async (target) => {
    const headers = { ...common, ...(/^\/admin(\/|$)/i.test(target) ? forAdmins : {}) };
    const wait = next - performance.now();
    if (wait > 0) await pause(wait);
    next = Math.max(next, performance.now()) + 1000 / order.rate;
    return Promise.all([get(order.left, target, headers), get(order.right, target, headers)]);
  };
  for (let at = 0; at < targets.length && sent < order.most; at++) {
    const { target, then } = targets[at];
    sent++;
    let [left, right] = await both(target);
    let found = left.failure || right.failure ? [] : compare(left, right);
    // The shop is alive: what differs because something was changed between the two is asked again.
    for (let again = 0; found.length && again < 2; again++) {
      const before = new Set(found.map(({ path }) => path));
      await pause(200);
      [left, right] = await both(target);
      found = left.failure || right.failure ? [] : compare(left, right);
      if (found.every(({ path }) => before.has(path)) && found.length === before.size) break;
      if (again === 1 && found.length) unsettled++;
    }
    if (left.failure || right.failure) {
      failed++;
      found = [{ path: "answer", left: left.failure ?? left.status, right: right.failure ?? right.status }];
      // Where nobody ever answers there is nothing to compare.
      if (failed === sent && (failed >= 5 || at + 1 === targets.length)) quit(`error: no answer: left ${left.failure ?? left.status}, right ${right.failure ?? right.status}`, 2);
    }
    if (then && left.status === 200) targets.push(...then(left.json).map((more) => ({ target: more })));
    const route = routeOf(target);
    if (!found.length) alike++;
    for (const one of found) {
      const reason = reasonFor(route, target, one, left, right);
      if (reason) {
        excused.set(reason, (excused.get(reason) ?? 0) + 1);
        continue;
      }
      const kind = one.path.replace(/\[\d+\]/g, "[]");
      const name = `${route}\n${kind}`;
      if (!groups.has(name)) groups.set(name, { route, path: kind, times: 0, example: target, at: one.path, left: one.left, right: one.right });
      groups.get(name).times++;
    }
  }
  report({ sent, alike, failed, unsettled, left_over: Math.max(targets.length - sent, 0), differences: [...groups.values()], known: [...excused].map(([reason, times]) => ({ reason, times })) });
  process.exitCode = groups.size ? 1 : 0;
}

function report(result) {
  if (order.json) return console.log(JSON.stringify(result));
  const short = (value) => { const whole = text(value); return whole.length > 90 ? `${whole.slice(0, 87)}...` : whole; };
  let route;
  for (const one of result.differences.sort((a, b) => (a.route < b.route ? -1 : a.route > b.route ? 1 : 0))) {
    if (one.route !== route) console.log(`${(route = one.route)}   such as ${one.example}`);
    console.log(`    ${one.path}${one.times > 1 ? ` (${one.times} times)` : ""}: left ${short(one.left)}, right ${short(one.right)}`);
  }
  if (order.all) for (const { reason, times } of result.known) console.log(`known (${times} times): ${reason}`);
  const many = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
  console.log(`${many(result.sent, "request")} to each, ${result.alike} answered alike, ${many(result.differences.length, "kind")} of difference, ${many(result.known.length, "known kind")} more${result.left_over ? `, ${result.left_over} not sent (--most)` : ""}`);
}

main().catch((error) => {
  if (error?.told) return;
  console.error(`error: ${error?.stack ?? error}`);
  process.exitCode = 2;
}).finally(() => Object.values(agents).forEach((agent) => agent.destroy()));
