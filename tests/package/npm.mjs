#!/usr/bin/env node
// The pair of npm packages, packed and installed from its tarballs without a registry: `npx stheno start` serves a project, signals and
// exit codes pass, the libraries are the package's own, and other platforms are told why it does not run there.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderWith } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { freePort, temporaryDirectory, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { binary, root } from "../lib/servers.mjs";
import { pooled } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

help(import.meta.url);

for (const program of ["patchelf", "objdump", "npm"])
  if (spawnSync("which", [program]).status !== 0) { skip("the npm packages", `${program} is not installed`); finish(); }

const database = await copy(await template("stheno"));
const folder = folderWith({ projectConfig: { jwt_secret: "j", cookie_secret: "c", database_url: database }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
// No registry may be asked: a name that can't be resolved stands in its place.
const environment = { ...process.env, STHENO_BIN: binary, npm_config_cache: temporaryDirectory("npm"), npm_config_registry: "http://registry.invalid/", npm_config_update_notifier: "false", DATABASE_URL: pooled(database), NODE_ENV: "development" };
const run = (program, args, options = {}) => spawnSync(program, args, { cwd: folder, env: environment, encoding: "utf8", timeout: 120_000, ...options });
const local = join(folder, "node_modules", ".bin", "stheno");
const platform = join(folder, "node_modules", "@stheno", "linux-x64");
const alive = (pid) => { try { process.kill(pid, 0); return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8")); } catch { return false; } };

await check("both tarballs are packed, and installed together without a registry", () => {
  const packed = run("packaging/npm.sh", [], { cwd: root, timeout: 280_000 });
  assert.equal(packed.status, 0, packed.stderr);
  const tarballs = packed.stdout.trim().split("\n").map((path) => join(root, path));
  assert.equal(tarballs.length, 2);
  const installed = run("npm", ["install", "--no-audit", "--no-fund", ...tarballs]);
  assert.equal(installed.status, 0, installed.stderr);
  assert.ok(existsSync(local) && existsSync(platform));
});

await check("arguments, output and exit codes are the binary's", () => {
  assert.equal(run(local, ["--version"]).stdout, execFileSync(binary, ["--version"], { encoding: "utf8" }));
  const unknown = run(local, ["strat"]);
  assert.deepEqual([unknown.status, unknown.stdout], [1, ""]);
  assert.match(unknown.stderr, /did you mean start/);
  assert.equal(run("npx", ["--no-install", "stheno", "config", "check"]).status, 0);
});

// Runs `program` until it serves: { child, port, output(), pid of the binary }.
async function serving(program, args) {
  const port = await freePort();
  const child = spawn(program, [...args, "start", "--port", String(port)], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
  process.on("exit", () => { try { process.kill(-child.pid, "SIGKILL"); } catch { /* has ended */ } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { output += part; });
  const ended = new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
  await until(() => output.includes(`Server is ready on port: ${port}`) || child.exitCode !== null, { seconds: 60, describe: () => output });
  assert.equal(child.exitCode, null, output);
  const of = (parent) => execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(parent)], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/));
  return { child, port, ended, output: () => output, children: () => { try { return of(child.pid); } catch { return []; } } };
}

await check("npx stheno start serves the project", async () => {
  const { child, port, ended, output } = await serving("npx", ["--no-install", "stheno"]);
  const answer = await fetch(`http://127.0.0.1:${port}/store/products`);
  assert.equal(answer.status, 200);
  assert.ok((await answer.json()).products.length > 0);
  // As a terminal's Ctrl-C: to the whole group.
  process.kill(-child.pid, "SIGINT");
  await ended;
  assert.match(output(), /Gracefully shutting down server/);
  await until(() => fetch(`http://127.0.0.1:${port}/health`).then(() => false, () => true), { seconds: 10 });
});
await check("SIGTERM to the script alone ends the binary, which answers first; the exit code is its own", async () => {
  const { child, ended, output, children } = await serving(local, []);
  const [[pid, name]] = children();
  assert.equal(name, "stheno");
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
  assert.match(output(), /Gracefully shutting down server/);
  assert.equal(alive(Number(pid)), false);
});
await check("a binary that is killed ends the script by the same signal", async () => {
  const { ended, children } = await serving(local, []);
  process.kill(Number(children()[0][0]), "SIGKILL");
  assert.equal(await ended, "SIGKILL");
});

await check("all libraries but glibc's and the compiler's are the package's own", () => {
  const lines = execFileSync("ldd", [join(platform, "bin", "stheno")], { encoding: "utf8" }).split("\n").filter((line) => line.includes("=>"));
  assert.ok(lines.length > 10 && lines.every((line) => !line.includes("not found")), lines.join("\n"));
  const own = (line) => line.includes(join("lib", "")) && line.split("=>")[1].includes("@stheno/linux-x64");
  const foreign = lines.filter((line) => !own(line)).map((line) => line.trim().split(".so")[0]).sort();
  assert.deepEqual(foreign, foreign.filter((name) => ["libc", "libm", "libresolv", "libstdc++", "libgcc_s", "libdl", "libpthread", "librt"].includes(name)));
  assert.ok(existsSync(join(platform, "licences", "node-llhttp")));
});
await check("it needs no newer glibc and libstdc++ than Ubuntu 22.04 has", () => {
  const { stheno } = JSON.parse(readFileSync(join(platform, "package.json"), "utf8"));
  const at_most = (version, most) => version.split(".").reduce((before, part, index) => before || Number(part) - most[index], 0) <= 0;
  assert.ok(at_most(stheno.glibc, [2, 35]), stheno.glibc);
  assert.ok(at_most(stheno["libstdc++"].slice("GLIBCXX_".length), [3, 4, 30]), stheno["libstdc++"]);
});

await check("elsewhere it says why it does not run there", () => {
  const told = (lines) => {
    const preload = join(folder, "elsewhere.cjs");
    writeFileSync(preload, lines);
    const { status, stderr } = run(process.execPath, ["-r", preload, join(folder, "node_modules", "stheno", "bin", "stheno.js"), "start"]);
    assert.equal(status, 1);
    return stderr;
  };
  assert.match(told('Object.defineProperty(process, "platform", { value: "darwin" });'), /^stheno: there is no binary for darwin on x64, only for linux on x64/);
  assert.match(told('Object.defineProperty(process, "arch", { value: "arm64" });'), /linux on arm64/);
  renameSync(platform, `${platform}-away`);
  assert.match(told(""), /^stheno: the package @stheno\/linux-x64 is not installed/);
  assert.match(told("const get = process.report.getReport; process.report.getReport = () => { const report = get(); delete report.header.glibcVersionRuntime; return report; };"), /no glibc/);
  renameSync(`${platform}-away`, platform);
});

await dropAll();
finish();
