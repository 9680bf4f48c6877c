// A host that stands in for the project's Medusa in tests of the supervisor, the proxy and the link: it speaks the same frames and
// needs no package. What it is to do comes in the environment variable CHILD_SCRIPT (JSON) and in the requests themselves.
"use strict";
const net = require("node:net");
const http = require("node:http");
const fs = require("node:fs");
const script = JSON.parse(process.env.CHILD_SCRIPT || "{}");
const link = new net.Socket({ fd: 3, readable: true, writable: true });
const waiting = new Map();
let bytes = Buffer.alloc(0), last = 0, started = false, given;
const heard = []; // ids of events

const frame = (message) => {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
};
const say = (message) => link.write(frame(message));
const ask = (method, args) => new Promise((done, failed) => { waiting.set(++last, { done, failed }); say({ id: last, method, arguments: args }); });
link.on("end", () => process.exit(0));
link.on("data", (part) => {
  bytes = Buffer.concat([bytes, part]);
  while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
    const length = bytes.readUInt32BE(0);
    const message = JSON.parse(bytes.subarray(4, 4 + length));
    bytes = bytes.subarray(4 + length);
    hear(message);
  }
});

async function hear({ id, method, arguments: args, answer, error }) {
  if (!method) { const { done, failed } = waiting.get(id); waiting.delete(id); return error ? failed(new Error(error.message)) : done(answer); }
  if (!started) { started = true; return start(args); }
  if (method === "stop") return script.deaf ? undefined : process.exit(0);
  if (method === "ping") return say({ id, answer: {} });
  if (method === "events") {
    const failed = [];
    for (const event of args.events) {
      heard.push(event.id);
      if (script.heard_in) fs.appendFileSync(script.heard_in, `${event.id} ${event.name}\n`);
      if (event.data && event.data.kill_child) process.kill(process.pid, "SIGKILL");
      if (event.name === "child.fails") failed.push({ id: event.id, subscriber: "test", message: "as told" });
    }
    return say({ id, answer: { failed } });
  }
  say({ id, error: { type: "not_found", message: `no ${method}` } });
}

function start({ http: path, asks, project, events, sessions, settings, kept }) {
  const count = script.starts_in ? (fs.existsSync(script.starts_in) ? fs.readFileSync(script.starts_in, "utf8").length : 0) : 0;
  if (script.starts_in) fs.appendFileSync(script.starts_in, ".");
  console.log(`the stand-in begins in ${project}`);
  if (script.fail) { say({ method: "failed", arguments: { message: script.fail, plugin: "a-plugin", final: true } }); return link.end(() => process.exit(1)); }
  if (script.ends_at === count + 1) return process.exit(5);
  if (script.ends_while_loading !== undefined) return process.exit(script.ends_while_loading);
  if (script.at_work) say({ method: "at_work", arguments: { names: script.at_work } });
  if (script.hangs) return undefined;
  given = { settings, kept };
  fs.rmSync(path, { force: true });
  fs.rmSync(asks, { force: true });
  net.createServer((socket) => {
    let some = Buffer.alloc(0);
    socket.on("data", (part) => {
      some = Buffer.concat([some, part]);
      while (some.length >= 4 && some.length >= 4 + some.readUInt32BE(0)) {
        const { port, provider, method, arguments: args } = JSON.parse(some.subarray(4, 4 + some.readUInt32BE(0)));
        some = some.subarray(4 + some.readUInt32BE(0));
        const line = (at, of) => ({ rate: 7, name: `${provider} ${port}`, code: "seven", at, ...of });
        const answer = method === "tax_lines" ? [...args.items.map(({ item }, at) => line(at, { item_id: item.id })), ...args.methods.map(({ method: one }, at) => line(at, { shipping_method_id: one.id }))]
          : method === "create_session" ? { session: "of the child", amount: args.amount } : method === "update_session" ? { ...args.data, amount: args.context.amount } : {};
        socket.write(frame({ answer }));
      }
    });
    socket.on("error", () => {});
  }).listen(asks);
  const server = http.createServer((request, response) => serve(request, response));
  Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  server.listen(path, () => setTimeout(() => say({ method: "ready", arguments: { report: {
    routes: script.routes ?? [], prefixes: script.prefixes ?? [], providers: script.providers ?? [], plugins: [{ name: "a-plugin", version: "1.2.3" }], entities: script.entities ?? {},
    told: { events, sessions, start: count + 1 },
  } } }), script.delay ?? 0));
}

async function serve(request, response) {
  const url = new URL(request.url, "http://child");
  const of = (name) => url.searchParams.get(name);
  const json = (value, status = 200) => { response.statusCode = status; response.setHeader("content-type", "application/json"); response.end(JSON.stringify(value)); };
  switch (url.pathname) {
    case "/child/echo": {
      const parts = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts);
      response.setHeader("set-cookie", ["one=1", "two=2"]);
      return json({ method: request.method, url: request.url, headers: request.headers, raw: request.rawHeaders.length, length: body.length, sum: body.reduce((sum, byte) => (sum + byte) % 65521, 0), heard });
    }
    case "/child/stream": {
      response.setHeader("content-type", "text/event-stream");
      let number = 0;
      const timer = setInterval(() => response.write(`data: ${number++}\n\n`), 20);
      return response.on("close", () => { clearInterval(timer); if (script.closed_in) fs.appendFileSync(script.closed_in, "closed\n"); });
    }
    case "/child/mirror": return request.pipe(response);
    case "/child/big": { response.setHeader("content-length", of("n")); return response.end(Buffer.alloc(Number(of("n")), "x")); }
    case "/child/early": { json({ refused: true }, 413); return request.destroy(); }
    case "/child/no-content": { response.statusCode = 204; return response.end(); }
    case "/child/silent": return undefined;
    case "/child/print": { console.log(of("text")); return json({}); }
    case "/child/exit": return process.exit(3);
    case "/child/half": { response.write("half"); return setTimeout(() => process.exit(4), 50); }
    case "/child/spin": for (;;);
    case "/child/eat": { const kept = []; for (;;) kept.push({ kept: kept.length, text: `${Math.random()}` }); }
    case "/child/settings": return json(given);
    case "/child/stop": return process.kill(process.pid, "SIGSTOP");
    case "/child/session": {
      const id = of("id");
      if (of("set")) await ask("session.set", { id, data: JSON.parse(of("set")), seconds: 60 });
      if (of("destroy")) await ask("session.destroy", { id });
      return json({ session: await ask("session.get", { id }) });
    }
    case "/child/pid": return json({ pid: process.pid });
    default: return json({ child: url.pathname }, url.pathname.startsWith("/child") ? 404 : 200);
  }
}
