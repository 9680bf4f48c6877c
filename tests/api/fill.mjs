// Writes answers into a script, behind the steps that expect nothing yet: ids and times as matchers, ids of variables as variables.
const id = /^([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const width = 150;

const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function text(value, indent, room, depth = 0) {
  if (typeof value === "string") {
    if (time.test(value)) return "<time>";
    const found = id.exec(value);
    return found ? `<id ${found[1]}>` : JSON.stringify(value).replace(/[a-z]+_[0-9A-HJKMNP-TV-Z]{26}/g, "") === JSON.stringify(value) ? JSON.stringify(value) : "<string>";
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const list = Array.isArray(value);
  if (!Object.keys(value).length) return list ? "[]" : "{}";
  // What lies deep or repeats is the business of tests/upstream, which compares everything.
  if (depth > 3) return list ? `<items ${value.length}>` : "{...}";
  const shown = list && value.length > 3 ? value.slice(0, 1) : value;
  const parts = list ? shown.map((item) => text(item, `${indent}  `, room, depth + 1)) : Object.entries(shown).map(([name, item]) => `${key(name)}: ${text(item, `${indent}  `, room, depth + 1)}`);
  if (shown !== value) parts.push("...");
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const line = list ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (!line.includes("\n") && indent.length + line.length <= width) return line;
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && !last.includes("\n") && !part.includes("\n") && indent.length + 2 + last.length + part.length < width) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return `${open}\n${lines.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close}`;
}

export function filled(script, steps, answers) {
  const lines = script.split("\n");
  const additions = new Map();
  steps.forEach((step, index) => {
    const answer = answers.get(step);
    if (step.expect || !answer) return;
    // Behind the request, before the captures.
    const end = (steps[index + 1]?.line ?? lines.length + 1) - 1;
    let at = end;
    while (at > step.line && (lines[at - 1].trim() === "" || /^[A-Za-z_]\w* = /.test(lines[at - 1]))) at--;
    const added = [`-> ${answer.status}`];
    const type = answer.headers["content-type"];
    if (answer.json === undefined) { if (type) added.push(`content-type: ${type}`); if (answer.text.length < 200 && !answer.text.includes("\n")) added.push(`text ${answer.text}`); }
    else if (typeof answer.json === "object" && answer.json !== null) added.push(text(answer.json, ""));
    additions.set(at, added);
  });
  return lines.flatMap((line, index) => (additions.has(index + 1) ? [line, ...additions.get(index + 1)] : [line])).join("\n");
}
