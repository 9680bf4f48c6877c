// What the package's own route files say: which route is made by which statement and handled by which file. Read only when the
// project has changed something that such files name (a validator, a default list, a handler), to tell which routes that is.
"use strict";

const { existsSync, readFileSync, readdirSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const read = (path) => { try { return readFileSync(path, "utf8"); } catch { return ""; } };
// Without the helpers that a compiler puts before a module.
const own_part = (text) => text.slice(Math.max(0, text.indexOf('Object.defineProperty(exports, "__esModule"')));
const file_of = (folder, request) => [`${request}.js`, join(request, "index.js")].map((name) => resolve(folder, name)).find(existsSync);

function index_files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? index_files(join(folder, entry.name)) : entry.name === "index.js" ? [join(folder, entry.name)] : []));
}

// { local name of a module: its file }
function imports_of(text, folder) {
  const found = {};
  for (const [, name, request] of text.matchAll(/(?:var|const) (\w+) = (?:__import\w+\()?require\("(\.[^"]*)"\)/g)) found[name] = file_of(folder, request);
  return found;
}

// The end of the call that begins at `open`, which is a parenthesis.
function end_of_call(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '"') at = text.indexOf('"', at + 1);
    else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at + 1;
    if (at < 0) break;
  }
  return text.length;
}

// Statements like `route.post("/:id", …)` of one index file, with the path that their router is mounted on. What stands before one
// belongs to it: it may be a list that it uses.
function statements_of(text, base) {
  const mounted = new Map();
  const mounts = /(\w+)\.use\(\s*"([^"]*)"([^;]*?)\b(\w+)\);/g;
  for (let changed = true; changed;) {
    changed = false;
    for (const [, on, path, , router] of text.matchAll(mounts)) {
      const above = on === "app" ? base : mounted.get(on);
      if (above !== undefined && !mounted.has(router)) { mounted.set(router, above + path); changed = true; }
    }
  }
  const begun = /\b(\w+)\.(get|post|put|patch|delete)(?:\.apply\(\w+, |\()/g;
  let last = 0;
  return [...text.matchAll(begun)].flatMap((match) => {
    const [, router, method] = match;
    const prefix = router === "app" ? base : mounted.get(router);
    if (prefix === undefined) return [];
    const end = end_of_call(text, text.indexOf("(", match.index));
    const path = /"([^"]*)"/.exec(text.slice(match.index, end))?.[1];
    if (path === undefined || !path.startsWith("/")) return [];
    const statement = { route: `${method.toUpperCase()} ${`${prefix}${path}`.replace(/\/$/, "")}`, text: text.slice(last, end) };
    last = end;
    return [statement];
  });
}

class CoreRoutes {
  // `folder`: dist/api/routes of the package.
  constructor(folder) {
    this.routes = [];
    for (const area of ["admin", "store"]) {
      for (const index of index_files(join(folder, area))) {
        const text = own_part(read(index));
        const place = dirname(index);
        const imports = imports_of(text, place);
        for (const statement of statements_of(text, `/${area}`)) {
          const files = new Set([...statement.text.matchAll(/require\("(\.[^"]*)"\)/g)].map(([, request]) => file_of(place, request)));
          for (const [name, file] of Object.entries(imports)) if (statement.text.includes(`${name}.`)) files.add(file);
          files.delete(undefined);
          this.routes.push({ ...statement, index, files });
        }
      }
    }
    this.texts = new Map();
  }
  text(file) {
    if (!this.texts.has(file)) this.texts.set(file, own_part(read(file)));
    return this.texts.get(file);
  }
  // Routes whose statement, or a file that handles them, names something.
  naming(name) {
    const word = new RegExp(`\\b${name.replace(/\W/g, "\\$&")}\\b`);
    return this.routes.filter(({ text, files }) => word.test(text) || [...files].some((file) => file.endsWith(".js") && !file.endsWith("index.js") && word.test(this.text(file)))).map(({ route }) => route);
  }
  // Relations that each route loads: those it names, and those of the lists that it names. `list` gives a list by its name.
  relations(list) {
    const found = new Map();
    for (const { route, text, files } of this.routes) {
      const texts = [text, ...[...files].filter((file) => file.endsWith(".js") && !file.endsWith("index.js")).map((file) => this.text(file))];
      const paths = new Set(found.get(route));
      for (const of_file of texts) {
        for (const [name] of of_file.matchAll(/\bdefault\w*Relations\b/g)) for (const path of list(name) ?? []) paths.add(path);
        for (const [, listed] of of_file.matchAll(/\brelations: \[([^\]]*)\]/g)) for (const [, path] of listed.matchAll(/"([\w.]+)"/g)) paths.add(path);
      }
      found.set(route, [...paths]);
    }
    return found;
  }
  // Routes that a file handles, or makes.
  of_file(file) {
    return this.routes.filter(({ index, files }) => index === file || files.has(file)).map(({ route }) => route);
  }
}

module.exports = { CoreRoutes };
