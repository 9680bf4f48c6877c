// The texts of the statements that the sources hold. Owned by tests/names/run.mjs.
import { readFileSync } from "node:fs";

// C++ string literals that stand next to each other are one text; "..." + x + "..." is none.
const literal = String.raw`"(?:[^"\\]|\\.)*"`;
const spaces = String.raw`(?:\s|//[^\n]*\n)*`;
const statement = new RegExp(String.raw`\bdb::Statement\b(?:\s+\w+)?\s*[({]${spaces}(${literal}(?:${spaces}${literal})*)?${spaces}([)}+,]|[^\s])`, "g");

function unquoted(text) {
  return [...text.matchAll(new RegExp(literal, "g"))].map(([one]) => one.slice(1, -1).replace(/\\(.)/g, (_, c) => ({ n: "\n", t: "\t" })[c] ?? c)).join("");
}

// Of one file: { line, sql }, and for statements that are put together while the program runs { line }.
export function statementsIn(path) {
  const source = readFileSync(path, "utf8");
  const found = [];
  for (const match of source.matchAll(statement)) {
    const line = source.slice(0, match.index).split("\n").length;
    const [, literals, end] = match;
    if (literals && (end === ")" || end === "}")) found.push({ line, sql: unquoted(literals) });
    else found.push({ line, text: source.slice(match.index, match.index + 100).replace(/\s+/g, " ") });
  }
  return found;
}
