// Proxies before servers of this project, with the configurations that the documents show: what an operator copies is what runs here.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, start, temporaryDirectory, until } from "./processes.mjs";
import { root } from "./servers.mjs";

export const installed = (program) => spawnSync("which", [program]).status === 0;

// The block of a document that is written in `language` and holds `words`.
export function block(document, language, words) {
  const text = readFileSync(join(root, "docs", document), "utf8");
  const found = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, of, inside]) => ({ of, inside })).find(({ of, inside }) => of === language && inside.includes(words));
  if (!found) throw new Error(`docs/${document} has no block of ${language} with ${words}`);
  return found.inside;
}

// switching.md's site for nginx with other words about its first and its second server, such as "weight=1" or "down".
export const weighed = (site, first, second) => site.replace(/(server 127\.0\.0\.1:9000 )\S+/, `$1${first}`).replace(/(server 127\.0\.0\.1:9001 )\S+/, `$1${second}`);

// The documents' ports, as `{ 9000: port, ... }`, become those of a test.
const withPorts = (text, ports) => Object.entries(ports).reduce((all, [from, to]) => all.replaceAll(new RegExp(`\\b${from}\\b`, "g"), `port-${to}`), text).replaceAll("port-", "");

async function front(program, args, port, directory, reload) {
  const handle = {
    base: `http://127.0.0.1:${port}`, port,
    process: start(program, args, { cwd: directory, log: join(directory, "log"), env: { ...process.env, HOME: directory } }),
    stop: () => handle.process.stop("SIGTERM"),
    reload,
  };
  await until(() => fetch(`${handle.base}/health`).then(() => true, () => false), { seconds: 15, child: handle.process, describe: () => handle.process.tail(20) });
  return handle;
}

// nginx with `site`: what stands within http { }. Its port 80 is what clients speak to.
export async function nginx(site, ports) {
  const directory = temporaryDirectory("nginx");
  const port = await freePort();
  const write = (text, all) => writeFileSync(join(directory, "nginx.conf"), [
    `pid ${join(directory, "pid")};`, "error_log stderr warn;", "daemon off;", "worker_processes 1;", ...(process.getuid() === 0 ? ["user root;"] : []), "events { worker_connections 1024; }", "http {", "access_log off;",
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(directory, name)};`), withPorts(text, { ...all, 80: port }), "}", ""].join("\n"));
  write(site, ports);
  const args = ["-p", directory, "-c", join(directory, "nginx.conf"), "-e", "stderr"];
  return front("nginx", args, port, directory, (text, all = ports) => { write(text, all); execFileSync("nginx", [...args, "-s", "reload"], { stdio: "ignore" }); });
}

export async function caddy(site, ports) {
  const directory = temporaryDirectory("caddy");
  const port = await freePort();
  writeFileSync(join(directory, "Caddyfile"), `{\n  admin off\n}\n${withPorts(site, { ...ports, 80: port })}`);
  return front("caddy", ["run", "--config", join(directory, "Caddyfile"), "--adapter", "caddyfile"], port, directory);
}
