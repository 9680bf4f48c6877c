#!/usr/bin/env node
// What Markdown files say: their links lead to something, commands that they quote exist with the options quoted, pictures are small.
//   node tests/docs/run.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { help } from "../lib/help.mjs";
import { check, finish } from "../lib/report.mjs";
import { binary, root } from "../lib/servers.mjs";

help(import.meta.url);
const git = (...args) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).split("\n").filter(Boolean);
const pages = [...new Set([...git("ls-files", "*.md"), ...git("ls-files", "--others", "--exclude-standard", "*.md")])].filter((path) => existsSync(join(root, path)));
const text = (path) => readFileSync(join(root, path), "utf8");

// A heading's anchor as GitHub makes it.
const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[`*]/g, "").replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
const withoutCode = (page) => page.replace(/^(```|~~~)[^]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
const anchors = (path) => new Set(text(path).replace(/^(```|~~~)[^]*?^\1/gm, "").split("\n").filter((line) => /^#{1,6} /.test(line)).map((line) => anchorOf(line.replace(/^#+ /, ""))));

await check(`links of ${pages.length} pages lead to something`, () => {
  const broken = [];
  let links = 0;
  for (const page of pages)
    for (const [, link] of withoutCode(text(page)).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue; // elsewhere, where tests don't go
      links++;
      const [path, anchor] = link.split("#");
      const target = path ? resolve(root, dirname(page), decodeURIComponent(path)) : join(root, page);
      if (!target.startsWith(root) || !existsSync(target)) broken.push(`${page}: ${link}`);
      else if (anchor && (!target.endsWith(".md") || !anchors(relative(root, target)).has(anchor))) broken.push(`${page}: ${link} (no such heading)`);
    }
  assert.ok(links > 20, `only ${links} links were found`);
  assert.deepEqual(broken, []);
});

// What stands in code, a command a line: blocks by indentation or fences, and `inline`.
function commandsOf(page) {
  const lines = [];
  let fenced = false;
  for (const line of text(page).split("\n")) {
    if (/^\s*```/.test(line)) fenced = !fenced;
    else if (fenced || /^( {4}|\t)/.test(line)) lines.push(line);
    else for (const [, code] of line.matchAll(/`([^`]+)`/g)) lines.push(code);
  }
  // Variables may stand before, a path before the program's name, a comment behind.
  const program = /^\s*(?:[A-Z_]+=\S* )*(?:\S*\/)?(stheno|dev)(?: (.*))?$/;
  return lines.map((line) => program.exec(line.replace(/\s+#.*$/, "")) && { name: program.exec(line.replace(/\s+#.*$/, ""))[1], rest: (program.exec(line.replace(/\s+#.*$/, ""))[2] ?? "").trim(), line: line.trim() }).filter(Boolean);
}
const stheno = (...args) => execFileSync(binary, args, { encoding: "utf8" });
const known = Object.fromEntries([...stheno("--help").matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => [name, stheno(name, "--help")]));
const developing = execFileSync(join(root, "dev"), ["help"], { encoding: "utf8" });
const devCommands = new Set([...developing.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name));

await check("quoted commands exist, with the options and words that are quoted", () => {
  const wrong = [];
  let count = 0;
  for (const page of pages)
    for (const { name, rest, line } of commandsOf(page)) {
      const words = rest.match(/"[^"]*"|\S+/g) ?? [];
      if (!words.length) continue;
      const [verb, ...more] = words;
      if (name === "dev") {
        if (!/(^|\s)\.\/dev/.test(line)) continue;
        count++;
        if (!devCommands.has(verb)) wrong.push(`${page}: ${line}`);
        continue;
      }
      if (verb.startsWith("--")) continue; // of the program itself
      if (!/^[a-z]/.test(verb)) continue; // "stheno X", of any command
      count++;
      if (!known[verb]) { wrong.push(`${page}: ${line}`); continue; }
      const [usage] = known[verb].split("\n");
      const accepted = /<([a-z|]+\|[a-z|]+)>/.exec(usage)?.[1].split("|");
      for (const word of more) {
        if (word === "--") break; // what follows is another program's
        if (/^--?[a-z]/.test(word) && !new RegExp(`(^|[\\s,])${word.split("=")[0]}\\b`, "m").test(known[verb])) wrong.push(`${page}: ${line}: ${word}`);
      }
      if (accepted && more.length && /^[a-z]+$/.test(more[0]) && !accepted.includes(more[0])) wrong.push(`${page}: ${line}: ${more[0]}`);
    }
  assert.ok(count > 30, `only ${count} commands were found`);
  assert.deepEqual(wrong, []);
});

await check("the table of contents names every page of docs", () => {
  const index = text("docs/README.md");
  const missing = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md") && name !== "README.md" && !index.includes(`(${name})`));
  assert.deepEqual(missing, []);
});

await check("pictures are there, and small", () => {
  const pictures = readdirSync(join(root, "docs", "pictures"));
  assert.ok(pictures.length >= 2);
  for (const name of pictures) {
    assert.ok(name.endsWith(".png"), name);
    assert.ok(statSync(join(root, "docs", "pictures", name)).size < 200_000, `${name} has ${statSync(join(root, "docs", "pictures", name)).size} bytes`);
    assert.ok(pages.some((page) => text(page).includes(`pictures/${name}`)), `no page shows ${name}`);
  }
});
finish();
