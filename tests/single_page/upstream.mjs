#!/usr/bin/env node
// The same build of the dashboard, shown by the real Medusa and by this server: the same answers but for what is listed here.
//   node tests/single_page/upstream.mjs
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish } from "../lib/report.mjs";
import { send } from "../lib/script.mjs";
import { projectFolder, serve } from "../lib/servers.mjs";
import { redis } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { lay } from "./build.mjs";

const compared = ["content-type", "cache-control", "vary", "etag", "last-modified", "accept-ranges", "content-range", "content-length", "content-encoding", "location"];
const kept = { "cache-control": ["max-age=31536000, immutable", "no-cache"] };
// Reasons: 1.20 lets browsers keep these for a year, though their names stay when the package changes; a folder without a page leads
// there to itself with a slash; a link shows what lies outside of the build.
const differs = { "public/logo.svg": kept, "public/locales/de/translation.json": kept, "index.html": kept, public: "a folder", "link.6e73783d.js": "a link" };

const requests = [
  ...["", "/", "/a/orders?offset=15", "/a.b", "/missing.6e73783d.js", "/main.6e73783d.js", "/MAIN.6e73783d.js", "/230.dc47245d0b0486c4fdb1.css", "/442f6a4cc2f03aaf41f6.ttf", "/images/icon-plus-gray-4813505451ce489532e3.svg",
    "/public/logo.svg", "/public/locales/de/translation.json", "/index.html", "/.hidden", "/../secret.js", "/%2e%2e/secret.js", "/public", "/link.6e73783d.js", "/main.6e73783d.js/"].flatMap((path) => [{ path }, { path, method: "HEAD" }]),
  { path: "/main.6e73783d.js", headers: { range: "bytes=2-5" } }, { path: "/main.6e73783d.js", headers: { range: "bytes=99999-" } }, { path: "/main.6e73783d.js", headers: { "accept-encoding": "gzip, br" } },
  { path: "/main.6e73783d.js", headers: { "if-modified-since": "Wed, 15 Nov 2023 00:00:00 GMT" } }, { path: "/a/orders", headers: { "accept-encoding": "gzip" } }, { path: "/a/orders", method: "POST" }, { path: "", method: "DELETE" },
];

async function answers(server, options) {
  const folder = projectFolder();
  lay(folder);
  appendFileSync(join(folder, "medusa-config.js"), `module.exports.plugins.push({ resolve: "@medusajs/admin", options: ${JSON.stringify(options)} });\n`);
  const running = await serve(server, { folder, database: await copy(await template(server)), redis: await redis() });
  try {
    const all = [];
    for (const { path, method = "GET", headers = {} } of requests) {
      const { status, headers: got, text } = await send(running.base, { method, path: (options.path ?? "/app") + path, headers });
      all.push({ status, text, ...Object.fromEntries(compared.filter((name) => got[name] !== undefined).map((name) => [name, got[name]])) });
    }
    return all;
  } finally { await running.stop(); }
}

for (const options of [{}, { path: "/panel", autoRebuild: false }, { serve: false }]) {
  await check(`both show the same build alike: ${JSON.stringify(options)}`, async () => {
    const theirs = await answers("medusa", options), ours = await answers("stheno", options);
    requests.forEach((request, index) => {
      const known = options.serve === false ? undefined : differs[request.path.slice(1)];
      if (typeof known === "string") return;
      const expected = { ...theirs[index] };
      for (const [name, [there, here]] of Object.entries(known ?? {})) {
        assert.equal(expected[name], there, JSON.stringify(request));
        expected[name] = here;
      }
      assert.deepEqual(ours[index], expected, JSON.stringify(request));
    });
  });
}

await dropAll();
finish();
