// Packages from npm that one test folder needs, by its own package.json and lock.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { finish, skip } from "./report.mjs";

// `require` of that folder, its packages installed; where npm can't, the program ends with its reason.
export function packagesOf(folder, name) {
  if (!existsSync(join(folder, "node_modules", name))) {
    try { execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: 120_000, killSignal: "SIGKILL" }); } catch (error) {
      skip(name, `npm can't install ${name}: ${String(error.stderr ?? error).split("\n")[0]}`);
      finish();
    }
  }
  return createRequire(join(folder, "package.json"));
}
