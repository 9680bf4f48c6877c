// The two servers that tests speak to: ours and the real Medusa from npm (see tests/lib/peer notes in tests/README.md).
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { jwtSecret } from "./script.mjs";
import { freePort, start, temporaryDirectory, until } from "./processes.mjs";
import { pooled } from "./services.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const binary = resolve(root, process.env.STHENO_BIN ?? "build/release/stheno");
export const seedFile = join(root, "tests", "data", "seed.json");
export const admin = { email: "admin@stheno.test", password: "supersecret" };

// A Medusa project folder as shops have it: everything from the environment, one medusa-config.js for both servers.
export function projectFolder() {
  const folder = temporaryDirectory("project");
  mkdirSync(join(folder, "data"));
  cpSync(join(root, "tests", "data", "medusa-config.js"), join(folder, "medusa-config.js"));
  cpSync(seedFile, join(folder, "data", "seed.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "test-shop", version: "1.0.0", dependencies: { "@medusajs/medusa": "1.20.11" } }));
  return folder;
}

function environment(server, { database, redis, environment: extra = {} }) {
  const { DATABASE_URL, REDIS_URL, ...inherited } = process.env;
  return {
    ...inherited, NODE_ENV: "production", MEDUSA_DISABLE_TELEMETRY: "true", JWT_SECRET: jwtSecret, COOKIE_SECRET: "test-cookie-secret",
    STORE_CORS: "http://localhost:8000", ADMIN_CORS: "http://localhost:7001", DATABASE_URL: server === "stheno" ? pooled(database) : database, ...(redis ? { REDIS_URL: redis } : {}), ...extra,
  };
}

// The real Medusa: where it is installed, or why it can't be used.
export function peer() {
  const scripts = resolve(root, process.env.STHENO_PEER ?? "../shared/peer");
  const home = resolve(process.env.PEER_HOME ?? scripts);
  const app = resolve(process.env.PEER_APP ?? join(home, "app"));
  const missing = existsSync(join(app, "node_modules", "@medusajs", "medusa", "package.json")) ? null
    : `the real Medusa is not installed in ${app}: run up.sh of ../shared/peer, or set STHENO_PEER and PEER_HOME`;
  return { scripts, home, app, missing };
}

function command(server, folder) {
  if (server === "stheno") return [binary, []];
  // The peer's packages serve any project folder that links to them.
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) symlinkSync(join(peer().app, "node_modules"), modules);
  return [process.execPath, [join(modules, "@medusajs", "medusa-cli", "cli.js")]];
}

// Runs a command of either server to its end: { code, out, err }; code is the signal's name where one ended it.
export function execute(server, args, { folder, ...options }) {
  const [program, before] = command(server, folder);
  const { status, signal, stdout, stderr, error } = spawnSync(program, [...before, ...args], { cwd: folder, env: environment(server, options), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28, timeout: 180_000 });
  if (error) throw error;
  return { code: status ?? signal, out: stdout, err: stderr };
}
// The same for `migrations run`, `seed -f ...`, `user ...`; returns what was printed, and throws it when the command fails.
export function cli(server, args, options) {
  const { code, out, err } = execute(server, args, options);
  if (code !== 0) throw new Error(`${server} ${args.join(" ")} ended with ${code}:\n${out}${err}`);
  return out;
}

// options: folder, database, redis, environment, port, command ("start" or "develop"), args, seconds (until it serves)
export async function serve(server, options) {
  const port = options.port ?? (await freePort());
  const [program, before] = command(server, options.folder);
  const log = join(temporaryDirectory("log"), `${server}.log`);
  const began = performance.now();
  const process_ = start(program, [...before, options.command ?? "start", "--port", String(port), ...(options.args ?? [])], { cwd: options.folder, env: environment(server, options), log, group: true });
  const base = `http://127.0.0.1:${port}`;
  const ready = () => fetch(`${base}/health`).then((answer) => answer.status === 200, () => false);
  await until(ready, { child: process_, every: 5, seconds: options.seconds ?? 60, describe: () => process_.tail(40) });
  return {
    server, base, port, process: process_, log, readyMilliseconds: performance.now() - began,
    // The real one takes ten seconds to say goodbye.
    stop: () => process_.stop(server === "medusa" ? "SIGKILL" : "SIGTERM"), kill: () => process_.kill("SIGKILL"),
  };
}

// What this server says of its routes: [{ method, path, auth, flag, answers, query, body }].
export const allRoutes = () => JSON.parse(execFileSync(binary, ["routes", "--json"], { encoding: "utf8", maxBuffer: 1 << 26 }));
