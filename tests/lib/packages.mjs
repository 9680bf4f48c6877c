// Packages from npm that tests need: of one test folder by its own package.json and lock, or many that checkouts share.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish, skip } from "./report.mjs";

const npm = (folder, command, options, seconds) => execFileSync("npm", [command, "--no-audit", "--no-fund", "--ignore-scripts", ...options],
  { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: seconds * 1000, killSignal: "SIGKILL" });
const reason = (error) => String(error.stderr?.length ? error.stderr : error).split("\n").find((line) => /error|ERR/.test(line)) ?? String(error).split("\n")[0];

// `require` of that folder, its packages installed; where npm can't, the program ends with its reason.
export function packagesOf(folder, name) {
  if (!existsSync(join(folder, "node_modules", name))) {
    try { npm(folder, "ci", [], 120); } catch (error) {
      skip(name, `npm can't install ${name}: ${reason(error)}`);
      finish();
    }
  }
  return createRequire(join(folder, "package.json"));
}

// Where large sets of packages are kept, one folder for each lock. No folder above may have a dot in its name: Medusa takes what stands
// before the first dot of a plugin's path for its route.
export const shelf = () => process.env.STHENO_TEST_PACKAGES ?? join(tmpdir(), "stheno-packages");

// The node_modules of what the lock in `folder` names, installed at most once on a machine: { path } or { missing: why not }.
// `from` is a node_modules that has most of it already.
export function sharedPackages(folder, { from } = {}) {
  const lock = createHash("sha256").update(["package.json", "package-lock.json"].map((name) => readFileSync(join(folder, name), "utf8")).join("\0")).digest("hex").slice(0, 16);
  const place = join(shelf(), lock);
  const path = join(place, "node_modules");
  if (existsSync(place)) return { path };
  const unfinished = `${place}.${process.pid}`;
  const began = performance.now();
  try {
    cpSync(folder, unfinished, { recursive: true });
    if (from) {
      mkdirSync(join(unfinished, "node_modules"));
      // As links to the same files: npm replaces files and writes into none, but for its own list.
      execFileSync("cp", ["-al", `${from}/.`, join(unfinished, "node_modules")]);
      const list = join(unfinished, "node_modules", ".package-lock.json");
      rmSync(list, { force: true });
      cpSync(join(from, ".package-lock.json"), list);
    }
    npm(unfinished, from ? "install" : "ci", ["--legacy-peer-deps", "--prefer-offline"], 900);
    writeFileSync(join(unfinished, "seconds"), `${Math.round((performance.now() - began) / 1000)}\n`);
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(place)) return { missing: `npm can't install them: ${reason(error)}` }; // else another program was first
  }
  return { path, seconds: Math.round((performance.now() - began) / 1000) };
}
