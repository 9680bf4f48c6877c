// What one start leaves for the next, so that a child that has died is back in half the time: the compiled form of each file, taken for
// text that is the same to the letter, and where each `require` led, for the process that takes the place of one that has died.
// It is a convenience: whatever is wrong with it, files are found and compiled as Node does, and the server starts a child that has
// not come up once more without it.
"use strict";

const crypto = require("node:crypto");
const { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, renameSync, statSync, unlinkSync, writeSync } = require("node:fs");
const Module = require("node:module");
const { dirname, isAbsolute, join } = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

const code_file = "plugins.code", places_file = "plugins.places"; // in .stheno
const worth = 0.02; // of the files, new or changed, for which all is written again
const slice = 8, rest = 25; // milliseconds of work, and between, while requests are answered

// What is compiled holds for one Node, one kind of machine and V8's settings.
const kind = () => `${process.version} ${process.arch} ${v8.cachedDataVersionTag()}`;
// Against files that are cut off or overwritten; who may write here may write the project's code.
const sum = crypto.hash ? (text) => crypto.hash("sha1", text, "base64") : (text) => crypto.createHash("sha1").update(text).digest("base64");
const sum_length = 28;

// What is preloaded, traced, covered or debugged may depend on how Node itself finds and compiles files.
const harmless = /^--(max-(old-space|semi-space|heap)-size(=.*)?|(no-)?(warnings|deprecation)|dns-result-order=.*|unhandled-rejections=.*|use-openssl-ca|stack-trace-limit=.*)$/;
function is_plain_node() {
  if (process.env.NODE_V8_COVERAGE || process.env.NODE_COMPILE_CACHE) return false;
  const options = [...(process.env.NODE_OPTIONS ?? "").split(/\s+/).filter(Boolean), ...process.execArgv.filter((option, at, all) => option !== "-e" && all[at - 1] !== "-e")];
  return options.every((option) => harmless.test(option));
}

// What npm, yarn and pnpm change when they install something.
const written_by_installers = ["package.json", "node_modules/.package-lock.json", "node_modules/.yarn-integrity", "node_modules/.yarn-state.yml", "node_modules/.modules.yaml"];
function installed(project) {
  const found = [];
  for (let folder = project; ; folder = dirname(folder)) {
    for (const name of written_by_installers) {
      const { mtimeMs, size } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {};
      if (size !== undefined) found.push([folder, name, mtimeMs, size]);
    }
    if (folder === dirname(folder)) return found;
  }
}

// The file of compiled forms: one behind the other, their list as JSON, its length in eight digits, the sum of all before. It is not
// held in memory, where it would stay as long as the child has no reason to collect garbage.
class Compiled {
  static open(path) {
    let file;
    try {
      file = openSync(path, "r");
      const files = list_of(file);
      if (files) return new Compiled(file, files);
    } catch {
      // There is none, or not a whole one.
    }
    if (file !== undefined) closeSync(file);
    return undefined;
  }
  constructor(file, files) {
    this.file = file;
    this.files = new Map(files.map(([path, at, length, hash]) => [path, { at, length, hash }]));
    this.bytes = Buffer.allocUnsafeSlow(Math.max(...files.map(([, , length]) => length), 1)); // V8 is done with it when it has compiled
  }
  of(path, hash) {
    const found = this.files.get(path);
    if (found?.hash !== hash || readSync(this.file, this.bytes, 0, found.length, found.at) !== found.length) return undefined;
    return this.bytes.subarray(0, found.length);
  }
  close() {
    closeSync(this.file);
    this.files = this.bytes = undefined;
  }
}
function list_of(file) {
  const end = fstatSync(file).size - sum_length;
  const part = (from, to) => {
    const bytes = Buffer.alloc(to - from);
    readSync(file, bytes, 0, bytes.length, from);
    return bytes;
  };
  const hash = crypto.createHash("sha1");
  const bytes = Buffer.allocUnsafe(1 << 18);
  for (let at = 0; at < end;) {
    const length = readSync(file, bytes, 0, Math.min(bytes.length, end - at), at);
    hash.update(bytes.subarray(0, length));
    at += length;
  }
  if (end < 8 || hash.digest("base64") !== part(end, end + sum_length).toString()) return undefined;
  const length = Number(part(end - 8, end).toString());
  const { kind: of, files } = JSON.parse(part(end - 8 - length, end - 8).toString());
  return of === kind() ? files : undefined;
}

class Kept {
  // read: what was kept is taken, places only of the same run.
  constructor({ folder, run, read }, project) {
    Object.assign(this, { folder, place_of: JSON.stringify([kind(), run, installed(project)]) });
    this.compiled = read ? Compiled.open(join(folder, code_file)) : undefined;
    this.places = (read && this.read_places()) || new Map();
    this.new_places = 0;
    this.scripts = new Map(); // file: { script, hash }
    this.misses = 0;
    this.common = new Set([...this.places.values()].flatMap((of_folder) => Object.values(of_folder)));
    this.compile();
    this.resolve();
  }

  read_places() {
    try {
      const { of, places } = JSON.parse(readFileSync(join(this.folder, places_file), "utf8"));
      return of === this.place_of ? new Map(Object.entries(places)) : undefined;
    } catch {
      return undefined;
    }
  }

  compile() {
    const kept = this;
    const of_node = Module.prototype._compile;
    Module.prototype._compile = function (text, file, format, ...more) {
      const module = this;
      const script = (format === undefined || format === "commonjs") && typeof text === "string" ? kept.script_of(text, file) : undefined;
      if (!script) return of_node.call(module, text, file, format, ...more);
      // As Node makes it for each module.
      const require = (request) => module.require(request);
      require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
      require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
      require.main = process.mainModule;
      require.extensions = Module._extensions;
      require.cache = Module._cache;
      return script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file));
    };
  }
  // undefined: it is Node's to compile, since the text has an import() or does not parse.
  script_of(text, file) {
    if (!this.scripts || /\bimport\s*\(/.test(text) || text.startsWith("#!")) return undefined;
    const hash = sum(text);
    const cachedData = this.compiled?.of(file, hash);
    try {
      const script = new vm.Script(Module.wrap(text), { filename: file, cachedData, columnOffset: -Module.wrapper[0].length });
      if (!cachedData || script.cachedDataRejected) ++this.misses;
      this.scripts.set(file, { script, hash });
      return script;
    } catch {
      return undefined;
    }
  }

  resolve() {
    const kept = this;
    const of_node = Module._resolveFilename;
    Module._resolveFilename = function (request, parent, is_main, options) {
      if (!kept.places || options || is_main || !parent?.filename || typeof request !== "string") return of_node.call(this, request, parent, is_main, options);
      const folder = dirname(parent.filename);
      const known = kept.places.get(folder);
      if (known && Object.hasOwn(known, request)) return known[request];
      const file = of_node.call(this, request, parent, is_main, options);
      if (!isAbsolute(file)) return file; // a part of Node
      if (known) known[request] = file;
      else kept.places.set(folder, Object.assign(Object.create(null), { [request]: file }));
      ++kept.new_places;
      return file;
    };
    // Of which kind a file is, is asked of each package.json above it; that of the process before was the same.
    const load = Module._extensions[".js"];
    Module._extensions[".js"] = (module, file) => {
      if (!kept.places || !kept.common.has(file) || !kept.compiled?.files.has(file)) return load(module, file);
      return module._compile(readFileSync(file, "utf8"), file, "commonjs");
    };
  }

  // Once the child is ready. From here on files are found and compiled as Node does.
  async write() {
    const { scripts, places, misses, new_places } = this;
    this.scripts = this.places = this.common = undefined;
    try {
      this.compiled?.close();
      mkdirSync(this.folder, { recursive: true });
      if (new_places) await this.replace(places_file, (file) => writeSync(file, JSON.stringify({ of: this.place_of, places: Object.fromEntries(places) })));
      if (misses > scripts.size * worth) await this.replace(code_file, (file) => write_code(file, scripts));
    } catch {
      // A folder that is not to be written to, a full disk.
    }
  }
  // What processes that have died had begun to write goes first.
  async replace(of, write) {
    for (const name of readdirSync(this.folder)) if (name.startsWith(`${of}.new-`) && !is_alive(Number(name.split("-").pop()))) unlinkSync(join(this.folder, name));
    const name = join(this.folder, `${of}.new-${process.pid}`);
    const file = openSync(name, "w", 0o600);
    try {
      await write(file);
      renameSync(name, join(this.folder, of));
    } catch (error) {
      unlinkSync(name);
      throw error;
    } finally {
      closeSync(file);
    }
  }
}

function is_alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

// A little at a time, since requests are answered meanwhile.
async function write_code(file, scripts) {
  const hash = crypto.createHash("sha1");
  const add = (bytes) => { writeSync(file, bytes); hash.update(bytes); };
  const files = [];
  let at = 0, until = performance.now() + slice;
  for (const [path, { script, hash: of_text }] of scripts) {
    const data = script.createCachedData();
    add(data);
    files.push([path, at, data.length, of_text]);
    at += data.length;
    if (performance.now() < until) continue;
    await new Promise((done) => setTimeout(done, rest).unref());
    until = performance.now() + slice;
  }
  const list = Buffer.from(JSON.stringify({ kind: kind(), files }));
  add(list);
  add(Buffer.from(String(list.length).padStart(8, "0")));
  writeSync(file, hash.digest("base64"));
}

// Before anything of the project is loaded; undefined where nothing is kept.
function keep(given, project) {
  const major = Number(process.versions.node.split(".")[0]);
  if (!given || major < 20 || major > 22 || !is_plain_node()) return undefined;
  try {
    return new Kept(given, project);
  } catch {
    return undefined;
  }
}

module.exports = { keep };
