// Request/response scripts (*.test): reading them, and playing them to a server. The format is in tests/api/README.md.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { concrete, differences, follow, interpolate, parsePattern } from "./pattern.mjs";

const request = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\S+)$/;
const header = /^([A-Za-z][\w-]*): (.*)$/;
const capture = /^([A-Za-z_]\w*) = (\S.*)$/;

// What the shop of a script has besides the usual: its first line, `with: {"inventory": true}`.
export function extrasOf(path) {
  const found = /^with: (\{.*\})\n/.exec(readFileSync(path, "utf8"));
  return found ? JSON.parse(found[1]) : {};
}

export function readScript(path) {
  const lines = readFileSync(path, "utf8").split("\n");
  const steps = [];
  let step, part;
  const fail = (index, what) => { throw new Error(`${path}:${index + 1}: ${what}`); };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    const json = () => {
      // A body goes on until its brackets are closed.
      const from = index;
      for (let text = ""; index < lines.length; index++) {
        text += `${lines[index]}\n`;
        try { return parsePattern(text); } catch (error) { if (!error.incomplete || index + 1 === lines.length) fail(from, error.message); }
      }
    };
    if (line.startsWith("### ")) {
      step = { title: line.slice(4).trim(), line: index + 1, headers: [], captures: [], expect: null, here: null };
      steps.push(step);
      part = "request";
    } else if (line.trim() === "" || line.startsWith("#") || (index === 0 && line.startsWith("with: "))) continue;
    else if (!step) fail(index, "before the first ###");
    else if (line.startsWith("-> ") || line.startsWith("=> ")) {
      part = { status: Number(line.slice(3)), headers: [], body: undefined, statements: null };
      step[line.startsWith("-> ") ? "expect" : "here"] = part;
    } else if (part === "request" && request.test(line)) [, step.method, step.path] = request.exec(line);
    else if (/^[[{]/.test(line) || /^unordered /.test(line)) { const value = json(); if (part === "request") step.body = value; else part.body = value; }
    else if (/^text( |$)/.test(line)) { if (part === "request") step.text = line.slice(5); else part.text = line.slice(5); }
    else if (/^statements <= \d+$/.test(line) && part !== "request") part.statements = Number(line.slice(14));
    else if (capture.test(line)) step.captures.push(capture.exec(line).slice(1, 3));
    else if (header.test(line)) { const [, name, value] = header.exec(line); if (part === "request") step.headers.push([name.toLowerCase(), value]); else part.headers.push([name.toLowerCase(), value]); }
    else fail(index, `what is this: ${line}`);
  }
  for (const one of steps) if (!one.method) throw new Error(`${path}:${one.line}: no request`);
  return steps;
}

export function send(base, { method, path, headers = {}, body }, agent) {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: url.hostname, port: url.port, method, path, headers: { ...headers, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) }, agent, timeout: 30_000 }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts), text = bytes.toString("utf8");
        let json;
        try { json = JSON.parse(text); } catch { /* plain text */ }
        resolve({ status: answer.statusCode, headers: answer.headers, rawHeaders: answer.rawHeaders, bytes, text, json });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 30 s")));
    sent.on("error", reject);
    sent.end(body);
  });
}

// Plays a script; yields { step, sent, answer, faults, differs } for each step. `variables` are those known before it begins.
// Faults are measured by what the step expects of Medusa; `here`: by what it expects of this server where that differs, and
// `differs` tells how. A server that `counts` says with each answer how many statements it took. `before(step, request)` is called ahead of each request.
export async function* play(steps, base, variables, { counts = false, here = false, before } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const jars = new Map();
  try {
    for (const step of steps) {
      const faults = [], own = here ? step.here : null;
      let answer = null, sent = null, differs = [];
      try {
        const headers = {};
        let jar;
        for (const [name, value] of step.headers) if (name === "jar") jar = value; else headers[name] = interpolate(value, variables);
        if (jar && !jars.has(jar)) jars.set(jar, new Map());
        if (jar && jars.get(jar).size) headers.cookie = [...jars.get(jar)].map(([name, value]) => `${name}=${value}`).join("; ");
        const body = step.text !== undefined ? interpolate(step.text, variables) : step.body === undefined ? undefined : JSON.stringify(concrete(step.body, variables));
        if (body !== undefined && !("content-type" in headers)) headers["content-type"] = "application/json";
        if (headers["content-type"] === "none") delete headers["content-type"];
        sent = { method: step.method, path: interpolate(step.path, variables), headers, body };
        await before?.(step, sent);
        answer = await send(base, sent, agent);
        for (const cookie of answer.headers["set-cookie"] ?? []) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
          if (jar) jars.get(jar).set(name, value);
        }
        for (const [name, path] of step.captures) {
          const value = path.startsWith("jwt ") ? signJwt(concrete(parsePattern(path.slice(4)), variables))
            : path.startsWith("text ") ? new RegExp(path.slice(5)).exec(answer.text)?.[1] : follow(answer.json, path);
          if (value === undefined) faults.push(`${name} = ${path}: not in the answer ${answer.status} ${answer.text.slice(0, 300)}`);
          variables[name] = value;
        }
        faults.push(...check(own ?? step.expect, answer, variables, counts));
        if (own) differs = check(step.expect, answer, variables, false);
      } catch (error) {
        faults.push(error.message);
      }
      yield { step, sent, answer, faults, differs };
    }
  } finally {
    agent.destroy();
  }
}

// What the servers of the tests sign tokens with; `expiresIn` is in seconds.
export const jwtSecret = "test-jwt-secret";
export function signJwt({ expiresIn = 900, secret = jwtSecret, ...claims }) {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, iat, exp: iat + expiresIn })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

function check(expect, answer, variables, counts) {
  if (!expect) return [];
  const faults = [];
  if (answer.status !== expect.status) faults.push(`status: expected ${expect.status}, got ${answer.status}: ${answer.text.slice(0, 400)}`);
  for (const [name, wanted] of expect.headers) {
    const value = [answer.headers[name] ?? []].flat().join(", ");
    const matches = wanted === "<none>" ? value === "" : wanted.startsWith("<text ") ? new RegExp(wanted.slice(6, -1)).test(value) : wanted === "<any>" ? value !== "" : value === interpolate(wanted, variables);
    if (!matches) faults.push(`header ${name}: expected ${wanted}, got ${JSON.stringify(value)}`);
  }
  if (expect.text !== undefined && answer.text !== interpolate(expect.text, variables)) faults.push(`body: expected text ${expect.text}, got ${answer.text.slice(0, 400)}`);
  if (expect.body !== undefined && answer.status === expect.status) faults.push(...differences(expect.body, answer.json, variables));
  const counted = answer.headers["x-stheno-statements"];
  if (counts && counted === undefined) faults.push("statements: not counted (no header x-stheno-statements)");
  if (counts && expect.statements !== null && Number(counted) > expect.statements) faults.push(`statements: ${counted} instead of at most ${expect.statements}`);
  return faults;
}
