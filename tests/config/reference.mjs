#!/usr/bin/env node
// docs/generated/config.md is what the tables of the configuration say.
//   node tests/config/reference.mjs --write   writes it anew
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command, folderWith } from "../lib/configured.mjs";
import { check, finish } from "../lib/report.mjs";
import { root } from "../lib/servers.mjs";

const path = join(root, "docs", "generated", "config.md");
const { code, output } = await command(folderWith(undefined), ["config", "reference"]);
if (process.argv.includes("--write")) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, output);
}
await check("the reference of the configuration is up to date", () => {
  assert.equal(code, 0, output);
  assert.equal(readFileSync(path, "utf8"), output, "run: node tests/config/reference.mjs --write");
});
finish();
