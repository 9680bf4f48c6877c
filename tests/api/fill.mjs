// Writes answers into a script, behind the steps that still want one: ids, times and tokens as matchers, and of an answer like an
// earlier one of the file only what changed. What lies deep or repeats is the business of tests/upstream, which compares everything.
import { unorderedArrays } from "../upstream/normalise.mjs";

const id = /^([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const width = 150, depthShown = 3;
const naming = ["title", "name", "code"]; // tell the items of an array apart

const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const isObject = (value) => value !== null && typeof value === "object";

function leaf(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  if (time.test(value)) return "<time>";
  if (/^eyJ/.test(value)) return "<text ^eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+$>";
  const found = id.exec(value);
  if (found) return `<id ${found[1]}>`;
  // A sentence that names an id.
  const named = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/_[0-9A-HJKMNP-TV-Z]{26}/g, "_\\w{26}");
  return !named.includes("\\w{26}") ? JSON.stringify(value) : value.includes(">") ? "<string>" : `<text ^${named}$>`;
}
const masked = (value) => (isObject(value) ? JSON.stringify(value, (_, item) => (isObject(item) ? item : leaf(item))) : leaf(value));

function block(open, parts, close, indent) {
  const line = open === "{" ? `{ ${parts.join(", ")} }` : `${open}${parts.join(", ")}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= width) return line;
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && !last.includes("\n") && !part.includes("\n") && indent.length + 4 + last.length + part.length <= width) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return `${open}\n${lines.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close}`;
}

function render(value, previous, indent, depth, name) {
  if (!isObject(value)) return leaf(value);
  const list = Array.isArray(value), entries = Object.entries(value);
  if (!entries.length) return list ? "[]" : "{}";
  if (depth > depthShown || (list && depth === depthShown && value.length > 3)) return list ? `<items ${value.length}>` : "{...}";
  if (list) {
    const shown = value.length > 3 ? value.slice(0, 1) : value;
    const before = Array.isArray(previous) ? previous : [];
    const parts = shown.map((item, index) => render(item, before.find((other) => other?.id === item?.id) ?? before[0] ?? (index ? value[0] : undefined), `${indent}  `, depth + 1));
    const loose = value.length > 1 && unorderedArrays.has(name);
    if (shown !== value) return loose ? `<items ${value.length}>` : block("[", [...parts, "..."], "]", indent);
    return block(loose ? "unordered [" : "[", parts, "]", indent);
  }
  const like = isObject(previous) && !Array.isArray(previous);
  const kept = like ? entries.filter(([field, item]) => masked(item) !== masked(previous[field]) || (depth > 1 && naming.includes(field))) : entries;
  const parts = kept.map(([field, item]) => `${key(field)}: ${render(item, previous?.[field], `${indent}  `, depth + 1, field)}`);
  if (kept.length < entries.length) parts.push("...");
  return parts.length === 1 && parts[0] === "..." ? "{...}" : block("{", parts, "}", indent);
}

// `arrow` is "->" for what Medusa answers, "=>" for what this server does where that differs.
export function filled(script, steps, answers, { arrow = "->", wants = (step) => !step.expect } = {}) {
  const lines = script.split("\n");
  const additions = new Map(), earlier = new Map();
  steps.forEach((step, index) => {
    const answer = answers.get(step);
    const shape = isObject(answer?.json) ? Object.keys(answer.json).join() : "";
    const previous = answer?.status === 200 ? earlier.get(shape) : undefined;
    if (answer?.status === 200 && shape) earlier.set(shape, answer.json);
    if (!wants(step) || !answer) return;
    // Behind the request, before the captures.
    let at = (steps[index + 1]?.line ?? lines.length + 1) - 1;
    while (at > step.line && (lines[at - 1].trim() === "" || /^[A-Za-z_]\w* = /.test(lines[at - 1]))) at--;
    const added = [`${arrow} ${answer.status}`];
    const type = answer.headers["content-type"];
    if (answer.json === undefined) { if (type) added.push(`content-type: ${type}`); if (answer.text.length < 200 && !answer.text.includes("\n")) added.push(`text ${answer.text}`); }
    else if (isObject(answer.json)) added.push(render(answer.json, previous, "", 0));
    additions.set(at, added);
  });
  return lines.flatMap((line, index) => (additions.has(index + 1) ? [line, ...additions.get(index + 1)] : [line])).join("\n");
}
