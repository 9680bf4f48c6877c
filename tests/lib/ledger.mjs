// The ledger of differences from the real Medusa: what this server answers otherwise, and why.
// tests/api/differences.json: { "area: step": reason }; a status that the reason tells ("...; here 404") must hold.
// tests/upstream/differences.json: rows for what is more than one step or less than its whole answer. area and step are regular expressions
// for the whole name, path is one for a part of it ("body.cart.items[0].id"); and
//   real, ours  regular expressions for both values as JSON, where the row is only about these
//   status      of our answer, where the row is only about that
//   hides       true where the difference would change how everything else compares (names of ids, order of items): the
//               members at `path` are taken out of both answers before they are compared
//   chance      true where the real one differs from itself
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = join(dirname(fileURLToPath(import.meta.url)), "..");
const json = (path) => JSON.parse(readFileSync(join(tests, path), "utf8"));
const whole = (text) => new RegExp(`^(${text ?? ".*"})$`), part = (text) => new RegExp(text ?? "");
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const steps = json("api/differences.json");
// "area: step" of each that differs in its whole answer.
export const differingSteps = Object.keys(steps);

const rows = [
  ...Object.entries(steps).map(([name, reason]) => {
    const [, area, step] = /^(.*?): (.*)$/.exec(name);
    return { area: quoted(area), step: quoted(step), path: "^(status|body)", reason, status: Number(/\bhere (\d{3})\b/.exec(reason)?.[1]) || undefined };
  }),
  ...json("upstream/differences.json"),
].map((row) => ({ ...row, area: whole(row.area), step: whole(row.step), path: part(row.path), real: part(row.real), ours: part(row.ours) }));

const of = (area, step) => rows.filter((row) => row.area.test(area) && row.step.test(step));

// The reason why a path of our answer differs, or undefined. `status` is that of our answer; `real` and `ours` are the values, where
// both are known.
export function reasonFor(area, step, path, { status, real, ours, bothKnown, chanceOnly }) {
  const text = (value) => JSON.stringify(value) ?? "nothing";
  return of(area, step).find((row) => (!chanceOnly || row.chance) && row.path.test(path) && (!row.status || row.status === status) && (!bothKnown || (row.real.test(text(real)) && row.ours.test(text(ours)))))?.reason;
}

// A JSON value without the members that rows of that step hide.
export function withoutHidden(area, step, value) {
  const hiding = of(area, step).filter((row) => row.hides);
  const walk = (one, path) => {
    if (Array.isArray(one)) return one.map((item, index) => walk(item, `${path}[${index}]`));
    if (one === null || typeof one !== "object") return one;
    const shown = Object.entries(one).filter(([key]) => !hiding.some((row) => row.path.test(`${path}.${key}`)));
    return Object.fromEntries(shown.map(([key, item]) => [key, walk(item, `${path}.${key}`)]));
  };
  return hiding.length ? walk(value, "body") : value;
}
