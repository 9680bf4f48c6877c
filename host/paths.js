// Paths as Express matches them. A pattern is { segments, exact }: segments are literals, null for one of any name, or `rest` for
// whatever follows. Pure functions.
"use strict";

const rest = Symbol("rest");

// A pattern of a core route's or a plugin's path as it is written: "/store/carts/:id".
const written = (path) => ({ segments: path.split("/").filter(Boolean).map((part) => (part.includes("*") ? rest : part.startsWith(":") ? null : part.toLowerCase())), exact: true });

// Back from the regular expression that Express (path-to-regexp 0.1) makes of a path; undefined for any other.
function decoded(regexp) {
  if (regexp.fast_slash) return { segments: [], exact: false };
  if (regexp.fast_star) return { segments: [rest], exact: true };
  if (!regexp.source.startsWith("^")) return undefined;
  let left = regexp.source.slice(1);
  const segments = [];
  const take = (expression) => {
    const found = expression.exec(left);
    if (found) left = left.slice(found[0].length);
    return found;
  };
  while (left) {
    if (take(/^(?:\\\/\?)?\(\?=\\\/\|\$\)$/)) return { segments, exact: false };
    if (take(/^(?:\\\/\?)?\$$/)) return { segments, exact: true };
    if (take(/^(?:\\\/)?(?:\(\?:)?\(\.\*\)\)?/)) return { segments: [...segments, rest], exact: true };
    // A parameter, whatever it must look like; an optional one may be anything.
    const parameter = take(/^\\\/\(\?:\(\[\^\\?\/\]\+\?\)\)(?=\\\/|\$|\(\?=|\(\?:\\\/)/) ?? take(/^\\\/\(\[\^\\?\/\]\+\?\)(?=\\\/|\$|\(\?=|\(\?:\\\/)/) ?? take(/^\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)(?=\\\/|\$|\(\?=|\(\?:\\\/)/);
    if (parameter) { segments.push(null); continue; }
    if (/^\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)\?/.test(left)) return { segments: [...segments, rest], exact: true };
    const literal = take(/^\\\/((?:\\[-.~^$+|]|[\w%~@!,;:=&' -])+)(?=\\\/|\$|\(\?=|\(\?:\\\/)/);
    if (!literal) return undefined;
    segments.push(literal[1].replace(/\\(.)/g, "$1").toLowerCase());
  }
  return undefined;
}

// The literal segments that a regular expression begins with: what it can't leave.
function leading(regexp) {
  const found = /^\^?((?:\\\/[\w-]+)+)(?=\\\/|\(|\$|$)/.exec(regexp.source);
  return found ? found[1].split("\\/").filter(Boolean).map((part) => part.toLowerCase()) : [];
}

// Below `above`, which is not exact.
function below(above, pattern) {
  if (above.segments.includes(rest)) return above;
  return { segments: [...above.segments, ...pattern.segments], exact: pattern.exact };
}

// How many of a core route's requests a pattern takes: "none", "some" (those of certain names), "all".
function takes(pattern, core) {
  let all = true;
  for (let at = 0; ; at++) {
    const mine = pattern.segments[at];
    const theirs = core.segments[at];
    if (mine === rest) return all ? "all" : "some";
    if (mine === undefined) return !pattern.exact || theirs === undefined ? (all ? "all" : "some") : "none";
    if (theirs === undefined) return "none";
    if (mine === null) continue;
    if (theirs === null || theirs === rest) all = false;
    else if (mine !== theirs) return "none";
  }
}

const shown = ({ segments, exact }) => `/${segments.map((segment) => (segment === rest ? "*" : segment === null ? ":any" : segment)).join("/")}${exact || segments.includes(rest) ? "" : segments.length ? "/*" : "*"}`;

// Paths that stand for a core route, for expressions that can't be decoded.
const samples = ({ segments }) => ["sample_01HZXJ8Q5V6W7Y8Z9A0B1C2D3E", "12", "sample-handle"].map((name) => `/${segments.map((segment) => segment ?? name).join("/")}`);

// The same for the regular expression of a person.
function expression_takes(regexp, core) {
  const plain = new RegExp(regexp.source, regexp.flags.replace(/[gy]/g, ""));
  if (samples(core).some((path) => plain.test(path))) return "all";
  const start = leading(regexp);
  if (!start.length) return "none";
  return takes({ segments: start, exact: false }, core) === "none" ? "none" : "all";
}

module.exports = { rest, written, decoded, below, takes, shown, expression_takes };
