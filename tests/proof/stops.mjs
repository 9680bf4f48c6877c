#!/usr/bin/env node
// The server is stopped under load, again and again: every request that reached it gets its whole answer.
//   node tests/proof/stops.mjs [STOPS]   20 by default
// 192 clients ask one thing after another, half of them each time on a new connection, the others on one that they keep. A request is lost when
// its connection was taken and no whole answer came; a connection that is refused is none.
import assert from "node:assert/strict";
import net from "node:net";
import { help } from "../lib/help.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { serve } from "../lib/servers.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";

help(import.meta.url);
const stops = Number(process.argv[2] ?? 20);
const clients = 192;

const requests = [
  "GET /store/regions HTTP/1.1\r\nHost: shop\r\n\r\n",
  "GET /store/products?limit=2 HTTP/1.1\r\nHost: shop\r\n\r\n",
  "POST /store/carts HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
  "GET /health HTTP/1.1\r\nHost: shop\r\n\r\n",
];

// A connection as a careful client uses it: it ends its side when the server has ended its own.
class Connection {
  constructor(port) {
    this.text = "";
    this.ended = false;
    this.socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    this.connected = new Promise((done) => { this.socket.once("connect", () => done(true)); this.socket.once("close", () => done(false)); });
    const end = () => { this.ended = true; this.changed?.(); };
    this.socket.on("data", (part) => { this.text += part.toString("latin1"); this.changed?.(); });
    this.socket.on("end", end);
    this.socket.on("error", (error) => { this.error = error.code; });
    this.socket.on("close", end);
  }
  // The whole answer's { status, closes }, or undefined when the connection ended before it.
  async ask(request) {
    this.text = "";
    this.socket.write(request);
    for (;;) {
      const head = this.text.indexOf("\r\n\r\n");
      const length = /\r\ncontent-length: (\d+)/i.exec(this.text.slice(0, Math.max(head, 0)))?.[1];
      if (head > 0 && this.text.length >= head + 4 + Number(length)) return { status: this.text.slice(9, 12), closes: /\r\nconnection: close/i.test(this.text.slice(0, head)) };
      if (this.ended) return undefined;
      await new Promise((done) => { this.changed = done; });
    }
  }
  close() { this.socket.destroy(); }
}

const seen = { answered: 0, late: 0, lost: [], wrong: [], seconds: [] };

// Until the server refuses a connection.
async function client(port, number, keeps, state) {
  let connection;
  for (let round = 0; ; round++) {
    if (!connection || connection.ended) {
      connection = new Connection(port);
      if (!(await connection.connected)) return;
    }
    const request = requests[(number + round) % requests.length];
    const stopping = state.stopping;
    const answer = await connection.ask(request);
    if (!answer) {
      seen.lost.push(`${keeps ? "kept" : "fresh"}${stopping ? ", sent while it stopped" : ""}: ${request.slice(0, 30)} ${connection.error ?? "ended"} ${connection.text.length} bytes`);
    } else if (answer.status !== "200") {
      seen.wrong.push(`${answer.status} to ${request.slice(0, 30)}`);
    } else {
      seen.answered++;
      state.answers[number]++;
      if (stopping) seen.late++;
    }
    if (!answer || answer.closes || !keeps) { connection.close(); connection = undefined; }
    await pause((number * 7 + round * 13) % 23);
  }
}

const database = await copy(await template("stheno"));

await check(`${clients} clients lose no request over ${stops} stops`, async () => {
  for (let i = 0; i < stops; i++) {
    const server = await serve("stheno", { folder: project(), database });
    const state = { stopping: false, answers: Array(clients).fill(0) };
    const all = Array.from({ length: clients }, (_, number) => client(Number(new URL(server.base).port), number, number % 2 === 0, state));
    await until(() => state.answers.every((count) => count >= 2), { seconds: 60, child: server.process, describe: () => "not every client is answered" });
    const began = performance.now();
    state.stopping = true;
    assert.equal(await server.process.stop("SIGTERM"), "exit code 0", server.process.tail());
    seen.seconds.push((performance.now() - began) / 1000);
    await Promise.all(all);
  }
  console.log(`    ${seen.answered} requests were answered, ${seen.late} of them sent while the server stopped; the slowest stop took ${Math.max(...seen.seconds).toFixed(2)} s`);
  assert.deepEqual(seen.wrong.slice(0, 10), []);
  assert.equal(seen.lost.length, 0, `${seen.lost.length} requests were lost:\n${seen.lost.slice(0, 15).join("\n")}`);
  assert.ok(seen.late >= stops, "no request came while the server stopped");
  assert.ok(Math.max(...seen.seconds) < 8, "a stop took too long");
}, { seconds: 60 + stops * 40 });
console.log(`    figure requests lost over ${stops} stops under load: ${seen.lost.length}`);
await dropAll();
finish();
