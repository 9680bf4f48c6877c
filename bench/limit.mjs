// What PostgreSQL alone takes for a request: the statements that it cannot do without, sent by pgbench over as many connections. They are
// read out of PostgreSQL's own log while this server answers one such request: what it writes, and what it reads by keys of rows that the
// request made. What it asks of the shop's rows, and of the logs of changes, is left out.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../tests/lib/processes.mjs";
import { sql } from "../tests/lib/services.mjs";
import { usage } from "./usage.mjs";

const settings = { log_statement: "'all'", log_parameter_max_length: "-1", log_line_prefix: "'%d %p '", log_destination: "'stderr'" };

// The text that PostgreSQL logs while `work` goes on. Its log is the file that its standard error goes to.
async function logged(cluster, postmaster, work) {
  const file = `/proc/${postmaster}/fd/2`;
  const change = async (command) => { for (const name of Object.keys(settings)) await sql(cluster, command(name)); await sql(cluster, "select pg_reload_conf()"); };
  await change((name) => `alter system set ${name} = ${settings[name]}`);
  await new Promise((done) => setTimeout(done, 500)); // sessions read it between statements
  const from = statSync(file).size;
  try {
    await work();
  } finally {
    await new Promise((done) => setTimeout(done, 200));
    await change((name) => `alter system reset ${name}`);
  }
  const length = statSync(file).size - from, text = Buffer.alloc(length), open = openSync(file, "r");
  readSync(open, text, 0, length, from);
  closeSync(open);
  return text.toString("utf8");
}

// [{ text, values }] of one database in their order. A message goes on in lines that begin with a tab.
function statementsOf(log, database) {
  const found = [];
  for (const entry of log.replaceAll("\n\t", "\n\u0000").split("\n").reduce((all, line) => {
    if (line.startsWith("\u0000")) all[all.length - 1] += `\n${line.slice(1)}`;
    else all.push(line);
    return all;
  }, [])) {
    const [, name, process, kind, text] = /^(\S+) (\d+) (LOG|DETAIL): {2}([^]*)$/.exec(entry) ?? [];
    if (name !== database) continue;
    const statement = /^(?:statement|execute [^:]+): ([^]*)$/.exec(text)?.[1];
    if (kind === "LOG" && statement) found.push({ process, text: statement, values: [] });
    const values = /^(?:[Pp]arameters): ([^]*)$/.exec(text)?.[1];
    if (kind === "DETAIL" && values && found.length)
      found.at(-1).values = [...values.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|(NULL))/g)].map(([, value, none]) => (none ? null : value.replaceAll("''", "'")));
  }
  return found;
}

const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:[a-z]+_)*[0-9A-HJKMNP-TV-Z]{26}\b/g;
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const made = (id) => [...id.slice(-26, -16)].reduce((sum, letter) => sum * 32 + alphabet.indexOf(letter), 0); // milliseconds, of a ULID

// The same statements as a script of pgbench: each id that this request made becomes another one each time.
export function scriptOf(all, began) {
  const fresh = new Map();
  const isFresh = (id) => id[8] === "-" || made(id) >= began;
  for (const { text, values } of all)
    if (/^\s*(INSERT|WITH)/i.test(text)) for (const value of values) for (const [id] of (value ?? "").matchAll(idPattern)) if (isFresh(id) && !fresh.has(id)) fresh.set(id, fresh.size);
  const owns = ({ text, values }) => values.some((value) => [...(value ?? "").matchAll(idPattern)].some(([id]) => fresh.has(id))) && !/stheno_(row_)?change/.test(text);
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
  const literal = (value) => {
    if (value === null) return "NULL";
    const parts = [];
    let at = 0;
    for (const { 0: id, index } of value.matchAll(idPattern)) {
      if (!fresh.has(id)) continue;
      const prefix = /^([a-z]+_)*/.exec(id)[0];
      parts.push(quoted(value.slice(at, index) + prefix), ":n::text", quoted(`n${fresh.get(id)}`));
      at = index + id.length;
    }
    if (!parts.length) return quoted(value);
    if (at < value.length) parts.push(quoted(value.slice(at)));
    let json = false;
    try { json = typeof JSON.parse(value) === "object"; } catch { /* no JSON */ }
    return `(${parts.join(" || ")})${json ? "::jsonb" : value.startsWith("{") ? "::text[]" : ""}`;
  };
  const lines = ["\\set n random(1, 1000000000000000)"];
  const open = new Map(); // by connection: what its transaction has sent so far
  let count = 0;
  const send = (commands) => { lines.push("\\startpipeline", ...commands, "\\endpipeline"); count += commands.length; };
  for (const statement of all) {
    const { process, text, values } = statement;
    const word = /^\s*(\w+)/.exec(text)?.[1].toUpperCase();
    if (word === "BEGIN" || word === "START") open.set(process, ["BEGIN;"]);
    else if (word === "ROLLBACK" && !/TO SAVEPOINT/i.test(text)) open.delete(process);
    else if (word === "COMMIT" && open.has(process)) {
      if (open.get(process).length > 1) send([...open.get(process), "COMMIT;"]);
      open.delete(process);
    } else if (["INSERT", "UPDATE", "DELETE", "WITH", "SELECT"].includes(word) && owns(statement)) {
      const filled = text.replace(/\$(\d+)/g, (_, number) => literal(values[number - 1])).replaceAll(/(?<!:):(?=[A-Za-z_])(?!n::text)/g, ": ").replaceAll("\n", " ");
      if (open.has(process)) open.get(process).push(`${filled};`);
      else send([`${filled};`]);
    }
  }
  return { script: `${lines.join("\n")}\n`, count };
}

// { perSecond, postgres: milliseconds of CPU, statements }
export async function measureLimit({ once, cluster, database, connections, seconds, postmaster }) {
  await (await once())(); // prepares what the next one needs: the customer, plans
  const name = decodeURIComponent(new URL(database).pathname.slice(1));
  const request = await once();
  const began = Date.now();
  const { script, count: statements } = scriptOf(statementsOf(await logged(cluster, postmaster, request), name), began);
  const file = join(temporaryDirectory("limit"), "request.sql");
  writeFileSync(file, script);
  const program = join(execFileSync("sh", ["-c", "ls -d /usr/lib/postgresql/*/bin | tail -n 1"], { encoding: "utf8" }).trim(), "pgbench");
  // What the connections prepare and plan at first is left out.
  const first = 3;
  const child = spawn(program, ["-n", "-M", "prepared", "-c", String(connections), "-j", "1", "-T", String(seconds + first), "-P", "1", "-f", file, database], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "", before, after;
  const rates = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      output += text;
      for (const [, rate] of String(text).matchAll(/progress: [\d.]+ s, ([\d.]+) tps/g)) {
        rates.push(Number(rate));
        if (rates.length === first) before = usage(-1, postmaster);
        if (rates.length <= first + seconds) after = usage(-1, postmaster);
      }
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const measured = rates.slice(first, first + seconds), count = measured.reduce((sum, rate) => sum + rate, 0);
  if (code || !count) throw new Error(`pgbench: ${output.slice(0, 1500)}`);
  return { perSecond: count / measured.length, postgres: ((after.postgres - before.postgres) * 1000) / count, statements };
}
