// The house keeps its shape: who includes whom, where third-party headers may appear, how long a file may grow.
import test from "node:test";
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const read = (path) => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["-C", root, "ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8", maxBuffer: 1 << 26 })
  .split("\n").filter((path) => path && existsSync(join(root, path)));
const sources = tracked.filter((path) => /^src\/.*\.(cpp|hpp)$/.test(path));
const lines = (path) => read(path).split("\n");

// "room: a b c" rows, in order; every name on the right must stand above.
function rows(path) {
  const order = new Map();
  const faults = [];
  lines(path).forEach((line, index) => {
    const text = line.replace(/#.*/, "").trim();
    if (!text) return;
    const found = /^([a-z_]+):(.*)$/.exec(text);
    if (!found) return faults.push(`${path}:${index + 1}: not a row: ${text}`);
    const allowed = found[2].trim().split(/\s+/).filter(Boolean);
    for (const name of allowed) if (!order.has(name)) faults.push(`${path}:${index + 1}: ${found[1]} names ${name}, which is not above it`);
    order.set(found[1], new Set(allowed));
  });
  return { order, faults };
}

function includes(path) {
  return lines(path).flatMap((line, index) => {
    const found = /^\s*#\s*include\s+(["<])([^">]+)[">]/.exec(line);
    return found ? [{ where: `${path}:${index + 1}`, own: found[1] === '"', name: found[2] }] : [];
  });
}

function directories(path) {
  return readdirSync(join(root, path), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .map((entry) => entry.name).filter((name) => sources.some((file) => file.startsWith(`${path}/${name}/`)));
}

const none = (faults, what) => assert.equal(faults.length, 0, `${what}:\n  ${faults.join("\n  ")}`);

test("rooms.txt names only rooms above", () => {
  none(rows("rooms.txt").faults, "rooms.txt");
});

test("every include obeys rooms.txt", () => {
  const { order } = rows("rooms.txt");
  const faults = [];
  for (const path of sources) {
    const room = path.split("/")[1];
    for (const { where, own, name } of includes(path)) {
      if (!own) continue;
      const other = name.split("/")[0];
      if (!name.includes("/")) faults.push(`${where}: "${name}" does not start with its room`);
      else if (!order.has(other)) faults.push(`${where}: "${name}" is in no room`);
      else if (other !== room && !order.get(room)?.has(other)) faults.push(`${where}: ${room} may not include ${other} ("${name}")`);
    }
  }
  none(faults, "includes against rooms.txt");
});

test("every domain of commerce includes only domains above it", (t) => {
  const path = ["src/commerce/rooms.txt", "commerce/rooms.txt"].find((file) => existsSync(join(root, file)));
  if (!path) return t.skip("there is no commerce/rooms.txt");
  const { order, faults } = rows(path);
  for (const name of directories("src/commerce")) if (!order.has(name)) faults.push(`src/commerce/${name} has no row in ${path}`);
  for (const file of sources.filter((name) => name.startsWith("src/commerce/"))) {
    const domain = file.split("/")[2];
    if (!order.has(domain)) continue; // files of commerce itself tie the domains together
    for (const { where, own, name } of includes(file)) {
      const [room, other, rest] = name.split("/");
      if (rest === "tables.hpp") continue; // every domain may know what rows look like
      if (!own || room !== "commerce" || !order.has(other) || other === domain) continue;
      if (!order.get(domain).has(other)) faults.push(`${where}: ${domain} may not include ${other} ("${name}")`);
    }
  }
  none(faults, path);
});

// Files of a domain that hold rows of routes speak HTTP, and those that tie the domains together. A service takes a ports::Call
// and structs.
test("services of commerce know no HTTP", () => {
  const faults = [];
  for (const path of sources.filter((name) => /^src\/commerce\/[^/]+\/[^/]+\.[ch]pp$/.test(name))) {
    if (!includes(path).some(({ own, name }) => own && name.startsWith("http/"))) continue;
    if (/\/(admin|storefront|routes|\w+_admin)\.[ch]pp$/.test(path) || /http::(Resource|Routes|Rules)\b|\bRoutes \w+\(/.test(read(path))) continue;
    faults.push(`${path} includes http/ and holds no routes`);
  }
  none(faults, "HTTP in services");
});

test("every folder in src has a row in rooms.txt and a paragraph in ARCHITECTURE.md", () => {
  const { order } = rows("rooms.txt");
  const faults = [];
  const text = existsSync(join(root, "ARCHITECTURE.md")) ? read("ARCHITECTURE.md") : "";
  const chapter = /^## Rooms\s*$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? "";
  for (const room of directories("src")) {
    if (!order.has(room)) faults.push(`src/${room} has no row in rooms.txt`);
    if (!new RegExp(`^(### ${room}\\b|(- )?\\*\\*(src/)?${room}\\*\\*)`, "m").test(chapter)) faults.push(`src/${room} has no paragraph under "## Rooms" of ARCHITECTURE.md`);
  }
  none(faults, "rooms");
});

// Which .cpp files may know a library; a header never does. A folder stands for the .cpp files in it.
const libraries = [
  { pattern: /^boost\/asio/, rooms: ["base", "db", "redis", "http", "jobs", "events", "plugins", "app", "cli"] },
  { pattern: /^(libpq|libpq-fe\.h|pg_config)/, rooms: ["db"] },
  { pattern: /^openssl\//, rooms: ["base", "redis", "http"] },
  { pattern: /^boost\/beast\/http\//, rooms: ["plugins"] },
  { pattern: /^boost\/beast(?!\/http\/)/, rooms: [] },
  { pattern: /^(regex|format|coroutine)$/, rooms: [] },
];

test("platform libraries stay in the .cpp files of platform rooms", () => {
  const faults = [];
  for (const path of sources) {
    for (const { where, own, name } of includes(path)) {
      const library = !own && libraries.find(({ pattern }) => pattern.test(name));
      if (!library) continue;
      if (path.endsWith(".hpp") && !path.endsWith("_impl.hpp")) faults.push(`${where}: <${name}> in a header`);
      else if (!library.rooms.includes(path.split("/")[1])) faults.push(`${where}: <${name}> is not for ${path.split("/")[1]}`);
    }
  }
  none(faults, "third-party includes");
});

test("no file outgrows its room", (t) => {
  const faults = [];
  for (const path of tracked.filter((file) => /\.(cpp|hpp|c|h|js|mjs|cjs)$/.test(file))) {
    const count = lines(path).length;
    if (count > 500) t.diagnostic(`${count} lines: ${path}`);
    if (count > 600) faults.push(`${count} lines: ${path}`);
  }
  none(faults, "more than 600 lines");
});

test("no unfinished marks", () => {
  const marks = new RegExp(["TO" + "DO", "FIX" + "ME"].join("|"));
  const faults = tracked.filter((path) => /\.(cpp|hpp|js|mjs|cjs|md|txt|sql|sh|py)$|^dev$|CMakeLists/.test(path) && path !== "CHANGELOG.md")
    .flatMap((path) => lines(path).flatMap((line, index) => (marks.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])));
  none(faults, "unfinished marks");
});

test("no path of one machine is tracked", () => {
  const machine = new RegExp(["/wo" + "rk/", "/ro" + "ot/", "/home/[a-z]", "/var/tm" + "p/[a-z]"].join("|"));
  const faults = tracked.filter((path) => /\.(cpp|hpp|c|h|js|mjs|cjs|json|md|txt|sql|sh|py|cmake|test|tsv)$|^dev$|CMakeLists|^\.ci\//.test(path))
    .flatMap((path) => lines(path).flatMap((line, index) => (machine.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])));
  none(faults, "machine paths");
});

// The compiler sees one file at a time: of two types of one name it takes either for the other, and the program dies elsewhere.
test("no two types of a namespace have one name", () => {
  const where = new Map();
  for (const path of sources) {
    const open = []; // of the file's namespaces, by name; null: one without a name, whose types are the file's own
    lines(path).forEach((line, index) => {
      const namespace = /^(?:inline )?namespace(?: ([\w:]+))? \{$/.exec(line);
      if (namespace) open.push(namespace[1] ?? null);
      else if (/^\} \/\/ namespace/.test(line)) open.pop();
      const type = /^(?:struct|class|enum class|enum|union) (\w+)(?![\w:])[^;(]*\{/.exec(line);
      if (!type || open.includes(null) || !open.length) return;
      const name = `${open.join("::")}::${type[1]}`;
      where.set(name, [...(where.get(name) ?? []), `${path}:${index + 1}`]);
    });
  }
  none([...where].filter(([, places]) => places.length > 1).map(([name, places]) => `${name}: ${places.join(", ")}`), "each name once");
});
