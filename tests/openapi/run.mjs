#!/usr/bin/env node
// What the server says of itself: `stheno routes` against its golden file, 1.20's list of routes and the tests of tests/api, and /openapi.json
// against a public validator.
//   node tests/openapi/run.mjs [--write]    --write takes today's routes as the golden ones
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "../lib/help.mjs";
import { packagesOf } from "../lib/packages.mjs";
import { check, finish } from "../lib/report.mjs";
import { routesOf } from "../lib/routes.mjs";
import { readScript } from "../lib/script.mjs";
import { binary } from "../lib/servers.mjs";
import { dropAll, shop } from "../lib/shop.mjs";

help(import.meta.url);

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, "..", "golden", "routes.txt");
const { routes, routeOf } = routesOf();
const today = execFileSync(binary, ["routes"], { encoding: "utf8", maxBuffer: 1 << 26 });
if (process.argv.includes("--write")) writeFileSync(golden, today);
const blocks = (text) => new Map(text.split("\n\n").filter((block) => block.trim()).map((block) => [block.split("\n")[0], block]));

await check("the routes are the golden ones; a change of the API shows in tests/golden/routes.txt (--write)", () => {
  const [now, then] = [blocks(today), blocks(readFileSync(golden, "utf8"))];
  const differing = [...new Set([...now.keys(), ...then.keys()])].filter((route) => now.get(route) !== then.get(route));
  assert.ok(!differing.length, differing.slice(0, 5).map((route) => `golden:\n${then.get(route) ?? "nothing"}\nnow:\n${now.get(route) ?? "nothing"}`).join("\n\n"));
});

await check("every route of 1.20 that is no business operation is there", () => {
  const have = new Set(routes.map(({ name }) => name));
  const wanted = readFileSync(join(here, "..", "data", "routes-1.20.tsv"), "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
  const missing = wanted.filter(([method, path, kind]) => kind !== "business" && !have.has(`${method} ${path}`));
  assert.deepEqual(missing.map(([method, path]) => `${method} ${path}`), []);
});

// Routes that need what a script can't have.
const triedElsewhere = {
  "POST /admin/apps/authorizations": "no OAuth handler is built in: it can only be refused",
  "POST /store/customers/password-reset": "its token is in an event: tests/events",
  "POST /admin/uploads": "the scripts send no files: tests/uploads",
  "POST /admin/uploads/protected": "likewise",
  "POST /admin/uploads/download-url": "likewise",
  "DELETE /admin/uploads": "likewise",
  "POST /admin/batch-jobs": "no strategy is built in: it can only be refused",
  "POST /admin/notifications/:id/resend": "no notification provider is built in: it can only be refused",
};
// An answer of 401 comes of the login alone and shows nothing of an admin's route; of what is not there (unknown_*.test), 1.20 often
// says that it is deleted.
await check("every route is tried in tests/api with success and without", () => {
  const api = join(here, "..", "api");
  const good = new Set(), bad = new Set();
  for (const name of readdirSync(api).filter((one) => one.endsWith(".test")))
    for (const { method, path, expect } of readScript(join(api, name))) {
      const found = routeOf({ method, path: path.replace(/\{\{.*?\}\}/g, "x") });
      if (expect?.status < 400) good.add(found?.name);
      if (expect?.status >= 400 && (expect.status !== 401 || found?.auth === "customer") || name.startsWith("unknown_")) bad.add(found?.name);
    }
  const cannotFail = ({ method, query, body, path, auth }) => method === "GET" && !query && !body && !path.includes(":") && auth !== "customer";
  assert.deepEqual({
    never_good: routes.filter(({ name }) => !good.has(name) && !triedElsewhere[name]).map(({ name }) => name),
    never_bad: routes.filter((route) => !bad.has(route.name) && !cannotFail(route)).map(({ name }) => name),
  }, { never_good: [], never_bad: [] });
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
  const expected = routes.filter(({ flag }) => flag !== "tax_inclusive_pricing");
  assert.equal(operations.length, expected.length);
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  for (const { path, parameters = [] } of operations)
    assert.deepEqual(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name), [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]), path);
});

await running.stop();
await dropAll();
finish();
