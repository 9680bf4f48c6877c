// Child processes of a test run: started with a log, ended by their own process id, never left behind.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const running = new Set();
const directories = new Set();

function endAll() {
  for (const child of running) {
    try { process.kill(child.group ? -child.pid : child.pid, child.fatal ?? "SIGKILL"); } catch { /* has ended */ }
  }
  for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

export function temporaryDirectory(name) {
  const path = mkdtempSync(join(tmpdir(), `stheno-${name}-`));
  directories.add(path);
  return path;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Calls `probe` until it answers something true; throws `describe()` when the time is over or `child` has ended.
export async function until(probe, { seconds = 60, every = 20, child, describe = () => "nothing happened" } = {}) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (child?.ended) throw new Error(`ended with ${child.ended}: ${describe()}`);
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${describe()}`);
    await pause(every);
  }
}

// options: cwd, env, uid, gid, log (path), group (own process group), fatal (signal when the run ends)
export function start(command, args, options = {}) {
  const { log, group = false, fatal, ...rest } = options;
  const output = log ? openSync(log, "a") : "ignore";
  const child = spawn(command, args, { ...rest, detached: group, stdio: ["ignore", output, output] });
  if (log) closeSync(output);
  const handle = { pid: child.pid, group, fatal, log, ended: null, child };
  child.unref(); // a service that still runs does not hold up the end of the run
  running.add(handle);
  handle.exit = new Promise((resolve) => {
    const finish = (what) => { if (handle.ended) return; handle.ended = what; running.delete(handle); resolve(what); };
    child.once("error", (error) => finish(String(error)));
    child.once("exit", (code, signal) => finish(signal ?? `exit code ${code}`));
  });
  handle.tail = (count = 30) => { try { return readFileSync(log, "utf8").split("\n").slice(-count).join("\n"); } catch { return ""; } };
  handle.kill = (signal) => { if (!handle.ended) try { child.ref(); // who kills waits for the end
      process.kill(group ? -child.pid : child.pid, signal); } catch { /* has ended */ } };
  handle.stop = async (signal = "SIGTERM", seconds = 20) => {
    if (handle.ended) return handle.ended;
    try { process.kill(child.pid, signal); } catch { /* has ended */ }
    const late = setTimeout(() => handle.kill("SIGKILL"), seconds * 1000);
    const what = await handle.exit;
    clearTimeout(late);
    return what;
  };
  return handle;
}
