// Servers with a configuration of the test's own: JavaScript text of a medusa-config.js, or an object that becomes one.
import { mkdirSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { binary } from "./servers.mjs";
import { freePort, temporaryDirectory, until } from "./processes.mjs";
import { pooled } from "./services.mjs";

const running = new Set();
process.on("exit", () => { for (const child of running) child.kill("SIGKILL"); });

// Text for a value in which functions and patterns stay what they are.
export function source(value) {
  if (typeof value === "function" || value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return `[${value.map(source).join(", ")}]`;
  if (value && typeof value === "object") return `{ ${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${source(item)}`).join(", ")} }`;
  return value === undefined ? "undefined" : JSON.stringify(value);
}

export function folderWith(config, files = {}) {
  const folder = temporaryDirectory("configured");
  const all = { "package.json": JSON.stringify({ name: "configured-shop", version: "1.0.0" }), ...files };
  if (config !== undefined) all["medusa-config.js"] = typeof config === "string" ? config : `module.exports = ${source(config)};\n`;
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name.endsWith(".env") || name.includes("config") ? pooled(text) : text);
  }
  return folder;
}

// The variables that could decide something stay out; only what a test gives counts.
function cleaned(environment) {
  const out = {};
  for (const [name, value] of Object.entries(process.env))
    if (!/^(PG|DATABASE_|REDIS_|MEDUSA_|STHENO_|JWT_|COOKIE_|STORE_CORS|ADMIN_CORS|NODE_|PORT$|HOST$|LOG_)/.test(name)) out[name] = value;
  const given = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, typeof value === "string" ? pooled(value) : value]));
  return { ...out, NODE_ENV: "development", MEDUSA_DISABLE_TELEMETRY: "true", ...given };
}

// A command in a folder, to its end: { code, output }.
export function command(folder, args, { environment = {}, seconds = 60 } = {}) {
  return new Promise((done) => {
    const child = spawn(binary, args, { cwd: folder, env: cleaned(environment), stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    child.stdout.on("data", (part) => { output += part; });
    child.stderr.on("data", (part) => { output += part; });
    const late = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.on("close", (code, signal) => { clearTimeout(late); running.delete(child); done({ code: code ?? signal, output }); });
  });
}

// Starts a server (`program`: another one than the built one; `under`: by another program, as in ["prlimit", "--nofile=64"]), by default on a port that an argument names: { base, output(), ended, process, stop() }, or what it said when it ended before it served.
export async function started(config, { files, environment = {}, args = [], folder = folderWith(config, files), seconds = 30, verb = "start", port: given, ready: readyWhen, under = [], program: server = binary } = {}) {
  const port = given ?? (await freePort());
  const [program, ...all] = [...under, server, verb, ...(given ? [] : ["--port", String(port)]), ...args];
  const child = spawn(program, all, { cwd: folder, env: cleaned(environment), stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  let ended = null;
  child.stdout.on("data", (part) => { output += part; });
  child.stderr.on("data", (part) => { output += part; });
  const exit = new Promise((done) => child.on("close", (code, signal) => { running.delete(child); ended = { code: code ?? signal }; done(ended); }));
  const ready = () => ended || readyWhen?.(`http://127.0.0.1:${port}`) || output.includes(`Server is ready on port: ${port}`);
  await until(ready, { seconds, every: 5, describe: () => output });
  const handle = {
    base: `http://127.0.0.1:${port}`, port, folder, process: child, output: () => output, exit,
    get ended() { return ended; },
    // Log lines are JSON: those with a message that contains the text.
    lines: (text) => output.split("\n").filter((line) => line.startsWith("{")).map((line) => { try { return JSON.parse(line); } catch { return {}; } }).filter(({ message }) => message?.includes(text)),
    stop: async () => { if (!ended) child.kill("SIGTERM"); const late = setTimeout(() => child.kill("SIGKILL"), 10_000); await exit; clearTimeout(late); return ended; },
  };
  return handle;
}

// For configurations that must serve and those that must not.
export async function serves(config, options, body) {
  const server = await started(config, options);
  if (server.ended) throw new Error(`it ended with ${server.ended.code}: ${server.output()}`);
  try { return await body(server); } finally { await server.stop(); }
}
export async function refuses(config, options) {
  const server = await started(config, options);
  if (!server.ended) { await server.stop(); throw new Error(`it serves: ${server.output()}`); }
  if (server.ended.code !== 1) throw new Error(`it ended with ${server.ended.code}: ${server.output()}`);
  return server.output();
}
