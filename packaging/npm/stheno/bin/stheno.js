#!/usr/bin/env node
// Finds the binary of this platform and runs it in this place: same arguments, same streams, signals go on to it, and it ends as
// the binary ends.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const path = require("node:path");

// Where there is no binary, why, in words that say what to do.
function missing(platform, arch, report) {
  if (platform !== "linux" || arch !== "x64") return `there is no binary for ${platform} on ${arch}, only for linux on x64. In a container of linux/amd64 it runs anywhere.`;
  if (!report.header.glibcVersionRuntime) return "this Linux has no glibc (Alpine and other systems with musl have none). It runs on Debian 12, Ubuntu 22.04 and later ones, as in the image node:22-bookworm-slim.";
  return "the package @stheno/linux-x64 is not installed. It is an optional dependency: install without --no-optional and --omit=optional, with the node_modules of this machine.";
}

let home;
try {
  home = path.dirname(require.resolve(`@stheno/${process.platform}-${process.arch}/package.json`));
} catch {
  console.error(`stheno: ${missing(process.platform, process.arch, process.report.getReport())}`);
  process.exit(1);
}

const child = spawn(path.join(home, "bin", "stheno"), process.argv.slice(2), { stdio: "inherit" });
// A terminal sends its signals to both; the binary says when it is time.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"]) process.on(signal, () => signalled(signal));
function signalled(signal) {
  // A second one ends the binary at once; from a terminal it has got it already.
  if (process.stdin.isTTY && signal === "SIGINT") return;
  child.kill(signal);
}
child.on("error", (error) => { console.error(`stheno: ${error.message}`); process.exit(1); });
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
});
