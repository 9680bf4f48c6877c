// A project with one plugin, whose Medusa is the stand-in in tests/child/host: what the programs of this folder share.
import http from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../lib/processes.mjs";
import { projectFolder, serve } from "../lib/servers.mjs";
import { copy, template } from "../lib/shop.mjs";

const host = join(dirname(fileURLToPath(import.meta.url)), "host");

// A project whose one plugin needs Medusa, which the stand-in takes the place of.
export function projectWithPlugin() {
  const folder = projectFolder();
  const file = join(folder, "medusa-config.js");
  writeFileSync(file, `${readFileSync(file, "utf8")}\nmodule.exports.plugins.push("a-plugin");\n`);
  for (const name of ["a-plugin", "@medusajs/medusa"]) {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, version: "1.20.11" }));
  }
  return folder;
}
export const of = (script) => ({ STHENO_HOST: host, CHILD_SCRIPT: JSON.stringify(script) });
export const stateOf = async (server) => (await fetch(`${server.base}/health`)).headers.get("x-stheno-plugins");
export const ready = (server) => until(async () => (await stateOf(server)) === "ready", { child: server.process, describe: () => server.process.tail(40) });
export const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
export const database = await copy(await template("stheno"));

export async function withChild(script, body, { folder = projectWithPlugin(), database: of_database = database, environment = {} } = {}) {
  const server = await serve("stheno", { folder, database: of_database, environment: { ...of(script), ...environment } });
  try {
    if (!script.late) await ready(server);
    await body(server);
  } finally {
    await server.stop();
  }
}
// A request by hand, whose head and body are sent as they are.
export const send = (base, { method = "GET", path, headers = {}, body, chunked = false }) => new Promise((done, failed) => {
  const request = http.request(base + path, { method, headers: { ...headers, ...(body && !chunked ? { "content-length": Buffer.byteLength(body) } : {}) } }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    answer.on("error", failed);
    answer.on("aborted", () => failed(new Error("cut")));
  });
  request.on("error", failed);
  if (body && chunked) for (let at = 0; at < body.length; at += 50_000) request.write(body.subarray(at, at + 50_000));
  request.end(body && !chunked ? body : undefined);
});
export const json = async (base, path, options) => JSON.parse((await send(base, { path, ...options })).body);
