// A service on the internet as plugins see it, played on this machine: an HTTP server that knows some routes of its protocol and
// keeps what it was asked.
import http from "node:http";

// Thrown by a handler: an answer that refuses.
export class Refused extends Error {
  constructor(status, json) { super(JSON.stringify(json)); this.status = status; this.json = json; }
}

// `a[b][0]=c&d=e` as { a: { b: { 0: "c" } }, d: "e" }, which is how Stripe's clients send objects.
export function nestedForm(text) {
  const all = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll("]", "").split("[");
    let at = all;
    for (const key of path.slice(0, -1)) at = at[key] ??= {};
    at[path.at(-1)] = value;
  }
  return all;
}

function bodyOf(bytes, type = "") {
  if (!bytes.length) return undefined;
  if (/json/.test(type) || (/x-www-form-urlencoded/.test(type) && bytes[0] === 0x7b)) return JSON.parse(bytes); // Algolia's client calls JSON a form
  if (/x-www-form-urlencoded/.test(type)) return nestedForm(bytes.toString());
  return bytes;
}

// routes: { "POST /v1/orders/:id": (ask) => answer }, where ask is { params, query, headers, body, bytes, path, target } and the answer JSON, or
// { status, headers, bytes } made by `raw`. `before` sees each ask first and may throw a Refused.
export async function openDouble(routes, { before } = {}) {
  const table = Object.entries(routes).map(([route, handle]) => {
    const [method, path] = route.split(" ");
    const names = [];
    const pattern = path.replace(/[.?+^$()|[\]{}\\]/g, "\\$&").replace(/:(\w+)(\*?)/g, (_, name, rest) => { names.push(name); return rest ? "(.+)" : "([^/]+)"; });
    return { method, names, pattern: new RegExp(`^${pattern}$`), handle };
  });
  const asked = [];
  async function answer(request, bytes) {
    const url = new URL(request.url, "http://double");
    const found = table.find(({ method, pattern }) => method === request.method && pattern.test(url.pathname));
    const ask = { method: request.method, path: url.pathname, target: request.url, query: url.searchParams, headers: request.headers, bytes, body: bodyOf(bytes, request.headers["content-type"]), params: {} };
    asked.push(ask);
    if (!found) throw new Refused(404, { message: `the double has no ${request.method} ${url.pathname}` });
    const values = found.pattern.exec(url.pathname).slice(1).map(decodeURIComponent);
    found.names.forEach((name, index) => { ask.params[name] = values[index]; });
    await before?.(ask);
    const result = await found.handle(ask);
    return result?.raw ? result : { status: 200, headers: { "content-type": "application/json" }, bytes: Buffer.from(JSON.stringify(result ?? {})) };
  }
  // A client may send on a connection that Node's server is just closing for having been idle, and can't send a stream twice.
  const server = http.createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      let result;
      try { result = await answer(request, Buffer.concat(parts)); } catch (error) {
        const refused = error instanceof Refused ? error : new Refused(500, { message: String(error.stack ?? error) });
        result = { status: refused.status, headers: { "content-type": "application/json" }, bytes: Buffer.from(JSON.stringify(refused.json)) };
        if (!(error instanceof Refused)) asked.push({ fault: String(error.stack) });
      }
      response.writeHead(result.status ?? 200, { "content-length": result.bytes?.length ?? 0, ...result.headers });
      response.end(request.method === "HEAD" ? undefined : result.bytes);
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  return {
    port, base: `http://127.0.0.1:${port}`, asked,
    // What was asked of one path, in order.
    of: (method, path) => asked.filter((ask) => ask.method === method && (path instanceof RegExp ? path.test(ask.path) : ask.path === path)),
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}

export const raw = (answer) => ({ raw: true, ...answer });
let count = 0;
export const newId = (prefix) => `${prefix}_${(++count).toString(36).padStart(8, "0")}`;
