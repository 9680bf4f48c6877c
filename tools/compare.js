// The program behind `stheno compare`, run by node: sends the same GETs to two servers and tells how their answers differ, path by path.
// It changes nothing and starts nothing. comparison.js stands before it. The first argument is JSON:
//   left, right       URLs of the two servers
//   list, log         files: paths to read, a line each, and an access log in the `combined` format; "-" is the standard input; each
//                     may be missing
//   routes            also for finding paths where none are given
//   rate, most        requests a second to each server, and in all
//   json, all         prints JSON; prints the known differences too
// Headers come from the environment, as they may be secrets: STHENO_COMPARE_HEADERS for all requests, STHENO_COMPARE_ADMIN_HEADERS
// for those below /admin, each a JSON object.
const fs = require("node:fs");
const { createInterface } = require("node:readline");
const { setTimeout: pause } = require("node:timers/promises");

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
async function targetsOf(file, take, common, into) {
  if (!file) return;
  const input = file === "-" ? process.stdin : fs.createReadStream(file);
  const broken = new Promise((_, fail) => input.once("error", (error) => { console.error(`error: ${file}: ${error.message}`); process.exitCode = 2; fail(Object.assign(error, { told: true })); }));
  broken.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Infinity });
  await Promise.race([broken, (async () => {
    for await (const line of lines) {
      const target = take(line);
      if (target && !leftOut(target, common)) into.add(target);
      if (into.size >= order.most) break;
    }
  })()]);
}

// Where neither list nor log is given: all lists, and of each the first rows by their ids, as far as there are routes for them.
function* found(admin) {
  const plain = order.routes.filter((path) => !path.includes(":") && /^\/(store|admin)\//.test(path) && (admin || path.startsWith("/store/")));
  for (const path of plain) yield { target: path, then: (body) => idsOf(body).flatMap((id) => order.routes.filter((route) => route === `${path}/:id` || (route.startsWith(`${path}/:`) && route.split("/").length === path.split("/").length + 1)).map((route) => route.replace(/:\w+/, encodeURIComponent(id)))) };
}
const idsOf = (body) => Object.values(body ?? {}).filter(Array.isArray).flatMap((rows) => rows.slice(0, 3).map((row) => row?.id)).filter((id) => typeof id === "string");

// ---- The run

async function main() {
  for (const side of ["left", "right"]) if (!/^https?:\/\//.test(order[side] ?? "")) quit(`error: --${side} is no http:// or https:// URL`, 2);
  const common = headersOf("STHENO_COMPARE_HEADERS"), forAdmins = headersOf("STHENO_COMPARE_ADMIN_HEADERS");
  const given = new Set();
  await targetsOf(order.list, fromList, common, given);
  await targetsOf(order.log, fromLog, common, given);
  const targets = order.list || order.log ? [...given].map((target) => ({ target })) : [...found(Object.keys(forAdmins).length > 0)].filter(({ target }) => !leftOut(target, common));
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
