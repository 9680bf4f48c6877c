#!/usr/bin/env node
// A project as 1.20's starter makes it, served by what was packed: by the pair of npm packages, and by the Debian package. Each shows the
// catalogue, a storefront and the project's own dashboard to a browser.
//   node tests/package/starter.mjs
//   STHENO_CHROMIUM, STHENO_PICTURES   the browser, and a folder for the pictures
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { started } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { look } from "../lib/look.mjs";
import { temporaryDirectory } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { binary, peer, root } from "../lib/servers.mjs";
import { copy, dropAll } from "../lib/shop.mjs";

help(import.meta.url);

// The folder: the starter's plugins and its dashboard, whose build is the real package's.
function starter() {
  const folder = temporaryDirectory("starter");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "medusa-starter-default", version: "1.0.0", dependencies: { "@medusajs/medusa": "1.20.11", "@medusajs/admin": "7.1.18" } }));
  writeFileSync(join(folder, "medusa-config.js"), `module.exports = {
  projectConfig: { jwt_secret: process.env.JWT_SECRET || "supersecret", cookie_secret: process.env.COOKIE_SECRET || "supersecret", database_url: process.env.DATABASE_URL, store_cors: "http://localhost:8000", admin_cors: "http://localhost:7001" },
  plugins: ["medusa-fulfillment-manual", "medusa-payment-manual", { resolve: "@medusajs/file-local", options: { upload_dir: "uploads" } }, { resolve: "@medusajs/admin", options: { autoRebuild: false } }],
  featureFlags: { product_categories: true },
};
`);
  cpSync(join(peer().app, "build"), join(folder, "build"), { recursive: true });
  symlinkSync(join(peer().app, "node_modules"), join(folder, "node_modules"));
  return folder;
}

const run = (program, args, options = {}) => execFileSync(program, args, { cwd: root, encoding: "utf8", timeout: 280_000, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, STHENO_BIN: binary, npm_config_registry: "http://registry.invalid/", npm_config_cache: temporaryDirectory("npm"), npm_config_update_notifier: "false" }, ...options });
const installs = {
  npm() {
    const tarballs = run("packaging/npm.sh", []).trim().split("\n").map((path) => join(root, path));
    const folder = temporaryDirectory("installed");
    writeFileSync(join(folder, "package.json"), "{}");
    run("npm", ["install", "--no-audit", "--no-fund", ...tarballs], { cwd: folder });
    return join(folder, "node_modules", ".bin", "stheno");
  },
  deb() {
    const folder = temporaryDirectory("installed");
    run("dpkg-deb", ["-x", join(root, run("packaging/deb.sh", []).trim()), folder]);
    return join(folder, "usr", "bin", "stheno");
  },
};

for (const [name, install] of Object.entries(installs)) {
  let program;
  await check(`${name}: it is packed and laid out`, () => { program = install(); });
  if (!program) continue;
  const folder = starter();
  const environment = { DATABASE_URL: await copy("template0"), STHENO_STOREFRONT: join(root, "demo", "storefront") };
  await check(`${name}: the demo's data are filled in`, () => run(program, ["seed", "-f", join(root, "demo", "seed.json")], { cwd: folder, env: { ...process.env, ...environment, NODE_ENV: "development" } }));
  const running = await started(undefined, { folder, environment, program, seconds: 60 });
  assert.equal(running.ended, null, running.output());
  await look(running.base, { email: "admin@example.com", password: "supersecret", product: "Unbreakable Mug", name });
  await running.stop();
}
await dropAll();
finish();
