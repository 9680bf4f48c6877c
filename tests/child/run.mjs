#!/usr/bin/env node
// The process that a project's plugins run in: how it is started, watched and ended, which requests are its part and how they get
// there, how events, sessions and providers reach it. A stand-in for Medusa (host/bootstrap.js) speaks the other side, so that no
// package is needed; tests/host and tests/plugins try the real one.
import assert from "node:assert/strict";
import http from "node:http";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { must, readyCart, variantOf } from "../lib/buying.mjs";
import { pause, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { admin, execute, serve } from "../lib/servers.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { sql } from "../lib/services.mjs";
import { help } from "../lib/help.mjs";
import { alive, database, json, of, projectWithPlugin, ready, send, stateOf, withChild } from "./shop.mjs";

help(import.meta.url);
const routes = [{ method: "GET", path: "/store/regions/:id", why: "a test" }, { method: "GET", path: "/admin/products", why: "a token", when: "api_token" }];
await withChild({ routes, prefixes: [{ path: "/store/ours", why: "a plugin" }] }, async (server) => {
  const { base } = server;
  await check("a route is answered by the side whose part it is", async () => {
    assert.equal((await send(base, { path: "/store/regions" })).status, 200);
    assert.ok(JSON.parse((await send(base, { path: "/store/regions" })).body).regions.length > 0, "a native route");
    for (const path of ["/store/regions/reg_x", "/STORE/regions/reg_x", "/store/ours", "/store/ours/one", "/a/plugin's/path", "/admin/of-a-plugin"])
      assert.deepEqual(await json(base, path), { child: path }, "the child's");
    assert.equal((await send(base, { path: "/store/oursother" })).body.toString(), JSON.stringify({ child: "/store/oursother" }), "what has no native route");
    assert.equal((await send(base, { path: "/admin/products" })).status, 401, "native without a token");
    assert.deepEqual(await json(base, "/admin/products", { headers: { "x-medusa-access-token": "t" } }), { child: "/admin/products" });
    assert.equal((await send(base, { path: "/health" })).body.toString(), "OK");
  });
  await check("a request reaches the child as it was sent, but for what belongs to the connection, and the outside can't say who it is", async () => {
    const got = await send(base, { method: "PATCH", path: "/child/echo?a=1&b=%20", body: Buffer.from("körper"), headers: { cookie: "a=b", "x-stheno-peer": "6.6.6.6", "X-Stheno-Other": "x", "x-latin": Buffer.from("grün").toString("latin1"), "x-request-id": "r1", connection: "keep-alive" } });
    const seen = JSON.parse(got.body);
    assert.deepEqual([seen.method, seen.url, seen.length], ["PATCH", "/child/echo?a=1&b=%20", Buffer.byteLength("körper")]);
    assert.match(seen.headers["x-stheno-peer"], /127\.0\.0\.1$/);
    assert.equal(seen.headers["x-stheno-other"], undefined);
    assert.equal(Buffer.from(seen.headers["x-latin"], "latin1").toString(), "grün");
    assert.deepEqual([seen.headers.cookie, seen.headers["x-request-id"]], ["a=b", "r1"]);
    assert.deepEqual(got.headers["set-cookie"], ["one=1", "two=2"]);
    assert.equal(got.headers.connection, "keep-alive");
  });
  await check("bodies pass in both directions, whatever their size and framing", async () => {
    const body = Buffer.alloc(5_000_000, "abcdefg");
    for (const chunked of [false, true]) {
      const seen = JSON.parse((await send(base, { method: "POST", path: "/child/echo", body, chunked })).body);
      assert.equal(seen.length, body.length);
      assert.equal(seen.sum, body.reduce((sum, byte) => (sum + byte) % 65521, 0));
      assert.ok((await send(base, { method: "POST", path: "/child/mirror", body: body.subarray(0, 60_000), chunked })).body.equals(body.subarray(0, 60_000)));
    }
    assert.equal((await send(base, { path: "/child/big?n=20000000" })).body.length, 20_000_000);
    const head = await send(base, { method: "HEAD", path: "/child/big?n=20000000" });
    assert.deepEqual([head.status, head.headers["content-length"], head.body.length], [200, "20000000", 0]);
    assert.equal((await send(base, { path: "/child/no-content" })).status, 204);
    assert.equal((await send(base, { method: "POST", path: "/child/early", body: Buffer.alloc(3_000_000) }).catch(() => ({ status: 413 }))).status, 413);
  });
  await check("one connection serves both sides in turn", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = (path) => new Promise((done, failed) => http.get(base + path, { agent }, (answer) => { const { localPort } = answer.socket; answer.resume(); answer.on("end", () => done([answer.statusCode, localPort])); }).on("error", failed));
    const ports = new Set();
    for (const path of ["/child/echo", "/store/regions", "/child/big?n=70000", "/child/no-content", "/store/products?limit=1", "/child/echo"]) {
      const [status, port] = await get(path);
      assert.ok(status < 300);
      ports.add(port);
    }
    assert.equal(ports.size, 1);
    agent.destroy();
  });
  await check("what it prints goes to the log, also what only begins as JSON does, and what comes behind that", async () => {
    for (const text of ["{ id: 'an object that was printed' }", "and what comes behind it"]) await send(base, { path: `/child/print?text=${encodeURIComponent(text)}` });
    await until(() => server.process.tail(50).includes("and what comes behind it"), { describe: () => server.process.tail(50) });
    assert.ok(server.process.tail(50).includes("{ id: 'an object that was printed' }"));
  });
  await check("an upload that waits for 100-continue is told to go on", async () => {
    const got = await new Promise((done, failed) => {
      const request = http.request(`${base}/child/echo`, { method: "POST", headers: { expect: "100-continue", "content-length": 5 } }, (answer) => { let text = ""; answer.on("data", (part) => (text += part)); answer.on("end", () => done(JSON.parse(text))); });
      request.on("continue", () => request.end("12345"));
      request.on("error", failed);
      request.flushHeaders();
    });
    assert.equal(got.length, 5);
    assert.equal(got.headers.expect, undefined);
  });
});

const closed = join(temporaryDirectory("closed"), "closed");
await withChild({ closed_in: closed }, async ({ base }) => {
  await check("events of a server go out as they come, and the child hears when the client leaves", async () => {
    const abort = new AbortController();
    const answer = await fetch(`${base}/child/stream`, { signal: abort.signal });
    let text = "";
    for await (const part of answer.body) { text += Buffer.from(part); if (text.includes("data: 3")) break; }
    abort.abort();
    await until(() => existsSync(closed), { describe: () => "the child's response stays open" });
  });
  await check("a client that leaves while it waits ends the request at the child", async () => {
    const before = readFileSync(closed, "utf8").length;
    const abort = new AbortController();
    const waiting = fetch(`${base}/child/silent`, { signal: abort.signal }).catch(() => "gone");
    await pause(100);
    abort.abort();
    assert.equal(await waiting, "gone");
    assert.equal(readFileSync(closed, "utf8").length, before);
  });
});

await check("while the child is not there, its part is 503 and the rest is served; a later start of the same project knows which is which", async () => {
  const folder = projectWithPlugin();
  const script = { routes, delay: 1500, late: true };
  await withChild(script, async (server) => {
    const early = await send(server.base, { path: "/store/regions" });
    assert.deepEqual([early.status, early.headers["retry-after"]], [503, "1"], "nobody knows yet who answers what");
    assert.equal(await stateOf(server), "loading");
    await ready(server);
    assert.equal((await send(server.base, { path: "/store/regions" })).status, 200);
  }, { folder });
  await withChild(script, async (server) => {
    assert.equal((await send(server.base, { path: "/store/regions" })).status, 200);
    assert.equal((await send(server.base, { path: "/store/regions/reg_x" })).status, 503);
    assert.equal((await send(server.base, { path: "/child/echo" })).status, 503);
    assert.equal(await stateOf(server), "loading");
  }, { folder });
  writeFileSync(join(folder, "node_modules", "a-plugin", "index.js"), "// changed");
  await withChild(script, async (server) => assert.equal((await send(server.base, { path: "/store/regions" })).status, 503, "another plugin, another report"), { folder });
});

await withChild({}, async (server) => {
  const { base } = server;
  const pid = async () => (await json(base, "/child/pid")).pid;
  await check("a crash ends the requests that are on their way to it, and nothing else; it is started again", async () => {
    const first = await pid();
    const silent = send(base, { path: "/child/silent" }).catch((error) => ({ status: String(error) }));
    const half = send(base, { path: "/child/half" }).then(() => "whole", () => "cut");
    assert.equal(await half, "cut");
    assert.equal((await silent).status, 503);
    assert.equal((await send(base, { path: "/store/regions" })).status, 200);
    await ready(server);
    assert.notEqual(await pid(), first);
    assert.match(server.process.tail(400), /The plugins' process has ended: its status is 4/);
  });
  await check("a child that hangs is ended and started again", async () => {
    const first = await pid();
    void send(base, { path: "/child/stop" }).catch(() => {});
    await until(() => !alive(first), { seconds: 30, describe: () => "it hangs still" });
    await ready(server);
    assert.notEqual(await pid(), first);
  });
  await check("nothing of it outlives a server that is killed", async () => {
    const last = await pid();
    server.process.child.kill("SIGKILL");
    await server.process.exit;
    await until(() => !alive(last), { seconds: 10, describe: () => "an orphan" });
  });
});

await check("a child that does not say goodbye is ended with the server", async () => {
  let pid;
  await withChild({ deaf: true }, async ({ base }) => { pid = (await json(base, "/child/pid")).pid; });
  assert.ok(!alive(pid));
});

await check("a plugin that can't be loaded ends the start with its sentence", async () => {
  const folder = projectWithPlugin();
  const { code, out, err } = execute("stheno", ["start", "--port", "0"], { folder, database, environment: of({ fail: "The plugin a-plugin wants an api_key" }) });
  assert.equal(code, 1);
  assert.match(out + err, /The plugin a-plugin wants an api_key/);
});

await check("staged events are delivered to the child once, and again to the next one where it died over them", async () => {
  const folder = temporaryDirectory("heard");
  const heard_in = join(folder, "heard"), starts_in = join(folder, "starts");
  const heard = () => (existsSync(heard_in) ? readFileSync(heard_in, "utf8").trim().split("\n") : []);
  const stage = (id, name, data) => sql(database, `insert into staged_job (id, event_name, data, options) values ('${id}', '${name}', '${JSON.stringify(data)}', '{}')`);
  await sql(database, "delete from staged_job");
  await withChild({ heard_in, starts_in }, async (server) => {
    await stage("job_1", "child.hears", { a: 1 });
    await stage("job_2", "child.fails", {});
    await until(() => heard().length === 2);
    await until(async () => (await sql(database, "select id from staged_job")).length === 0);
    assert.match(server.process.tail(100), /A subscriber failed/);
    await stage("job_3", "child.dies", { kill_child: true });
    await until(() => heard().filter((line) => line.startsWith("job_3")).length >= 2, { seconds: 30 });
    assert.deepEqual((await sql(database, "select id from staged_job")).flat(), ["job_3"], "it stays until somebody has heard it");
    await sql(database, "delete from staged_job");
  });
  assert.deepEqual(heard().filter((line) => !line.startsWith("job_3")), ["job_1 child.hears", "job_2 child.fails"]);
});

await check("sessions are one, whichever side asks", async () => {
  await withChild({}, async ({ base }) => {
    const login = await fetch(`${base}/admin/auth`, { method: "POST", headers: { "content-type": "application/json", "x-forwarded-proto": "https" }, body: JSON.stringify(admin) });
    assert.equal(login.status, 200, await login.text());
    const cookie = login.headers.get("set-cookie").split(";")[0];
    const id = decodeURIComponent(cookie.split("=")[1]).slice(2).split(".")[0];
    const { session } = await json(base, `/child/session?id=${id}`);
    assert.match(session.user_id, /^usr_/);
    assert.ok(session.cookie);
    const set = await json(base, `/child/session?id=${id}&set=${encodeURIComponent(JSON.stringify({ ...session, colour: "red" }))}`);
    assert.equal(set.session.colour, "red");
    const me = { headers: { cookie, "x-forwarded-proto": "https" } };
    assert.equal((await fetch(`${base}/admin/auth`, me)).status, 200, "still the native side's");
    assert.equal((await json(base, `/child/session?id=${id}&destroy=1`)).session, null);
    assert.equal((await fetch(`${base}/admin/auth`, me)).status, 401);
  });
});

await check("native operations ask the child's providers", async () => {
  const own = await copy(await template("stheno"));
  await sql(own, "insert into payment_provider (id, is_installed) values ('of_child', true)");
  await sql(own, "insert into tax_provider (id, is_installed) values ('of_child', true)");
  await sql(own, "insert into region_payment_providers (region_id, provider_id) select id, 'of_child' from region");
  await sql(own, "update region set tax_provider_id = 'of_child', automatic_taxes = true");
  await withChild({ providers: [{ port: "payment", id: "of_child" }, { port: "tax", id: "of_child" }] }, async ({ base }) => {
    const cart = await readyCart(base, await variantOf(base, "mug"), { quantity: 1 });
    await must(base, "POST", `/store/carts/${cart}/payment-session`, { provider_id: "of_child" });
    const { cart: seen } = await json(base, `/store/carts/${cart}`);
    const session = seen.payment_sessions.find(({ provider_id }) => provider_id === "of_child");
    assert.equal(session.data.session, "of the child");
    assert.deepEqual(seen.items[0].tax_lines.map(({ rate, name }) => [rate, name]), [[7, "of_child tax"]]);
  }, { database: own });
});

await check("develop builds src first, and again after each change, and then starts the child anew", async () => {
  const folder = projectWithPlugin();
  const babel = join(folder, "node_modules", ".bin", "babel");
  mkdirSync(dirname(babel), { recursive: true });
  mkdirSync(join(folder, "src", "api", "deep"), { recursive: true });
  // In its place: it fails where a file says so.
  writeFileSync(babel, "#!/bin/sh\n[ \"$1 $2 $3 $4 $5\" = 'src -d dist --ignore src/admin/**' ] || exit 9\nif [ -e src/broken ]; then echo 'src/broken: no JavaScript' >&2; exit 1; fi\nmkdir -p dist && cp -r src/. dist/\n", { mode: 0o755 });
  writeFileSync(join(folder, "src", "api", "one.js"), "1");
  const server = await serve("stheno", { folder, database, environment: of({}), command: "develop" });
  const pid = async () => (await json(server.base, "/child/pid")).pid;
  const anew = async (before) => { await until(() => !alive(before), { seconds: 20, describe: () => server.process.tail(30) }); await ready(server); };
  try {
    await ready(server);
    assert.ok(existsSync(join(folder, "dist", "api", "one.js")));
    const first = await pid();
    writeFileSync(join(folder, "src", "api", "deep", "two.js"), "2");
    await anew(first);
    assert.equal(readFileSync(join(folder, "dist", "api", "deep", "two.js"), "utf8"), "2");
    const second = await pid();
    writeFileSync(join(folder, "src", "broken"), "");
    await until(() => server.process.tail(50).includes("what was built before stays as it is"), { seconds: 20 });
    assert.equal(await pid(), second, "it goes on with what was built before");
    assert.equal((await send(server.base, { path: "/store/regions" })).status, 200);
  } finally {
    await server.stop();
  }
});

await dropAll();
finish();
