#!/usr/bin/env node
// What the child answers over its socket is what 1.20 answers: the scripts of tests/api are played to it, as they are to the real one.
//   node tests/host/answers.mjs [area ...]
import { spawn } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { help } from "../lib/help.mjs";
import { finish, skip } from "../lib/report.mjs";
import { peer, root } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";
import { environmentOf, startHost } from "./server.mjs";

help(import.meta.url);
if (peer().missing) {
  skip("the child's answers", peer().missing);
  finish();
}

// In the server's place: it passes requests on, and says who has connected as a listener on all addresses does.
async function pass_on(socket) {
  const server = http.createServer((request, response) => {
    const passed = http.request({ socketPath: socket, method: request.method, path: request.url, headers: { ...request.headers, "x-stheno-peer": "::ffff:127.0.0.1" } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

const areas = process.argv.slice(2).length ? process.argv.slice(2) : ["auth", "http", "carts"];
const database_template = await template("stheno"); // before the packages are there: it is this server's
const folder = project();
if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(peer().app, "node_modules"), join(folder, "node_modules"));
let failed = false;
for (const area of areas) {
  const environment = environmentOf(await copy(database_template), { NODE_ENV: "production" });
  const host = startHost({ project: folder, environment });
  await host.ready();
  const server = await pass_on(host.socket);
  const player = spawn(process.execPath, [join(root, "tests/api/run.mjs"), "--base", `http://127.0.0.1:${server.address().port}`, area], { stdio: ["ignore", "inherit", "inherit"] });
  failed = (await new Promise((done) => player.on("exit", done))) !== 0 || failed;
  server.close();
  await host.end();
}
await dropAll();
process.exit(failed ? 1 : 0);
