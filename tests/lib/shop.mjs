// Test shops: a database that a server migrated and seeded once (the template), and servers on copies of it.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { cli, projectFolder, serve } from "./servers.mjs";
import { postgres, redis, sqlFile } from "./services.mjs";

export const dataFile = (name) => join(dirname(fileURLToPath(import.meta.url)), "..", "data", name);
export const fixture = dataFile("fixture.sql");
const own = createHash("sha256").update(`${process.pid} ${process.hrtime.bigint()}`).digest("hex").slice(0, 8); // databases of this run
let folder;
let copies = 0;
const templates = new Map();
export const project = () => (folder ??= projectFolder());

// What a shop has besides the usual (the first line of a script: `with: {"inventory": true}`), as its configuration reads it
// from the environment. `rows` is a file of tests/data, for this script alone.
export const environmentOf = ({ rows, ...extras }) => Object.fromEntries(Object.entries(extras).filter(([, on]) => on).map(([name]) => [`SHOP_${name.toUpperCase()}`, "1"]));

// The name of the template that `server` ("stheno" or "medusa") made; it has the fixture's rows too.
export function template(server, extras = {}) {
  const key = [server, ...Object.keys(environmentOf(extras)).sort()].join("_").toLowerCase();
  if (!templates.has(key)) templates.set(key, makeTemplate(server, key, environmentOf(extras)));
  return templates.get(key);
}
async function makeTemplate(server, key, environment) {
  const cluster = await postgres();
  const name = `test_${own}_${key}`;
  const database = await cluster.create(name);
  made.add(name);
  cli(server, ["migrations", "run"], { folder: project(), database, environment });
  cli(server, ["seed", "-f", "data/seed.json"], { folder: project(), database, environment });
  await sqlFile(database, fixture);
  return name;
}

const made = new Set();

export async function copy(from, name = `test_${own}_${++copies}`) {
  made.add(name);
  return (await postgres()).create(name, from);
}

// A server on a copy of `from`'s template (by default its own). stop() ends it and drops the copy.
export async function shop(server, { from = server, extras = {}, environment, sessions = "memory" } = {}) {
  const database = await copy(await template(from, extras));
  if (extras.rows) await sqlFile(database, dataFile(extras.rows));
  const running = await serve(server, { folder: project(), database, redis: sessions === "redis" || server === "medusa" ? await redis() : undefined, environment: { ...environmentOf(extras), ...environment } });
  return { ...running, database, stop: async () => { await running.stop(); await dropCopy(database); } };
}

export async function dropCopy(database) {
  const name = new URL(database).pathname.slice(1);
  await (await postgres()).drop(name);
  made.delete(name);
}
export async function dropAll() {
  const cluster = await postgres();
  for (const name of made) await cluster.drop(name);
}
