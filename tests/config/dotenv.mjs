#!/usr/bin/env node
// .env: read as the npm package dotenv 16 reads it, from .env.<NODE_ENV> and .env, for the configuration's file and the server alike.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { command, folderWith } from "../lib/configured.mjs";
import { check, finish, skip } from "../lib/report.mjs";

// What the evaluation of the file finds in its environment; the server sets its own from the same text.
const seen = async (files, environment = {}) => {
  const folder = folderWith(`require("fs").writeFileSync("seen.json", JSON.stringify(process.env)); module.exports = { projectConfig: { redis_prefix: process.env.PREFIX, database_url: "postgres://127.0.0.1:1/shop" } };`, files);
  const { output } = await command(folder, ["config", "show", "--json"], { environment });
  const { settings } = JSON.parse(output.split("\n").find((line) => line.startsWith("{")));
  return { file: JSON.parse(readFileSync(join(folder, "seen.json"), "utf8")), settings };
};
const parsed = async (text) => (await seen({ ".env": text })).file;

// Rows: a text, what comes of it. The values are dotenv's own, see below.
const rows = [
  ["a mark of byte order", "\ufeffAB=1", { AB: "1" }],
  ["a tab before the sign", "AB\t=1\nCD \t= 2", { AB: "1", CD: "2" }],
  ["lone CR", "AB=1\rCD=2\r\rEF=3", { AB: "1", CD: "2", EF: "3" }],
  ["CRLF within quotes", 'AB="1\r\n2"\r\nCD=3', { AB: "1\n2", CD: "3" }],
  ["text behind a closing quote", `AB='1' two\nCD="1"two\nEF='1' # two`, { AB: "'1' two", CD: '"1"two', EF: "1" }],
  ["a # within what only begins with a quote", 'AB="a#b" c', { AB: '"a' }],
  ["escapes in double quotes alone", `AB="a\\nb\\rc"\nCD='a\\nb'\nEF=a\\nb`, { AB: "a\nb\rc", CD: "a\\nb", EF: "a\\nb" }],
  ["an escaped quote", `AB='it\\'s'\nCD="a\\"b"`, { AB: "it\\'s", CD: 'a\\"b' }],
  ["a quote that is never closed", `AB='1\nCD=2`, { AB: "'1", CD: "2" }],
  ["a quoted value on the next line", `AB=\n  'x'\nCD=`, { AB: "x", CD: "" }],
  ["a colon", "AB: 1\nCD:2\nEF:\n3", { AB: "1", CD: undefined, EF: "3" }],
  ["export", "export AB=1\nexport\tCD=2\nexport=3", { AB: "1", CD: "2", export: "3" }],
  ["no-break blanks around a value", "AB=\u00a01\u00a0", { AB: "1" }],
  ["names with dots and hyphens", "a.b-c=1", { "a.b-c": "1" }],
  ["a sign on the next line", "AB\n=1", { AB: "1" }],
  ["the last of several", "AB=1\nAB=2", { AB: "2" }],
  ["backticks over several lines", "AB=`1\n'2' \"3\"\n`", { AB: "1\n'2' \"3\"\n" }],
];
for (const [what, text, expected] of rows)
  await check(`parsed: ${what}`, async () => {
    const found = await parsed(text);
    for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
  });

const folder = join(process.env.PEER_HOME ?? "/nowhere", "app", "node_modules", "dotenv");
if (!existsSync(folder)) skip("beside dotenv itself", "the real Medusa's packages are not installed");
else {
  const dotenv = createRequire(import.meta.url)(folder);
  await check("the rows above are what dotenv says", () => {
    for (const [what, text, expected] of rows) {
      const found = dotenv.parse(text);
      for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, what);
    }
  });
  // Texts of pieces, in an order that a fixed seed gives.
  let state = 20;
  const random = (below) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % below; };
  const pieces = ["Aa1", "Bb.2", "Cc-3", "Dd4", "Ee5", "export ", "export\t", "=", "=", "=", ":", ": ", " = ", "'", "'", '"', '"', "`", "\\'", '\\"', "\\`", "\\n", "\\r", "\\\\", "#", " # ", " ", "\t", "\n", "\n", "\n", "\r\n", "\r", "\ufeff", "\u00a0", "\u3000", "word", "two words", "$", "é", "=x"];
  const piece = () => pieces[random(pieces.length)];
  // Half of the lines are nearly right, so that what follows the name is reached.
  const line = () => (random(2) ? `${["Aa", "Bb", "Cc", "Dd"][random(4)]}${random(1000)}${["=", " = ", ": ", "\t="][random(4)]}` : "") + Array.from({ length: random(9) }, piece).join("") + ["\n", "\n", "\r\n", "\r", ""][random(5)];
  const texts = Array.from({ length: 30 }, () => Array.from({ length: 150 }, line).join("")).concat(Array.from({ length: 60 }, () => Array.from({ length: 1 + random(4) }, line).join("")));
  await check(`${texts.length} texts of 5,000 odd lines are read as dotenv reads them`, async () => {
    let names = 0;
    for (const text of texts) {
      const [found, expected] = [await parsed(text), dotenv.parse(text)];
      for (const [name, value] of Object.entries(expected)) {
        if (process.env[name] !== undefined) continue;
        assert.equal(found[name], value, `${name} of ${JSON.stringify(text.length < 400 ? text : text.slice(Math.max(0, text.indexOf(name) - 100), text.indexOf(name) + 200))}`);
        names++;
      }
      const strange = Object.keys(found).filter((name) => /^(Aa|Bb|Cc|Dd|Ee|export|word|x$)/.test(name) && !(name in expected));
      assert.deepEqual(strange, [], JSON.stringify(text.slice(0, 400)));
    }
    assert.ok(names > 1500, String(names));
  }, { seconds: 600 });
}

// ---- which files
const prefix = (settings) => { const { value, source, file, line } = settings.find(({ key }) => key === "projectConfig.redis_prefix"); return [value, source, file, line]; };
const setting = (settings, name) => { const { value, file, line } = settings.find(({ key }) => key === name); return [value, file, line]; };
for (const mode of ["development", "test", "production", "staging"])
  await check(`files: .env.${mode} counts before .env, both for the file and for the server`, async () => {
    const environment = { NODE_ENV: mode, JWT_SECRET: "j", COOKIE_SECRET: "c" };
    const files = { [`.env.${mode}`]: "PREFIX=own\nPORT=7001\n", ".env": "PREFIX=common\nPORT=7002\nLOG_LEVEL=warn\nOTHER=common\n" };
    const { file, settings } = await seen(files, environment);
    assert.deepEqual([file.PREFIX, file.PORT, file.LOG_LEVEL, file.OTHER], ["own", "7001", "warn", "common"]);
    assert.equal(prefix(settings)[0], "own");
    assert.deepEqual(setting(settings, "PORT"), ["7001", `.env.${mode}`, 2]);
    assert.deepEqual(setting(settings, "LOG_LEVEL"), ["warn", ".env", 3]);
    assert.deepEqual(setting((await seen(files, { ...environment, PORT: "7003" })).settings, "PORT"), ["7003", null, null]);
  });
await check("files: that two are read is told in one line, with the names in which they differ and no values", async () => {
  const told = async (files) => JSON.parse((await command(folderWith({ projectConfig: { jwt_secret: "j", cookie_secret: "c" } }, files), ["config", "check", "--json"])).output).findings.filter(({ file }) => file?.startsWith(".env")).map(({ severity, file, message }) => [severity, file, message]);
  assert.deepEqual(await told({ ".env.development": "AB=topsecret1\nCD=1\nEF=2", ".env": "AB=topsecret2\nCD=1\nGH=3" }), [["advice", ".env.development", "it counts before .env, and both are read, for the configuration's file as for the server; they differ in AB"]]);
  assert.deepEqual(await told({ ".env": "AB=1" }), []);
  assert.deepEqual(await told({ ".env.development": "AB=1" }), []);
  assert.deepEqual((await told({ ".env.development": "NODE_ENV=production" })).map(([severity, file]) => [severity, file]), [["warning", ".env.development"]]);
});

finish();
