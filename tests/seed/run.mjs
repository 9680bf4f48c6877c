#!/usr/bin/env node
// `stheno seed -f FILE` writes the rows that the real `medusa seed -f FILE` writes: all tables of two databases are compared.
//   node tests/seed/run.mjs [file ...]
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { contentDifferences, contentsOf } from "../lib/contents.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { cli, peer, root, seedFile } from "../lib/servers.mjs";
import { copy, dropAll, project } from "../lib/shop.mjs";

const { missing, app } = peer();
const given = process.argv.slice(2).map((path) => resolve(path));
const files = given.length ? given : [seedFile, join(root, "tests", "data", "seed-corners.json"), join(root, "demo", "seed.json"), join(app, "data", "seed.json")].filter((path) => existsSync(path));

// 1.20 tells of these before they have ids, so that its events name none; ours do. It may also deliver what the start of its server
// has recorded while it still seeds.
const adjust = (table, row) => {
  if (table !== "staged_job") return;
  if (row.event_name === "publishable_api_key.created") row.data = {};
  return row.event_name !== "sales_channel.created";
};

async function seeded(server, file) {
  const database = await copy("template0");
  cli(server, ["seed", "-f", file], { folder: project(), database });
  return contentsOf(database, adjust);
}

for (const file of files) {
  const name = `the rows of ${relative(root, file).startsWith("..") ? `the peer's ${relative(app, file)}` : relative(root, file)} are the real one's`;
  if (missing) skip(name, missing);
  else await check(name, async () => assert.deepEqual(contentDifferences(await seeded("medusa", file), await seeded("stheno", file)), []));
}
await dropAll();
finish();
