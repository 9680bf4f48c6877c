// PostgreSQL and Redis for a test run: those named by the environment, or fresh ones of its own on free ports.
//   STHENO_TEST_DATABASE_URL   a superuser's URL of a cluster in which databases may be made
//   STHENO_TEST_REDIS_URL
//   STHENO_TEST_POOLER         transaction or session: this server's programs reach the cluster through PgBouncer in that mode
import { execFile, execFileSync, spawn } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, start, temporaryDirectory, until } from "./processes.mjs";

const run = promisify(execFile);

export function withDatabase(url, name) {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

// Rows of text with "|" between columns, as psql -At prints them.
export async function sql(url, text) {
  const { stdout } = await run("psql", ["-d", url, "-v", "ON_ERROR_STOP=1", "-AtqX", "-c", text], { maxBuffer: 1 << 28 });
  return stdout.split("\n").filter((line) => line !== "").map((line) => line.split("|"));
}
// The same for a test that asks many times: one psql that stays. Call the answer with a text; stop() ends it.
export function sqlSession(url) {
  const child = spawn("psql", ["-d", url, "-v", "ON_ERROR_STOP=1", "-AtqX"], { stdio: ["pipe", "pipe", "pipe"] });
  const end = `end of answer ${process.hrtime.bigint()}`;
  let lines = [], rest = "", errors = "", waiting, before = Promise.resolve();
  const finish = (error) => { const { done, fail } = waiting ?? {}; waiting = undefined; if (error) fail?.(error); else done?.(lines); };
  child.stdout.setEncoding("utf8").on("data", (part) => {
    const parts = (rest + part).split("\n");
    rest = parts.pop();
    for (const line of parts) { if (line === end) finish(); else if (line) lines.push(line.split("|")); }
  });
  child.stderr.on("data", (part) => { errors += part; });
  child.on("close", () => finish(new Error(`psql has ended: ${errors}`)));
  child.stdin.on("error", () => {});
  const ask = (text) => (before = before.catch(() => {}).then(() => new Promise((done, fail) => { lines = []; waiting = { done, fail }; child.stdin.write(`${text};\n\\echo ${end}\n`); })));
  return Object.assign(ask, { stop: () => child.stdin.end() });
}
export async function sqlFile(url, path, variables = {}) {
  const settings = Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
  await run("psql", ["-d", url, "-v", "ON_ERROR_STOP=1", "-qX", ...settings, "-f", path], { maxBuffer: 1 << 28 });
}

class Cluster {
  constructor(url, process) { this.url = url; this.process = process; }
  database(name) { return withDatabase(this.url, name); }
  async create(name, template) {
    await this.drop(name);
    // PgBouncer keeps sessions of programs that have ended; nobody may use a template that is copied.
    if (template && pooledPorts.size) await sql(this.url, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${template}'`);
    await sql(this.url, `create database "${name}"${template ? ` template "${template}"` : ""}`);
    return this.database(name);
  }
  async drop(name) { await sql(this.url, `drop database if exists "${name}" with (force)`); }
  stop() { return this.process?.stop("SIGINT"); }
}

function serverPrograms() {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(base, version, "bin")).find((path) => existsSync(join(path, "initdb")));
  if (!found) throw new Error("no PostgreSQL server programs under /usr/lib/postgresql (Debian package postgresql)");
  return found;
}

// The server refuses to run as root, so root starts it as `postgres`.
function unprivileged() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

// The environment's cluster or a new one, behind a pooler where tests run behind one.
export async function newCluster() {
  const found = process.env.STHENO_TEST_DATABASE_URL ? new Cluster(process.env.STHENO_TEST_DATABASE_URL) : await ownPostgres();
  const mode = process.env.STHENO_TEST_POOLER;
  if (mode) pooledPorts.set(new URL(found.url).port, (await newPooler(found.url, { mode })).port);
  return found;
}
let cluster;
export const postgres = () => (cluster ??= newCluster());

// Ports of clusters, and of the poolers before them where tests run behind one.
const pooledPorts = new Map();
// A URL, a configuration or any text in which a cluster's port stands, as this server's programs are to get it.
export function pooled(text) {
  for (const [port, of_pooler] of pooledPorts) text = text?.replaceAll(port, of_pooler);
  return text;
}

// PgBouncer before a cluster: { url (of the cluster, through it), port, through(url), admin(command), stop(), start() }.
export async function newPooler(url, { mode, size = 10, settings = [] }) {
  const { hostname, port: behind } = new URL(url);
  const directory = temporaryDirectory("pooler");
  const identity = unprivileged();
  if (identity.uid) chownSync(directory, identity.uid, identity.gid);
  const port = await freePort();
  const [[sockets]] = await sql(url, "show unix_socket_directories");
  const file = (name, lines) => writeFileSync(join(directory, name), [...lines, ""].join("\n"));
  file("users.txt", ['"postgres" ""']);
  file("pgbouncer.ini", [
    "[databases]", `* = host=${hostname} port=${behind}`, "[pgbouncer]", `pool_mode = ${mode}`, `default_pool_size = ${size}`, "listen_addr = 127.0.0.1", `listen_port = ${port}`,
    `unix_socket_dir = ${sockets.split(",")[0].trim()}`, "auth_type = trust", `auth_file = ${join(directory, "users.txt")}`, "auth_user = postgres", "admin_users = postgres",
    "max_client_conn = 500", "server_login_retry = 1", "log_connections = 0", "log_disconnections = 0", ...settings,
  ]);
  const through = (other) => { const changed = new URL(other); changed.port = port; return changed.toString(); };
  const handle = {
    url: through(url), port: String(port), directory, through,
    admin: (command) => sql(withDatabase(through(url), "pgbouncer"), command),
    async start() {
      handle.process = start("/usr/sbin/pgbouncer", [join(directory, "pgbouncer.ini")], { cwd: "/", log: join(directory, "log"), ...identity });
      await until(() => handle.admin("show version").then(() => true, () => false), { child: handle.process, describe: () => handle.process.tail() });
    },
    stop: (signal = "SIGTERM") => handle.process.stop(signal),
  };
  await handle.start();
  return handle;
}

async function ownPostgres() {
  const { url, process } = await newPostgres({ settings: ["max_prepared_transactions = 8"] });
  return new Cluster(url, process);
}

// A server of the test's own, that it may stop and start again: { url, port, directory, process, cluster, stop(signal), start() }.
// `hba`: lines for pg_hba.conf in place of trust for all; `settings`: lines for postgresql.conf; `files`: copied beside them.
export async function newPostgres({ settings = [], hba, files = {}, ident } = {}) {
  const programs = serverPrograms();
  const directory = temporaryDirectory("postgres");
  const identity = unprivileged();
  if (identity.uid) chownSync(directory, identity.uid, identity.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], { cwd: "/", stdio: "ignore", ...identity });
  const port = await freePort();
  appendFileSync(join(data, "postgresql.conf"), [
    "listen_addresses = '127.0.0.1'", `port = ${port}`, `unix_socket_directories = '${directory}'`,
    "max_connections = 300", "shared_buffers = 256MB", "fsync = off", "full_page_writes = off", "synchronous_commit = off", "max_wal_size = 4GB", ...settings, "",
  ].join("\n"));
  if (hba) writeFileSync(join(data, "pg_hba.conf"), ["local all all trust", ...hba, ""].join("\n"));
  if (ident) appendFileSync(join(data, "pg_ident.conf"), [...ident, ""].join("\n"));
  // As the server's user's own: it refuses a key that others may read.
  const use = (name, from) => { const to = join(data, name); copyFileSync(from, to); if (identity.uid) chownSync(to, identity.uid, identity.gid); chmodSync(to, 0o600); };
  for (const [name, from] of Object.entries(files)) use(name, from);
  const log = join(directory, "server.log");
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const handle = {
    url, port, directory, data,
    async start() {
      handle.process = start(join(programs, "postgres"), ["-D", data], { cwd: "/", log, fatal: "SIGQUIT", ...identity });
      await until(() => run(join(programs, "pg_isready"), ["-q", "-h", directory, "-p", String(port)]).then(() => true, () => false), { child: handle.process, describe: () => handle.process.tail() });
    },
    stop: (signal = "SIGINT") => handle.process.stop(signal),
    use,
    // By the socket, whatever pg_hba.conf says of the network.
    sql: (text, name = "postgres") => sql(`postgres://postgres@/${name}?host=${encodeURIComponent(directory)}&port=${port}`, text),
  };
  await handle.start();
  return handle;
}

let redisUrl;
export function redis() {
  return (redisUrl ??= process.env.STHENO_TEST_REDIS_URL ? Promise.resolve(process.env.STHENO_TEST_REDIS_URL) : ownRedis());
}

async function ownRedis() {
  return (await newRedis()).url;
}

// A server of the test's own, that it may stop and start again. `args`: of redis-server; `probe`: of redis-cli.
export async function newRedis({ args = [], probe = [], port: given } = {}) {
  const directory = temporaryDirectory("redis");
  const port = given ?? (await freePort());
  const handle = {
    url: `redis://127.0.0.1:${port}`, port, directory,
    // Replies as redis-cli prints them.
    cli: async (...words) => (await run("redis-cli", ["-p", String(port), ...probe, ...words])).stdout.trimEnd(),
    async start() {
      handle.process = start("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory, ...args], { log: join(directory, "log") });
      await until(() => handle.cli("ping").then((answer) => answer.includes("PONG"), () => false), { child: handle.process, describe: () => handle.process.tail() });
    },
    stop: (signal = "SIGTERM") => handle.process.stop(signal),
  };
  await handle.start();
  return handle;
}
