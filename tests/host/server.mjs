// Stands in for the native server before the host: it starts `node` with the bootstrap, holds the other end of descriptor 3, and
// speaks the frames. Sessions are kept in a Map here.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "../lib/processes.mjs";
import { jwtSecret } from "../lib/script.mjs";
import { root } from "../lib/servers.mjs";

const folder = join(root, "host");
const files = Object.fromEntries(readdirSync(folder).filter((name) => /\.(js|json)$/.test(name)).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

const frame = (value) => {
  const text = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
};
function frames(socket, each) {
  let bytes = Buffer.alloc(0);
  socket.on("data", (part) => {
    bytes = Buffer.concat([bytes, part]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      const text = bytes.subarray(4, end).toString();
      bytes = bytes.subarray(end);
      each(JSON.parse(text));
    }
  });
}

// What the configurations of test shops read.
export const environmentOf = (database, more = {}) => ({
  PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "development", MEDUSA_DISABLE_TELEMETRY: "true", JWT_SECRET: jwtSecret, COOKIE_SECRET: "test-cookie-secret",
  STORE_CORS: "http://localhost:8000", ADMIN_CORS: "http://localhost:7001", DATABASE_URL: database, ...more,
});

const running = new Set();
process.on("exit", () => { for (const child of running) try { process.kill(-child.pid, "SIGKILL"); } catch { /* has ended */ } });

// options: project (folder), environment, and what of `start` is to differ.
export function startHost({ project, environment, ...given }) {
  const place = temporaryDirectory("host");
  const start = { files, project, mode: "serve", http: join(place, "http"), asks: join(place, "asks"), events: "from_server", sessions: "from_server", settings: { native_events: [] }, ...given };
  const child = spawn(process.execPath, ["-e", files["bootstrap.js"]], { cwd: project, env: environment, detached: true, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  running.add(child);
  const self = { pid: child.pid, notices: [], output: "", sessions: new Map(), events: [], link: child.stdio[3], begun: performance.now() };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { self.output += part; });
  self.ended = new Promise((done) => child.on("exit", (code, signal) => { running.delete(child); done(signal ?? code); }));
  self.link.on("error", () => {});

  let next = 1;
  const waiting = new Map();
  const watchers = new Set();
  const answers = {
    "session.get": ({ id }) => self.sessions.get(id) ?? null,
    "session.set": ({ id, data }) => { self.sessions.set(id, data); return null; },
    "session.destroy": ({ id }) => { self.sessions.delete(id); return null; },
    "event": (event) => { self.events.push(event); return null; },
  };
  frames(self.link, ({ id, method, arguments: of, answer, error }) => {
    if (method === undefined) { waiting.get(id)?.(error ? { error } : { answer }); waiting.delete(id); return; }
    if (id !== undefined) { self.link.write(frame({ id, answer: answers[method](of) })); return; }
    self.notices.push({ method, ...of });
    for (const watch of watchers) watch();
  });
  self.send = (message) => self.link.write(frame(message));
  self.request = (method, of = {}) => new Promise((done, failed) => {
    const id = next++;
    waiting.set(id, ({ answer, error }) => (error ? failed(Object.assign(new Error(error.message), error)) : done(answer)));
    self.send({ id, method, arguments: of });
  });
  self.told = (method) => self.notices.find((notice) => notice.method === method);
  // The first notice of one of these methods; fails with the output when the host ends before.
  self.until = (...methods) => new Promise((done, failed) => {
    const look = () => { const found = self.notices.find((notice) => methods.includes(notice.method)); if (found) { watchers.delete(look); done(found); } return found; };
    watchers.add(look);
    if (!look()) self.ended.then((how) => look() || failed(new Error(`the host ended with ${how}:\n${self.output}`)));
  });
  self.ready = async () => {
    const notice = await self.until("ready", "failed");
    if (notice.method === "failed") throw new Error(`${notice.message}\n${notice.stack}`);
    return notice.report;
  };
  self.end = async () => { self.link.destroy(); return self.ended; };
  self.kill = () => { try { process.kill(-child.pid, "SIGKILL"); } catch { /* has ended */ } return self.ended; };
  self.asks = start.asks;
  self.socket = start.http;

  self.http = (method, path, { headers = {}, body, peer = "192.0.2.7" } = {}) => new Promise((done, failed) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = http.request({ socketPath: start.http, method, path, headers: { host: "shop.test", "x-stheno-peer": peer, ...(text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {}), ...headers } }, (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (part) => { answer += part; });
      response.on("end", () => {
        let json;
        try { json = JSON.parse(answer); } catch { /* text */ }
        done({ status: response.statusCode, headers: response.headers, text: answer, json });
      });
    });
    sent.on("error", failed);
    sent.end(text);
  });
  // One ask on a connection of its own.
  self.ask = (ask) => new Promise((done, failed) => {
    const socket = net.connect(start.asks);
    socket.on("error", failed);
    frames(socket, (reply) => { socket.destroy(); done(reply); });
    socket.write(frame({ key: "", arguments: {}, ...ask }));
  });

  self.send({ method: "start", arguments: start });
  return self;
}
