// What stands in a database's tables, so that the rows of two databases can be compared though their ids and times differ.
import { sql } from "./services.mjs";
import { createHash } from "node:crypto";

const madeId = /[a-z]+__?[0-9A-HJKMNP-TV-Z]{26}/g; // one prefix of 1.20 ends in an underscore itself
const short = (text) => createHash("sha256").update(text).digest("base64url").slice(0, 8);

// A map from each table to its rows as objects of texts and nulls; times of the last hour become "now", password hashes "hash".
async function rowsOf(database) {
  const names = (await sql(database, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname !~ '^stheno_' order by 1")).flat();
  const tables = new Map(names.map((name) => [name, []]));
  const union = names.map((name) => `select '${name}' as t, to_jsonb(r)::text from "${name}" r`).join(" union all ");
  const began = Date.now();
  for (const [table, ...json] of await sql(database, union)) {
    const row = JSON.parse(json.join("|"));
    for (const [column, value] of Object.entries(row)) {
      if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && Math.abs(Date.parse(value) - began) < 3_600_000) row[column] = "now";
      if (column === "password_hash" && value) row[column] = "hash";
    }
    tables.get(table).push(row);
  }
  return tables;
}

// Each table's rows as lines, sorted. A made id becomes its prefix and a mark of what the row of that id holds, which in turn may name
// ids: a few rounds spread a difference to all rows that refer to it. `adjust` may change a row of a table before, or leave
// it out by answering false.
export async function contentsOf(database, adjust = () => {}) {
  const tables = await rowsOf(database);
  for (const [table, rows] of tables) tables.set(table, rows.filter((row) => adjust(table, row) !== false));
  let marks = new Map();
  const text = (row, own) => JSON.stringify(row).replace(madeId, (id) => `${id.split("_")[0]}_${id === own ? "own" : (marks.get(id) ?? "?")}`);
  for (let round = 0; round < 6; round++) {
    const next = new Map();
    for (const [table, rows] of tables) for (const row of rows) if (typeof row.id === "string") next.set(row.id, short(table + text(row, row.id)));
    marks = next;
  }
  return new Map([...tables].map(([table, rows]) => [table, rows.map((row) => text(row, row.id)).sort()]));
}

// The lines by which the second differs from the first, as "table: + row" and "table: - row".
export function contentDifferences(expected, actual) {
  const found = [];
  for (const table of new Set([...expected.keys(), ...actual.keys()])) {
    const left = [...(actual.get(table) ?? [])];
    for (const row of expected.get(table) ?? []) {
      const index = left.indexOf(row);
      if (index < 0) found.push(`${table}: - ${row}`);
      else left.splice(index, 1);
    }
    found.push(...left.map((row) => `${table}: + ${row}`));
  }
  return found;
}
