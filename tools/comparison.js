// What tools/compare.js and tools/mirror.js have in common: what may be read, how it is asked for, how two answers compare. Stands before
// either of them in one program (cmake/tools.cmake), whose first argument is JSON; of that this part reads
//   routes            patterns of the routes that can be read ("/store/products/:id"), for naming
//   known             rows of known_differences.json
"use strict";
const http = require("node:http");
const https = require("node:https");

const order = JSON.parse(process.argv[1]);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// ---- What is sent

const patterns = order.routes.map((path) => ({ path, names: (path.match(/:/g) ?? []).length, pattern: new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}/?$`, "i") })).sort((a, b) => a.names - b.names);
const pathOf = (target) => target.split("?")[0];
const routeOf = (target) => `GET ${patterns.find(({ pattern }) => pattern.test(pathOf(target)))?.path ?? pathOf(target)}`;
// What only says how a server is, logs in, or hands out a file is no shop's data.
const noData = /^\/(health|openapi\.json|metrics|uploads|app)(\/|$)|^\/(admin|store)\/auth(\/|$)/i;
// The one GET of 1.20 that changes something: it gives the cart to the customer who is logged in.
const givesAway = /^\/store\/carts\/[^/]+\/?$/i;
const leftOut = (target, headers) => noData.test(pathOf(target)) || (givesAway.test(pathOf(target)) && Object.keys(headers).some((name) => /^(cookie|authorization)$/i.test(name)));

const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };
function answerOf(status, type, text) {
  let json;
  try { json = JSON.parse(text); } catch { /* compared as text */ }
  return { status, type, text, json };
}
// An answer, or { failure }. `most`: bytes of an answer; `more`: further options of node's request().
function get(base, target, headers, { most = 32 << 20, ...more } = {}) {
  return new Promise((done) => {
    const url = new URL(base);
    // The target goes out as it stands in the list or the log.
    const request = (url.protocol === "https:" ? https : http).request({ protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ""), port: url.port, path: url.pathname.replace(/\/$/, "") + target, agent: agents[url.protocol], timeout: 30_000, ...more, headers: { "user-agent": "stheno-compare", accept: "application/json, */*", ...headers } }, (answer) => {
      const parts = [];
      let size = 0;
      answer.on("data", (part) => { size += part.length; if (size > most) request.destroy(new Error(`more than ${most >> 20} MB`)); else parts.push(part); });
      answer.on("error", (error) => done({ failure: error.message || error.code }));
      answer.on("end", () => done(answerOf(answer.statusCode, answer.headers["content-type"] ?? "", Buffer.concat(parts).toString())));
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
