// The project of this folder's programs, a copy each, in which the real package is found.
import { cpSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../lib/processes.mjs";
import { peer } from "../lib/servers.mjs";

export const modules = join(peer().app, "node_modules");
export function shop() {
  const folder = temporaryDirectory("shop");
  cpSync(join(dirname(fileURLToPath(import.meta.url)), "shop"), folder, { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  return folder;
}
