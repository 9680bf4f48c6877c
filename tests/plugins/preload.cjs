// Loaded into a server ahead of its own code (NODE_OPTIONS=--require): what plugins send to hosts on the internet goes to the
// doubles on this machine, without TLS; nothing else leaves it.
//   TEST_DOUBLES   {"api.stripe.com": 41234, "*.algolia.net": 41235}, the doubles' ports by host
"use strict";
const dns = require("node:dns");
const https = require("node:https");
const net = require("node:net");

const ports = Object.entries(JSON.parse(process.env.TEST_DOUBLES ?? "{}"));
const portOf = (host) => ports.find(([name]) => name === host || (name.startsWith("*") && String(host).endsWith(name.slice(1))))?.[1];

const secure = https.Agent.prototype.createConnection;
https.Agent.prototype.createConnection = function (...all) {
  const options = typeof all[0] === "object" ? all[0] : { port: all[0], host: all[1], ...all[2] };
  const port = portOf(options.servername || options.host || options.hostname);
  if (!port) return secure.apply(this, all);
  const socket = net.connect(port, "127.0.0.1");
  socket.encrypted = socket.authorized = true;
  socket.once("connect", () => socket.emit("secureConnect"));
  return socket;
};

const send = globalThis.fetch;
globalThis.fetch = function (target, options) {
  const url = new URL(target instanceof Request ? target.url : target);
  const port = portOf(url.hostname);
  if (!port) return send(target, options);
  const mapped = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
  return target instanceof Request ? send(new Request(mapped, target), options) : send(mapped, options);
};

const local = /^(localhost|127\.0\.0\.1|::1|0\.0\.0\.0)?$/;
const lookup = dns.lookup;
dns.lookup = function (host, ...rest) {
  if (local.test(host ?? "")) return lookup.call(dns, host, ...rest);
  const told = Object.assign(new Error(`tests send nothing to ${host}: it has no double`), { code: "ENOTFOUND", hostname: host });
  process.nextTick(rest.at(-1), told);
};
