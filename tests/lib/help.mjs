// `--help` of the programs of tests and bench: the comment at their head.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function help(url) {
  if (!process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) return;
  for (const line of readFileSync(fileURLToPath(url), "utf8").split("\n").slice(1)) {
    if (!line.startsWith("//")) break;
    console.log(line.replace(/^\/\/ ?/, ""));
  }
  process.exit(0);
}
