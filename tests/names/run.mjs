#!/usr/bin/env node
// What the sources say of the schema is true before anybody runs it: PostgreSQL prepares each statement that stands in them as a
// literal, on a database with all flags and modules; and a name that a table lacks does not compile (docs/decisions/0012-names.md).
//   node tests/names/run.mjs
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { bank } from "../lib/provider.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { cli, projectFolder, root, serve } from "../lib/servers.mjs";
import { copy, dropAll } from "../lib/shop.mjs";
import { statementsIn } from "./statements.mjs";

help(import.meta.url);

const sources = execFileSync("git", ["-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "src"], { encoding: "utf8" })
  .split("\n").filter((path) => /\.[ch]pp$/.test(path) && !path.endsWith("_test.cpp"));
const found = sources.flatMap((path) => statementsIn(join(root, path)).map((one) => ({ ...one, where: `${path}:${one.line}` })));
const literal = found.filter(({ sql }) => sql !== undefined);

const folder = mkdtempSync(join(tmpdir(), "stheno_names_"));

// A shop that has all that the sources may speak of.
const project = projectFolder();
const flags = ["analytics", "order_editing", "product_categories", "publishable_api_keys", "sales_channels", "tax_inclusive_pricing"];
appendFileSync(join(project, "medusa-config.js"), `module.exports.featureFlags = ${JSON.stringify(Object.fromEntries(flags.map((flag) => [flag, true])))};
Object.assign(module.exports.modules ??= {}, { inventoryService: { resolve: "@medusajs/inventory" }, stockLocationService: { resolve: "@medusajs/stock-location" } });\n`);
const database = await copy("template0");
cli("stheno", ["migrations", "run"], { folder: project, database });
// A server with providers outside keeps what it asks them.
const outside = await bank();
await (await serve("stheno", { folder: project, database, environment: outside.environment })).stop();
await outside.stop();

await check("PostgreSQL prepares each statement of the sources", () => {
  assert.ok(literal.length > 200, `only ${literal.length} statements were found`);
  // One a line, so that the number of the line says which.
  const file = join(folder, "statements.sql");
  writeFileSync(file, literal.map(({ sql }, index) => `PREPARE s${index} AS ${sql.replace(/\s*\n\s*/g, " ")};\n`).join(""));
  const { stderr } = spawnSync("psql", ["-d", database, "-qX", "-f", file], { encoding: "utf8", maxBuffer: 1 << 26 });
  const faults = [...stderr.matchAll(/^psql:[^\n]*:(\d+): ERROR: {2}(.*)$/gm)].map(([, line, error]) => `${literal[line - 1].where}: ${error}`);
  assert.equal(faults.length, 0, faults.join("\n"));
  console.log(`    ${literal.length} statements; ${found.length - literal.length} are put together while the program runs, and are tried by the tests of their routes`);
});

const program = (line) => `#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "query/row_of.hpp"
using commerce::table::LineItem;
using commerce::table::Order;
void read(const query::RowOf<Order>& order) { ${line}; }
`;
const compiler = ["g++", "clang++"].find((name) => spawnSync(name, ["--version"]).status === 0);
const compiles = (line) => {
  const file = join(folder, "names.cpp");
  writeFileSync(file, program(line));
  return spawnSync(compiler, ["-std=c++20", "-fsyntax-only", "-I", join(root, "src"), file], { encoding: "utf8" });
};
const cases = [
  ["a column and a relation are read", `order.text("status"); order.many<LineItem>("items").front().integer("quantity")`, true],
  ["a misspelt column", `order.text("stauts")`],
  ["a column of another table", `order.text("variant_id")`],
  ["an amount that is read as a text", `order.text("display_id")`],
  ["a misspelt relation", `order.many<LineItem>("item")`],
  ["a relation to another table", `order.many<LineItem>("payments")`],
];
for (const [name, line, good] of cases) {
  const title = good ? `${name}` : `${name} does not compile`;
  if (!compiler) skip(title, "there is no compiler");
  else await check(title, () => {
    const { status, stderr } = compiles(line);
    if (good) assert.equal(status, 0, stderr);
    else assert.ok(status !== 0 && stderr.includes("constant expression"), stderr || "it compiles");
  });
}

await dropAll();
rmSync(folder, { recursive: true });
finish();
