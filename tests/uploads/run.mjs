#!/usr/bin/env node
// Files: uploading, showing and removing them with @medusajs/file-local, and what is refused.
//   node tests/uploads/run.mjs [--medusa]      the real one is asked only what both answer alike
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { check, finish } from "../lib/report.mjs";
import { send } from "../lib/script.mjs";
import { admin, projectFolder, serve } from "../lib/servers.mjs";
import { redis } from "../lib/services.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";

const real = process.argv.includes("--medusa");
const server = real ? "medusa" : "stheno";
const own = (name, body) => (real ? undefined : check(name, body));
const plugin = '{ resolve: "@medusajs/file-local", options: { upload_dir: "kept/files", backend_url: "http://shop.test" } }';

async function shop(plugins) {
  const folder = projectFolder();
  appendFileSync(join(folder, "medusa-config.js"), `module.exports.plugins.push(${plugins});\n`);
  const running = await serve(server, { folder, database: await copy(await template(server)), redis: real ? await redis() : undefined, environment: { STHENO_UPLOAD_LIMIT: "80mb", STHENO_THREADS: "1" } });
  const login = await send(running.base, { method: "POST", path: "/admin/auth/token", headers: { "content-type": "application/json" }, body: JSON.stringify(admin) });
  return { ...running, folder, me: { authorization: `Bearer ${login.json.access_token}` } };
}

// A form of files { name, content, field, head }.
const boundary = "----gorgon";
const part = ({ name, content = "", field = "files", head = `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: text/plain` }) => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`;
const form = (...files) => `${files.map(part).join("")}--${boundary}--\r\n`;
const multipart = { "content-type": `multipart/form-data; boundary=${boundary}` };

const { me, folder, base, process: child, stop } = await shop(plugin);
const post = (body, { path = "/admin/uploads", headers = multipart } = {}) => send(base, { method: "POST", path, headers: { ...me, ...headers }, body });
const ask = (method, path, body, headers = me) => send(base, { method, path, headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
const get = (path, headers = {}, method = "GET") => send(base, { method, path, headers });
const kept = () => (existsSync(join(folder, "kept/files")) ? readdirSync(join(folder, "kept/files")).sort() : []);
const text = (key) => readFileSync(join(folder, "kept/files", key), "utf8");
const pathOf = (key) => `/kept/files/${encodeURIComponent(key)}`;
if (real) mkdirSync(join(folder, "kept/files"), { recursive: true }); // which does not make it

await check("files are kept under the time and their name", async () => {
  const { status, json } = await post(form({ name: "a b.txt", content: "one" }, { name: "C:\\images\\b.svg", content: "\r\n--two\r\n" }));
  assert.equal(status, 200);
  assert.deepEqual(json.uploads.map(({ key }) => key.replace(/^\d{13}-/, "")), ["a b.txt", "b.svg"]);
  assert.deepEqual(json.uploads.map(({ url }) => url), json.uploads.map(({ key }) => `http://shop.test/kept/files/${key}`));
  assert.deepEqual(json.uploads.map(({ key }) => text(key)), ["one", "\r\n--two\r\n"]);
  const { json: hidden } = await post(form({ name: "c.txt", content: "" }), { path: "/admin/uploads/protected" });
  assert.deepEqual(Object.keys(hidden.uploads[0]), ["url", "key"]);
  assert.equal(text(hidden.uploads[0].key), "");
});
await check("what is no file is overlooked", async () => {
  const { status, json } = await post(form({ head: 'Content-Disposition: form-data; name="note"', content: "text" }, { name: "" }, { name: ".." }));
  assert.deepEqual([status, json], [200, { uploads: [] }]);
});
await own("names: as they were sent, in UTF-8; none leads out of the folder, none takes another's place", async () => {
  const long = `${"ä".repeat(200)}.png`;
  const { json } = await post(form({ name: "../../up.txt", content: "1" }, { name: "ä#?.txt" }, { name: "same", content: "1" }, { name: "same", content: "2" }, { name: long }, { name: "a\tb" }));
  const names = json.uploads.map(({ key }) => key.replace(/^\d{13}-/, ""));
  assert.deepEqual(names.slice(0, 4), ["up.txt", "ä#?.txt", "same", "same"]);
  assert.equal(json.uploads[1].url, `http://shop.test/kept/files/${json.uploads[1].key.replace("#", "%23").replace("?", "%3F")}`);
  assert.deepEqual(json.uploads.slice(2, 4).map(({ key }) => text(key)), ["1", "2"]);
  assert.ok(long.endsWith(names[4]) && Buffer.byteLength(names[4]) <= 200, names[4]);
  assert.equal(names[5], "a_b");
  assert.ok(!existsSync(join(folder, "up.txt")) && json.uploads.every(({ key }) => kept().includes(key)));
});
await own("what is no form of files is refused, and nothing of it kept", async () => {
  const before = kept();
  const good = { name: "a.txt", content: "a" };
  for (const [body, options, message] of [
    [form(good, { ...good, field: "file" }), {}, "Unexpected field"],
    [form(good).slice(0, -8), {}, "Unexpected end of form"],
    ["", {}, "Unexpected end of form"],
    [form(good), { headers: { "content-type": "multipart/form-data" } }, "Multipart: Boundary not found"],
    [form(good), { headers: { "content-type": "multipart/form-data; boundary=other" } }, "Unexpected end of form"],
    [form(good, { head: "nonsense" }), {}, "Malformed part header"],
    [form(good, { head: 'Content-Disposition: form-data; filename="a"' }), {}, "Malformed part header"],
    ['{"files":[]}', { headers: { "content-type": "application/json" } }, "The body must be multipart/form-data"],
  ]) {
    const { status, json } = await post(body, options);
    assert.deepEqual([status, json], [400, { type: "invalid_data", message }]);
  }
  assert.deepEqual(kept(), before);
});
await check("without a login nothing is kept", async () => {
  const before = kept();
  for (const headers of [multipart, { ...multipart, authorization: "Bearer none" }]) {
    const { status } = await send(base, { method: "POST", path: "/admin/uploads", headers, body: form({ name: "a.txt" }) });
    assert.equal(status, 401);
  }
  assert.deepEqual(kept(), before);
});
await own("a large file goes past the memory, and others are served meanwhile", async () => {
  const memory = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
  const block = Buffer.alloc(1 << 20, "x");
  const [head, tail] = form({ name: "large.bin", content: "|" }).split("|");
  const before = memory();
  const answer = await new Promise((resolve, reject) => {
    const sent = http.request(base, { method: "POST", path: "/admin/uploads", headers: { ...me, ...multipart, "content-length": head.length + 64 * block.length + tail.length } }, (got) => {
      let said = "";
      got.on("data", (more) => { said += more; });
      got.on("end", () => resolve({ status: got.statusCode, json: JSON.parse(said) }));
    });
    sent.on("error", reject);
    const write = (bytes) => new Promise((done) => sent.write(bytes, done));
    (async () => {
      await write(head);
      for (let i = 0; i < 64; i++) {
        await write(block);
        if (i % 16 === 0) assert.equal((await get("/health")).status, 200);
      }
      sent.end(tail);
    })().catch(reject);
  });
  assert.equal(answer.status, 200);
  const { key } = answer.json.uploads[0];
  assert.equal(readFileSync(join(folder, "kept/files", key)).length, 64 << 20);
  const shown = await new Promise((resolve, reject) => http.get(base + pathOf(key), (got) => { let size = 0; got.on("data", (more) => { size += more.length; }); got.on("end", () => resolve(size)); got.on("error", reject); }).on("error", reject));
  assert.equal(shown, 64 << 20);
  assert.ok(memory() - before < 24, `${before} MB before, ${memory()} MB after`);
  await ask("DELETE", "/admin/uploads", { file_key: key });
});
await own("a larger one than the limit is refused", async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = http.request(base, { method: "POST", path: "/admin/uploads", headers: { ...me, ...multipart, "content-length": 81 << 20 } }, (got) => { got.resume(); resolve(got.statusCode); sent.destroy(); });
    sent.on("error", reject);
    sent.write(form({ name: "a.txt" }).slice(0, -8));
  });
  assert.equal(status, 413);
  // The limit of other bodies stays what it was.
  const { status: other } = await ask("POST", "/admin/uploads/download-url", { file_key: "x".repeat(200_000) });
  assert.equal(other, 413);
});

const { json: { uploads: [file] } } = await post(form({ name: "show me.txt", content: "0123456789" }));
await check("files are shown as express.static shows them", async () => {
  const whole = await get(pathOf(file.key));
  assert.deepEqual([whole.status, whole.text], [200, "0123456789"]);
  const { etag, "last-modified": modified, ...headers } = whole.headers;
  assert.match(etag, /^W\/"a-[0-9a-f]+"$/);
  assert.deepEqual([headers["content-type"], headers["content-length"], headers["accept-ranges"], headers["cache-control"]], ["text/plain; charset=UTF-8", "10", "bytes", "public, max-age=0"]);
  assert.equal((await get(pathOf(file.key).replace("/kept/", "/KEPT/"))).text, "0123456789"); // paths have no case
  const head = await get(pathOf(file.key), {}, "HEAD");
  assert.deepEqual([head.status, head.text, head.headers["content-length"]], [200, "", "10"]);
  for (const known of [{ "if-none-match": etag }, { "if-none-match": `"other", ${etag.slice(2)}` }, { "if-none-match": "*" }, { "if-modified-since": modified }, { "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" }]) {
    const { status, text: body, headers: { "content-length": length } } = await get(pathOf(file.key), known);
    assert.deepEqual([status, body, length], [304, "", undefined], JSON.stringify(known));
  }
  for (const stale of [{ "if-none-match": '"other"' }, { "if-none-match": etag, "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT" }, { "if-none-match": etag, "cache-control": "no-cache" }, { "if-modified-since": "soon" }])
    assert.equal((await get(pathOf(file.key), stale)).status, 200, JSON.stringify(stale));
});
await check("parts of files", async () => {
  const { headers: { etag, "last-modified": modified } } = await get(pathOf(file.key));
  for (const [range, status, body, told] of [
    ["bytes=2-4", 206, "234", "bytes 2-4/10"], ["bytes=7-", 206, "789", "bytes 7-9/10"], ["bytes=-3", 206, "789", "bytes 7-9/10"], 
    ["bytes=0-99", 206, "0123456789", "bytes 0-9/10"], ["bytes=10-", 416, null, "bytes */10"], ["bytes=1-2,4-5", 200, "0123456789", undefined], ["lines=1-2", 200, "0123456789", undefined],
    ...(real ? [] : [["bytes=-99", 206, "0123456789", "bytes 0-9/10"]]), // 1.20: 416, against RFC 9110
  ]) {
    const answer = await get(pathOf(file.key), { range });
    assert.deepEqual([answer.status, status === 416 ? null : answer.text, answer.headers["content-range"]], [status, body, told], range);
  }
  for (const [condition, status] of [[etag, 206], ['"other"', 200], [modified, 206]])
    assert.equal((await get(pathOf(file.key), { range: "bytes=1-1", "if-range": condition })).status, status, condition);
});
await check("nothing else is shown", async () => {
  writeFileSync(join(folder, "kept/files/.hidden"), "h");
  for (const path of ["none", "", ".hidden", "..%2f..%2fmedusa-config.js", "../../medusa-config.js", "%2e%2e/%2e%2e/medusa-config.js", "a%00b", "%zz", `${encodeURIComponent(file.key)}/x`])
    assert.equal((await get(`/kept/files/${path}`)).status, 404, path);
  assert.equal((await get(pathOf(file.key), {}, "POST")).status, 404);
});
await own("links don't lead out of the folder", async () => {
  symlinkSync("../../medusa-config.js", join(folder, "kept/files/link.js"));
  symlinkSync("../..", join(folder, "kept/files/up"));
  for (const path of ["link.js", "up/medusa-config.js"]) assert.equal((await get(`/kept/files/${path}`)).status, 404, path);
  await ask("DELETE", "/admin/uploads", { file_key: "up/medusa-config.js" });
  assert.ok(existsSync(join(folder, "medusa-config.js")));
});

await check("addresses of files", async () => {
  const { status, json } = await ask("POST", "/admin/uploads/download-url", { file_key: file.key });
  assert.deepEqual([status, json], [200, { download_url: file.url }]);
  const refused = await ask("POST", "/admin/uploads/download-url", { key: 7 });
  assert.deepEqual([refused.status, refused.json], [400, { type: "invalid_data", message: "property key should not exist, file_key must be a string" }]);
});
await check("removing files", async () => {
  for (let turn = 0; turn < 2; turn++) {
    const { status, json } = await ask("DELETE", "/admin/uploads", { file_key: file.key });
    assert.deepEqual([status, json], [200, { id: file.key, object: "file", deleted: true }]);
    assert.ok(!kept().includes(file.key));
  }
  const refused = await ask("DELETE", "/admin/uploads", {});
  assert.deepEqual([refused.status, refused.json], [400, { type: "invalid_data", message: "file_key must be a string" }]);
});
await own("a key leads to nothing outside of the folder", async () => {
  for (const key of ["../../medusa-config.js", "/etc/passwd", "a/../../../medusa-config.js", "", ".", "a\u0000b"]) {
    for (const [method, path] of [["DELETE", "/admin/uploads"], ["POST", "/admin/uploads/download-url"]]) {
      const { status } = await ask(method, path, { file_key: key });
      assert.equal(status, 400, `${method} ${key}`);
    }
  }
  assert.ok(existsSync(join(folder, "medusa-config.js")));
});
await stop();

await check("without a file plugin", async () => {
  const bare = await shop("");
  const headers = { ...bare.me, "content-type": "application/json" }, body = JSON.stringify({ file_key: "a" });
  const refusal = [500, { type: "unexpected_state", message: "Please add a file service plugin in order to manipulate files in Medusa" }];
  for (const request of [
    { method: "POST", path: "/admin/uploads", headers: { ...bare.me, ...multipart }, body: form({ name: "a.txt" }) },
    { method: "POST", path: "/admin/uploads/protected", headers: { ...bare.me, ...multipart }, body: form({ name: "a.txt" }) },
    { method: "POST", path: "/admin/uploads/download-url", headers, body },
    { method: "DELETE", path: "/admin/uploads", headers, body },
  ]) {
    const { status, json } = await send(bare.base, request);
    assert.deepEqual([status, json], refusal, request.path);
  }
  await bare.stop();
});
await dropAll();
finish();
