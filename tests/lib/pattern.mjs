// Relaxed JSON of the test scripts: bare keys, trailing commas, `{{variable}}`, `<matcher>`, `...` and `unordered [...]`
// (see tests/api/README.md), its values, and the comparison of a pattern with what a server answered.

export class Matcher { constructor(text) { this.text = text; } }
export class Reference { constructor(path) { this.path = path; } }
export class Unordered { constructor(items) { this.items = items; } }
export const rest = Symbol("...");

export function parsePattern(text) {
  let at = 0;
  const fail = (what) => { throw Object.assign(new Error(`${what} at: ${text.slice(at, at + 40).replace(/\s+/g, " ")}`), { incomplete: text.slice(at).trim() === "" }); };
  const blank = () => { while (/[\s,]/.test(text[at] ?? "") || text.startsWith("//", at)) { if (text[at] === "/") while (at < text.length && text[at] !== "\n") at++; else at++; } };
  const take = (pattern) => { pattern.lastIndex = at; const found = pattern.exec(text); if (found) at += found[0].length; return found; };
  function value() {
    blank();
    if (text.startsWith("...", at)) { at += 3; return rest; }
    if (text.startsWith("{{", at)) return new Reference((take(/\{\{\s*([^}]+?)\s*\}\}/y) ?? fail("bad reference"))[1]);
    if (text[at] === "<") return new Matcher((take(/<((?:[^<>\\]|\\.)+)>/y) ?? fail("bad matcher"))[1]);
    if (text[at] === '"') return JSON.parse((take(/"(?:[^"\\]|\\.)*"/y) ?? fail("bad string"))[0]);
    if (take(/unordered\s*(?=\[)/y)) return new Unordered(value());
    if (text[at] === "[") {
      const items = [];
      at++;
      for (blank(); text[at] !== "]"; blank()) { if (at >= text.length) fail("open ["); items.push(value()); }
      at++;
      return items;
    }
    if (text[at] === "{") {
      const fields = new Map();
      at++;
      for (blank(); text[at] !== "}"; blank()) {
        if (at >= text.length) fail("open {");
        if (text.startsWith("...", at)) { at += 3; fields.set(rest, true); continue; }
        const key = text[at] === '"' ? JSON.parse(take(/"(?:[^"\\]|\\.)*"/y)[0]) : (take(/[A-Za-z_$][\w$-]*/y) ?? fail("bad key"))[0];
        blank();
        if (text[at] !== ":") fail(`no ":" after ${key}`);
        at++;
        fields.set(key, value());
      }
      at++;
      return fields;
    }
    const word = take(/-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false|null/y) ?? fail("not a value");
    return JSON.parse(word[0]);
  }
  const result = value();
  blank();
  if (at < text.length) fail("more than one value");
  return result;
}

// `cart.items[0].id`, `products[handle=mug].variants[0].id`
export function follow(value, path) {
  for (const [, name, index, key, wanted] of path.matchAll(/([\w$-]+)|\[(\d+)\]|\[([\w.]+)=([^\]]*)\]/g)) {
    if (value === null || value === undefined) return undefined;
    if (name !== undefined) value = value[name];
    else if (index !== undefined) value = value[Number(index)];
    else value = Array.isArray(value) ? value.find((item) => String(follow(item, key)) === wanted) : undefined;
  }
  return value;
}

export function resolve(path, variables) {
  const value = follow(variables, path);
  if (value === undefined) throw new Error(`{{${path}}} is not known`);
  return value;
}
export const interpolate = (text, variables) => text.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_, path) => String(resolve(path, variables)));

// The value to send: no matchers.
export function concrete(pattern, variables) {
  if (pattern instanceof Reference) return resolve(pattern.path, variables);
  if (pattern instanceof Map) return Object.fromEntries([...pattern].map(([key, value]) => [key, concrete(value, variables)]));
  if (Array.isArray(pattern)) return pattern.map((value) => concrete(value, variables));
  if (typeof pattern === "string") return interpolate(pattern, variables);
  if (pattern === rest || pattern instanceof Matcher || pattern instanceof Unordered) throw new Error("a request has no patterns");
  return pattern;
}

const matchers = {
  any: () => true,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  time: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  id: (value, prefix) => typeof value === "string" && new RegExp(`^${prefix || "[a-z]+"}_[0-9A-HJKMNP-TV-Z]{26}$`).test(value),
  items: (value, count) => Array.isArray(value) && value.length === Number(count),
  text: (value, pattern) => typeof value === "string" && new RegExp(pattern).test(value),
};

const show = (value) => { const text = value === undefined ? "nothing" : JSON.stringify(value); return text.length > 160 ? `${text.slice(0, 157)}...` : text; };

// What differs, one line each.
export function differences(pattern, actual, variables, path = "body") {
  if (pattern === rest) return [];
  if (pattern instanceof Matcher) {
    const [, name, argument] = /^(\w+)\s*([\s\S]*)$/.exec(pattern.text) ?? [];
    if (!matchers[name]) throw new Error(`unknown matcher <${pattern.text}>`);
    return matchers[name](actual, argument) ? [] : [`${path}: expected <${pattern.text}>, got ${show(actual)}`];
  }
  if (pattern instanceof Reference) return same(resolve(pattern.path, variables), actual, path);
  if (typeof pattern === "string") return same(interpolate(pattern, variables), actual, path);
  if (pattern instanceof Unordered) return unordered(pattern.items, actual, variables, path);
  if (Array.isArray(pattern)) {
    if (!Array.isArray(actual)) return [`${path}: expected an array, got ${show(actual)}`];
    const open = pattern.at(-1) === rest, items = open ? pattern.slice(0, -1) : pattern;
    const found = items.flatMap((item, index) => (index < actual.length ? differences(item, actual[index], variables, `${path}[${index}]`) : [`${path}[${index}]: missing`]));
    if (!open && actual.length > items.length) found.push(`${path}: ${actual.length} items instead of ${items.length}; the next is ${show(actual[items.length])}`);
    return found;
  }
  if (pattern instanceof Map) {
    if (actual === null || typeof actual !== "object" || Array.isArray(actual)) return [`${path}: expected an object, got ${show(actual)}`];
    const found = [];
    for (const [key, value] of pattern) {
      if (key === rest) continue;
      if (!Object.hasOwn(actual, key)) found.push(`${path}.${key}: missing`);
      else found.push(...differences(value, actual[key], variables, `${path}.${key}`));
    }
    if (!pattern.has(rest)) for (const key of Object.keys(actual)) if (!pattern.has(key)) found.push(`${path}.${key}: not expected: ${show(actual[key])}`);
    return found;
  }
  return same(pattern, actual, path);
}

function unordered(items, actual, variables, path) {
  if (!Array.isArray(actual)) return [`${path}: expected an array, got ${show(actual)}`];
  const open = items.at(-1) === rest, left = [...actual], found = [];
  for (const item of open ? items.slice(0, -1) : items) {
    const index = left.findIndex((value) => differences(item, value, variables).length === 0);
    if (index < 0) found.push(`${path}: no item like ${show(item instanceof Map ? Object.fromEntries([...item].filter(([key]) => typeof key === "string")) : item)}`);
    else left.splice(index, 1);
  }
  if (!open && left.length) found.push(`${path}: ${left.length} more items, the first is ${show(left[0])}`);
  return found;
}

function same(expected, actual, path) {
  return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [`${path}: expected ${show(expected)}, got ${show(actual)}`];
}
