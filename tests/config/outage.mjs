#!/usr/bin/env node
// PostgreSQL and Redis are killed and come back, under load: nobody waits long, nothing is left behind, nothing is restarted.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { command, folderWith, serves } from "../lib/configured.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, seedFile } from "../lib/servers.mjs";
import { newPostgres, newRedis } from "../lib/services.mjs";

const postgres = await newPostgres();
const redis = await newRedis();
const config = { projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: postgres.url, redis_url: redis.url }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] };
const folder = folderWith(config);
for (const args of [["migrations", "run"], ["seed", "-f", seedFile]]) {
  const done = await command(folder, args);
  assert.equal(done.code, 0, done.output);
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
function call(base, method, path, headers = {}, body) {
  return new Promise((done) => {
    const began = performance.now();
    const finished = (status, text, cookie) => done({ status, text, cookie, began, took: performance.now() - began });
    const sent = request(base + path, { method, agent, headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) } }, (answer) => {
      let text = "";
      answer.on("data", (part) => { text += part; });
      answer.on("end", () => finished(answer.statusCode, text, answer.headers["set-cookie"]?.[0].split(";")[0]));
    });
    sent.on("error", (error) => finished(String(error), ""));
    sent.end(body);
  });
}

// Clients of every kind, each with one request after another, until stop(); what they heard, by kind.
function load(base, cookie) {
  const kinds = {
    health: () => call(base, "GET", "/health"),
    read: () => call(base, "GET", `/store/products?limit=3&offset=${Math.floor(Math.random() * 3)}`),
    searched: () => call(base, "GET", `/store/products?q=${Math.random()}`),
    write: () => call(base, "POST", "/store/carts", {}, "{}"),
    logged_in: () => call(base, "GET", "/admin/auth", { cookie }),
  };
  const heard = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  let going = true;
  const clients = Object.entries(kinds).flatMap(([kind, one]) => Array.from({ length: 3 }, async () => {
    while (going) { heard[kind].push(await one()); await pause(3); }
  }));
  return { heard, stop: async () => { going = false; await Promise.all(clients); return heard; } };
}
const during = (heard, kind, from, to) => heard[kind].filter(({ began }) => began >= from && began < to);
const count = (answers) => { const counts = {}; for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1; return JSON.stringify(counts); };
const slowest = (answers) => Math.max(0, ...answers.map(({ took }) => took));
function resources(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const number = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, threads: number("Threads"), memory: number("VmRSS"), mappings: readFileSync(`/proc/${pid}/maps`, "utf8").split("\n").length };
}

await serves(undefined, { folder, args: ["--threads", "2"] }, async ({ base, process: { pid } }) => {
  const login = () => call(base, "POST", "/admin/auth", {}, JSON.stringify(admin));
  const { cookie } = await login();
  assert.match(cookie ?? "", /^connect\.sid=/);
  const good = async (cookie_) => {
    const answers = await Promise.all([call(base, "GET", "/store/products?q=x"), call(base, "POST", "/store/carts", {}, "{}"), call(base, "GET", "/admin/auth", { cookie: cookie_ })]);
    return answers.every(({ status }) => status === 200);
  };
  const outage = async (service, signal, seconds) => {
    const running = load(base, cookie);
    await pause(300);
    const from = performance.now();
    await service.stop(signal);
    const gone = performance.now();
    await pause(seconds * 1000);
    const back = performance.now();
    await service.start();
    const up = performance.now();
    await until(() => good(cookie), { seconds: 10, every: 20, describe: () => "it does not recover" });
    const recovered = performance.now();
    await pause(200);
    const heard = await running.stop();
    return { heard, from, gone, back, recovery: recovered - up, all: (kind) => heard[kind], away: (kind) => during(heard, kind, gone + 50, back - 50), after: (kind) => during(heard, kind, recovered, Infinity) };
  };

  for (const signal of ["SIGQUIT", "SIGINT"])
    await check(`PostgreSQL ends by ${signal} and comes back: 503 within a second meanwhile, then as before`, async () => {
      const seen = await outage(postgres, signal, 2.5);
      for (const kind of ["health", "read", "searched", "write", "logged_in"]) {
        const all = seen.all(kind);
        assert.ok(all.length > 20, kind);
        assert.ok(slowest(all) < 1400, `${kind}: ${slowest(all)} ms`);
        assert.ok(all.every(({ status }) => status === 200 || (kind !== "health" && status === 503)), `${kind}: ${count(all)} ${all.find(({ status }) => ![200, 503].includes(status))?.text.slice(0, 300)}`);
        assert.ok(seen.after(kind).length > 0 && seen.after(kind).every(({ status }) => status === 200), `${kind} after: ${count(seen.after(kind))}`);
      }
      for (const kind of ["searched", "write"]) {
        const away = seen.away(kind);
        assert.ok(away.length > 5 && away.every(({ status }) => status === 503), `${kind} while away: ${count(away)}`);
        assert.match(away[0].text, /"type":"unavailable"/);
        // After the first second nobody waits at all.
        const late = during(seen.heard, kind, seen.gone + 1500, seen.back - 100);
        assert.ok(late.length > 20 && slowest(late) < 400, `${kind}: ${late.length} answers, ${slowest(late)} ms`);
      }
      assert.ok(seen.recovery < 2500, `${seen.recovery} ms until it had recovered`);
    });
  await check("Redis is killed and comes back: visitors are served at once, who is logged in hears 503, then logs in again", async () => {
    const running = load(base, cookie);
    await pause(300);
    await redis.stop("SIGKILL");
    const gone = performance.now();
    await pause(2500);
    const back = performance.now();
    await redis.start();
    // Redis keeps nothing here: the session is gone, and a login makes a new one.
    let fresh;
    await until(async () => { fresh = (await login()).cookie; return fresh && (await good(fresh)); }, { seconds: 10, every: 20, describe: () => "it does not recover" });
    const recovered = performance.now();
    await pause(200);
    const heard = await running.stop();
    for (const kind of ["health", "read", "searched", "write"]) {
      assert.ok(heard[kind].every(({ status }) => status === 200), `${kind}: ${count(heard[kind])}`);
      assert.ok(slowest(heard[kind]) < 1400, `${kind}: ${slowest(heard[kind])} ms`);
      const late = during(heard, kind, gone + 200, back);
      assert.ok(late.length > 50 && late.every((answer) => answer.cookie === undefined), `${kind} got a cookie`);
      assert.ok(slowest(late) < 400, `${kind} while away: ${slowest(late)} ms`);
    }
    const away = during(heard, "logged_in", gone + 200, back);
    assert.ok(away.length > 50 && away.every(({ status }) => status === 503), count(away));
    assert.ok(during(heard, "read", recovered, Infinity).every((answer) => answer.cookie), "no cookies after");
    assert.ok(recovered - back < 4000, `${recovered - back} ms until it had recovered`);
  });
  await check("after many outages of both nothing is left behind", async () => {
    const cycle = async () => {
      const running = load(base, cookie);
      await pause(100);
      await Promise.all([postgres.stop("SIGQUIT"), redis.stop("SIGKILL")]);
      await pause(1200);
      await Promise.all([postgres.start(), redis.start()]);
      let fresh;
      await until(async () => { fresh = (await login()).cookie; return fresh && (await good(fresh)); }, { seconds: 10, every: 20, describe: () => "it does not recover" });
      await running.stop();
    };
    for (let i = 0; i < 2; i++) await cycle();
    const settle = () => until(async () => { const seen = resources(pid); await pause(300); return JSON.stringify({ ...seen, memory: 0 }) === JSON.stringify({ ...resources(pid), memory: 0 }); }, { seconds: 20, every: 10 });
    await settle();
    const before = resources(pid);
    for (let i = 0; i < 6; i++) await cycle();
    await settle();
    const after = resources(pid);
    const told = `${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
    assert.ok(after.descriptors <= before.descriptors + 6, told);
    assert.ok(after.threads <= before.threads + 1, told);
    assert.ok(after.mappings <= before.mappings + 60, told);
    assert.ok(after.memory <= before.memory + 8192, told);
  });
});

agent.destroy();
await Promise.all([postgres.stop(), redis.stop()]);
finish();
