#!/usr/bin/env node
// Several hundred odd requests (tests/odd_http/requests.mjs), each to Node's own server and to ours: both must take the same ones, see the same in
// them, and refuse the others with the same status. What differs on purpose stands in tests/odd_http/differences.mjs.
//   node tests/proof/odd_http.mjs [PATTERN]   only cases whose name matches, with what each server answered
//   STHENO_ECHO                               the program that shows what our server sees (default: build/release/http_echo)
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import net from "node:net";
import { resolve } from "node:path";
import { differences } from "../odd_http/differences.mjs";
import { requests } from "../odd_http/requests.mjs";
import { help } from "../lib/help.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { root } from "../lib/servers.mjs";

help(import.meta.url);
const pattern = process.argv[2];
const program = resolve(root, process.env.STHENO_ECHO ?? "build/release/http_echo");
if (!process.versions.node.startsWith("20.")) { skip("odd HTTP requests", `they are compared with Node 20, this is ${process.versions.node}`); process.exit(0); }
if (!existsSync(program)) { skip("odd HTTP requests", `${program} is not built`); process.exit(0); }

// Each odd request is played alone, which shows whether the connection goes on, and where it does with this one behind it, which shows where the odd
// one has ended.
const last = "GET /last HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n";

async function nodeServer() {
  const limits = { headersTimeout: 2000, requestTimeout: 2000, keepAliveTimeout: 2000, connectionsCheckingInterval: 50 };
  const server = createServer(limits, (request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("error", () => {}); // the server answers it
    request.on("end", () => {
      const { method, url: target, headers, httpVersionMinor: minor } = request;
      const seen = Buffer.from(JSON.stringify({ method, target: Buffer.from(target, "latin1").toString(), minor, headers, body: Buffer.concat(parts).toString("hex") }));
      response.writeHead(200, { "x-method": method, "content-length": seen.length });
      response.end(seen);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { port: server.address().port, stop: () => server.close() };
}

async function ourServer() {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  const port = await new Promise((done, failed) => { child.stdout.once("data", (line) => done(Number(line))); child.once("error", failed); });
  return { port, stop: () => child.stdin.end() };
}

// What comes back until the server ends the connection.
function play(port, bytes) {
  return new Promise((done, failed) => {
    const parts = [];
    const late = setTimeout(() => failed(new Error(`${JSON.stringify(bytes.slice(0, 80))}: the connection has not ended within 30 s`)), 30_000);
    const ended = () => { clearTimeout(late); done(Buffer.concat(parts).toString("latin1")); };
    const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("data", (part) => parts.push(part));
    socket.on("end", () => socket.end());
    socket.on("error", () => {}); // a reset behind the answer
    socket.on("close", ended);
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

// ["200 goes on {...}", "400 close"]: each answer with its status, what becomes of the connection, and what was seen.
function answers(text) {
  const out = [];
  while (text !== "") {
    const end = text.indexOf("\r\n\r\n");
    assert.ok(text.startsWith("HTTP/1.1 ") && end > 0, `no answer: ${JSON.stringify(text.slice(0, 100))}`);
    const head = text.slice(0, end);
    const status = head.slice(9, 12);
    const told = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const length = /^x-method: HEAD/im.test(head) ? 0 : told;
    const body = text.slice(end + 4, end + 4 + length);
    text = text.slice(end + 4 + length).replace(/^0\r\n\r\n/, ""); // Node's 417 has no byte, in chunks
    const goesOn = /^connection: close/im.test(head) ? "close" : "goes on";
    if (status === "100") continue; // of interest only to who waits for it; these requests come in one piece
    if (!body) { out.push(`${status} ${goesOn}`); continue; }
    const seen = JSON.parse(Buffer.from(body, "latin1").toString());
    seen.headers = Object.fromEntries(Object.entries(seen.headers).map(([name, value]) => [name.toLowerCase(), String(value)]).sort());
    out.push(`${status} ${goesOn} ${JSON.stringify(seen)}`);
  }
  return out;
}

async function judged(port, bytes) {
  const [alone, followed] = await Promise.all([bytes, bytes + last].map(async (text) => answers(await play(port, text))));
  return alone.at(-1)?.includes(" close") && !alone.at(-1).startsWith("408") ? alone : [...alone, "then", ...followed];
}

const theirs = await nodeServer();
const ours = await ourServer();
const chosen = requests.filter(({ name }) => !pattern || name.match(pattern));
assert.deepEqual(requests.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at), [], "cases of one name");
const outcomes = await Promise.all(chosen.map(async ({ name, bytes }) => {
  const [expected, seen] = await Promise.all([theirs, ours].map(({ port }) => judged(port, bytes)));
  return { name, expected, seen, same: JSON.stringify(expected) === JSON.stringify(seen) };
}));
theirs.stop();
ours.stop();

const matches = (name, case_) => (case_ instanceof RegExp ? case_.test(name) : case_ === name);
const all = differences.flatMap(({ cases }) => cases);
const reasonOf = (name) => all.some((case_) => matches(name, case_));
const otherwise = outcomes.filter(({ same }) => !same);
const unlisted = otherwise.filter(({ name }) => !reasonOf(name));
const print = ({ name, expected, seen }) => console.log(`    ${name}\n      Node: ${expected.join(" | ")}\n      ours: ${seen.join(" | ")}`);
if (pattern) outcomes.forEach(print);
await check(`${chosen.length} odd HTTP requests are judged as by Node's server`, () => {
  if (!pattern) unlisted.forEach(print);
  assert.equal(unlisted.length, 0, `${unlisted.length} are judged otherwise`);
});
if (!pattern) await check("each listed difference is one", () => {
  const stale = all.filter((case_) => !otherwise.some(({ name }) => matches(name, case_)));
  assert.deepEqual(stale, []);
});
console.log(`    figure odd HTTP requests judged otherwise than Node's server: ${otherwise.length} (${otherwise.length - unlisted.length} listed with a reason)`);
finish();
