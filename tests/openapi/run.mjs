#!/usr/bin/env node
// What the server says of itself: `stheno routes` against its golden file, and /openapi.json
// against a public validator.
//   node tests/openapi/run.mjs [--write]    --write takes today's routes as the golden ones
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../lib/packages.mjs";
import { check, finish } from "../lib/report.mjs";
import { allRoutes, binary } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, "..", "golden", "routes.txt");
const today = execFileSync(binary, ["routes"], { encoding: "utf8", maxBuffer: 1 << 26 });
if (process.argv.includes("--write")) writeFileSync(golden, today);
const blocks = (text) => new Map(text.split("\n\n").filter((block) => block.trim()).map((block) => [block.split("\n")[0], block]));

await check("the routes are the golden ones; a change of the API shows in tests/golden/routes.txt (--write)", () => {
  const [now, then] = [blocks(today), blocks(readFileSync(golden, "utf8"))];
  const differing = [...new Set([...now.keys(), ...then.keys()])].filter((route) => now.get(route) !== then.get(route));
  assert.ok(!differing.length, differing.slice(0, 5).map((route) => `golden:\n${then.get(route) ?? "nothing"}\nnow:\n${now.get(route) ?? "nothing"}`).join("\n\n"));
});

const running = await shop("stheno");
const { Validator } = await import(packagesOf(here, "@seriousme/openapi-schema-validator").resolve("@seriousme/openapi-schema-validator"));
let document;
await check("/openapi.json is served", async () => {
  const answer = await fetch(`${running.base}/openapi.json`);
  assert.equal(answer.status, 200);
  document = await answer.json();
});
await check("a public validator accepts it", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors ?? [], null, 1).slice(0, 2000));
});
await check("its operations are the routes, each under a name of its own", () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })));
  const expected = allRoutes().filter(({ flag }) => flag !== "tax_inclusive_pricing");
  assert.equal(operations.length, expected.length);
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  for (const { path, parameters = [] } of operations)
    assert.deepEqual(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name), [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]), path);
});

await running.stop();
await dropAll();
finish();
