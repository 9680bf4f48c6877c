#!/usr/bin/env node
// `stheno migrations run` makes of an empty database what the real `medusa migrations run` does, for each set of feature flags and modules:
// against tests/golden/schema.txt, and against the real one where it is installed. And both tell and take back alike what is applied.
//   node tests/schema/run.mjs [--write]    --write takes the golden file from the real one
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { check, finish, skip } from "../lib/report.mjs";
import { schemaDifferences, schemaOf } from "../lib/schema.mjs";
import { cli, execute, peer, projectFolder, serve } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";
import { copy, dropAll } from "../lib/shop.mjs";

const golden = join(dirname(fileURLToPath(import.meta.url)), "..", "golden", "schema.txt");
const { values: option } = parseArgs({ options: { write: { type: "boolean" } } });

const flags = ["analytics", "order_editing", "product_categories", "publishable_api_keys", "sales_channels", "tax_inclusive_pricing"];
const every = (value) => Object.fromEntries(flags.map((flag) => [flag, value]));
const inventory = { inventoryService: { resolve: "@medusajs/inventory" } }, stockLocation = { stockLocationService: { resolve: "@medusajs/stock-location" } };
// The first three are in the golden file.
const sets = {
  none: { flags: every(false) },
  default: { flags: {} },
  all: { flags: every(true), modules: { ...inventory, ...stockLocation } },
  "sales_channels and the inventory module": { flags: { ...every(false), sales_channels: true }, modules: inventory },
  "tax_inclusive_pricing and the stock location module": { flags: { ...every(false), tax_inclusive_pricing: true }, modules: stockLocation },
};
const kept = ["none", "default", "all"];

const folders = new Map(Object.entries(sets).map(([name, { flags, modules }]) => {
  const folder = projectFolder();
  appendFileSync(join(folder, "medusa-config.js"), `module.exports.featureFlags = ${JSON.stringify(flags)};\nObject.assign(module.exports.modules, ${JSON.stringify(modules ?? {})});\n`);
  return [name, folder];
}));

async function migrated(server, set) {
  const database = await copy("template0");
  cli(server, ["migrations", "run"], { folder: folders.get(set), database });
  return database;
}

const head = `# The schema that \`medusa migrations run\` of @medusajs/medusa 1.20.11 makes of an empty database (PostgreSQL 15), and the rows of its
# table migrations. A fact that is not in all three sets is followed by those that have it: none (all feature flags off), default (as
# shipped), all (all flags on, inventory and stock location modules). Written by node tests/schema/run.mjs --write from the real one.
`;

function render(schemas) {
  const lines = [];
  const largest = schemas.at(-1)[1];
  for (const table of [...largest.keys()].sort()) {
    lines.push(table || "everywhere");
    for (const fact of largest.get(table)) {
      const having = schemas.filter(([, schema]) => schema.get(table)?.includes(fact)).map(([name]) => name);
      lines.push(`  ${fact}${having.length < schemas.length ? `  [${having.join(", ")}]` : ""}`);
    }
  }
  return `${head}${lines.join("\n")}\n`;
}

function parse(text, set) {
  const tables = new Map();
  let table;
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || line === "") continue;
    if (!line.startsWith("  ")) { table = line === "everywhere" ? "" : line; continue; }
    const [, fact, having] = /^ {2}(.*?)(?: {2}\[([\w, ]+)\])?$/.exec(line);
    if (having && !having.split(", ").includes(set)) continue;
    if (!tables.has(table)) tables.set(table, []);
    tables.get(table).push(fact);
  }
  return tables;
}

const { missing } = peer();
const real = new Map();
if (!missing) for (const set of option.write ? kept : Object.keys(sets)) real.set(set, await migrated("medusa", set));
if (option.write) {
  if (missing) throw new Error(missing);
  const schemas = [];
  for (const set of kept) schemas.push([set, await schemaOf(real.get(set))]);
  writeFileSync(golden, render(schemas));
  for (const [set, schema] of schemas) assert.deepEqual(schemaDifferences(schema, parse(readFileSync(golden, "utf8"), set)), []);
  await dropAll();
  process.exit(0);
}

const known = readFileSync(golden, "utf8");
for (const set of missing ? kept : Object.keys(sets)) {
  const database = await migrated("stheno", set);
  const ours = await schemaOf(database);
  if (kept.includes(set)) await check(`the schema with ${set} is that of the golden file`, () => assert.deepEqual(schemaDifferences(parse(known, set), ours), []));
  if (missing) skip(`the schema with ${set} is the real one's`, missing);
  else await check(`the schema with ${set} is the real one's`, async () => assert.deepEqual(schemaDifferences(await schemaOf(real.get(set)), ours), []));
}

await check("an empty database, and one migrated twice", async () => {
  const folder = folders.get("default"), database = await copy("template0");
  const shown = () => execute("stheno", ["migrations", "show"], { folder, database });
  const before = shown();
  assert.equal(before.code, 1);
  assert.ok(!before.out.includes("[X]") && before.out.endsWith("info: true\n"), before.out);
  const nothing = execute("stheno", ["migrations", "revert"], { folder, database });
  assert.deepEqual([nothing.code, nothing.out], [0, "No migrations were found in the database. Nothing to revert!\nMigrations reverted.\n"]);
  cli("stheno", ["migrations", "run"], { folder, database });
  const once = await schemaOf(database);
  assert.equal(cli("stheno", ["migrations", "run"], { folder, database }), "Migrations completed.\n");
  assert.deepEqual(schemaDifferences(once, await schemaOf(database)), []);
  const after = shown();
  assert.equal(after.code, 0);
  assert.ok(!after.out.includes("[ ]") && after.out.endsWith("info: false\n"), after.out);
});

await check("flags turned on later bring their tables, and revert takes back what came last", async () => {
  const database = await copy("template0"), as = (set) => ({ folder: folders.get(set), database });
  cli("stheno", ["migrations", "run"], as("none"));
  const none = await schemaOf(database);
  cli("stheno", ["migrations", "run"], as("all"));
  const all = await schemaOf(database);
  // In another order.
  const sorted = (schema) => new Map([...schema].map(([table, lines]) => [table, [...lines].sort()]));
  assert.deepEqual(schemaDifferences(sorted(parse(known, "all")), sorted(all)), []);
  for (let steps = 0; (await schemaOf(database)).get("migrations rows").length > none.get("migrations rows").length; steps++) {
    assert.ok(steps < 5, "each revert takes back one flag or module");
    cli("stheno", ["migrations", "revert"], as("all"));
  }
  assert.deepEqual(schemaDifferences(none, await schemaOf(database)), []);
});

await check("the last migrations of the core can be taken back, the old ones can't", async () => {
  const database = await copy("template0"), options = { folder: folders.get("default"), database };
  cli("stheno", ["migrations", "run"], options);
  const before = await schemaOf(database);
  for (const name of ["AlterCustomerUniqueConstraint1709888477798", "PublishableKeySalesChannelLink1701894188811", "AddMetadataToProductCategory1699564794649"])
    assert.equal(cli("stheno", ["migrations", "revert"], options), `Reverted ${name}\nMigrations reverted.\n`);
  const refused = execute("stheno", ["migrations", "revert"], options);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^error: dropMoneyAmountConstraintsForPricingModule1692953518123 was applied last/);
  cli("stheno", ["migrations", "run"], options);
  assert.deepEqual(schemaDifferences(before, await schemaOf(database)), []);
});

await check("a server that starts adds nothing but what is called stheno_", async () => {
  const folder = folders.get("default"), database = await migrated("stheno", "default");
  const tables = async () => Number((await sql(database, "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relname like 'stheno%'"))[0][0]);
  assert.equal(await tables(), 0);
  await (await serve("stheno", { folder, database })).stop();
  assert.ok((await tables()) > 0);
  assert.deepEqual(schemaDifferences(parse(known, "default"), await schemaOf(database)), []);
});

// Two databases, each made by one server; both go the same way.
async function together(set, body) {
  const made = { medusa: await copy(new URL(real.get(set)).pathname.slice(1)), stheno: await migrated("stheno", set) };
  await body(made, async () => schemaDifferences(await schemaOf(made.medusa), await schemaOf(made.stheno)));
}
const run = (server, what, set, database) => execute(server, ["migrations", what], { folder: folders.get(set), database });
const marks = ({ code, out }) => ({ code, rows: out.split("\n").filter((line) => /^\[[X ]\]/.test(line)) });

async function both(name, body) {
  if (missing) skip(name, missing);
  else await check(name, body);
}
await both("both show alike what is applied", async () => {
  const database = await copy("template0");
  for (const [set, shown] of [["default", real.get("default")], ["all", real.get("default")], ["none", real.get("all")], ["all", database]])
    assert.deepEqual(marks(run("stheno", "show", set, shown)), marks(run("medusa", "show", set, shown)), `${set} on ${shown}`);
});
await both("both take back the same, their own and the other's, and apply it again", () => together("all", async (made, apart) => {
  for (const [onReal, onOurs] of [["medusa", "stheno"], ["stheno", "medusa"], ["medusa", "stheno"]]) {
    for (const [server, database] of [[onReal, made.medusa], [onOurs, made.stheno]]) assert.equal(run(server, "revert", "all", database).code, 0);
    assert.deepEqual(await apart(), []);
  }
  // What each has left to the other.
  cli("stheno", ["migrations", "run"], { folder: folders.get("all"), database: made.medusa });
  cli("medusa", ["migrations", "run"], { folder: folders.get("all"), database: made.stheno });
  assert.deepEqual(await apart(), []);
  assert.deepEqual(schemaDifferences(parse(known, "all"), await schemaOf(made.medusa)), []);
}));
await both("each adds flags to the other's database", () => together("none", async (made, apart) => {
  cli("stheno", ["migrations", "run"], { folder: folders.get("all"), database: made.medusa });
  cli("medusa", ["migrations", "run"], { folder: folders.get("all"), database: made.stheno });
  // The real one drops this reference in a migration of the core, which then was there before the flag's.
  const left = "product_sales_channel: + constraint FK_5a4d5e1e60f97633547821ec8d6 FOREIGN KEY (product_id) REFERENCES product(id) ON UPDATE CASCADE ON DELETE CASCADE";
  assert.deepEqual((await apart()).filter((line) => line !== left), []);
}));
await dropAll();
finish();
