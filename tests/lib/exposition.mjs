// Prometheus' text format, read strictly: what breaks a rule of it throws with the line. promtool says the same where it is installed.
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const sampleLine = new RegExp(`^(${name})(?:\\{(.*)\\})? (\\S+)$`);
const value = (text) => {
  if (!/^([+-]?\d+(\.\d+)?([eE][+-]?\d+)?|[+-]Inf|NaN)$/.test(text)) throw new Error(`${text} is no value`);
  return text === "NaN" ? NaN : Number(text.replace("Inf", "Infinity"));
};

// `a="x",b="y"` as an object.
function labels(text) {
  const found = {};
  let rest = text;
  while (rest) {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/.exec(rest);
    if (!label || (label[3] === "," && rest.length === label[0].length)) throw new Error(`labels: ${rest}`);
    if (label[1] in found) throw new Error(`the label ${label[1]} is given twice`);
    found[label[1]] = label[2].replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
    rest = rest.slice(label[0].length);
  }
  return found;
}

// { metrics: Map of name to { type, help, samples: [{ name, labels, value }] }, sum(name, labels), value(name, labels) }; the last two take a part of the labels.
export function readExposition(text) {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const metrics = new Map(), seen = new Set();
  let current;
  for (const line of text.slice(0, -1).split("\n")) {
    const fail = (why) => { throw new Error(`${why}: ${line}`); };
    const help = new RegExp(`^# HELP (${name}) (.+)$`).exec(line), type = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram)$`).exec(line);
    if (help) {
      if (metrics.has(help[1])) fail("described twice");
      metrics.set(help[1], (current = { name: help[1], help: help[2], samples: [] }));
    } else if (type) {
      if (current?.name !== type[1] || current.type || current.samples.length) fail("a type in the wrong place");
      current.type = type[2];
    } else {
      const sample = sampleLine.exec(line) ?? fail("no sample");
      const allowed = current?.type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => current.name + end) : [current?.name];
      if (!current?.type || !allowed.includes(sample[1])) fail("a sample that belongs to no metric above it");
      if (seen.has(`${sample[1]}{${sample[2]}}`)) fail("told twice");
      seen.add(`${sample[1]}{${sample[2]}}`);
      current.samples.push({ name: sample[1], labels: labels(sample[2] ?? ""), value: value(sample[3]) });
    }
  }
  for (const metric of metrics.values()) {
    if (!metric.type || !metric.samples.length) throw new Error(`${metric.name} has no type or no sample`);
    if (metric.type === "counter" && (!metric.name.endsWith("_total") || metric.samples.some(({ value: of }) => !(of >= 0)))) throw new Error(`${metric.name} is no counter`);
    if (metric.type === "histogram") checkHistogram(metric);
  }
  const samples = [...metrics.values()].flatMap((metric) => metric.samples);
  const matching = (of, wanted = {}) => samples.filter((sample) => sample.name === of && Object.entries(wanted).every(([label, is]) => sample.labels[label] === is));
  return {
    metrics,
    sum: (of, wanted) => matching(of, wanted).reduce((all, sample) => all + sample.value, 0),
    value: (of, wanted) => { const found = matching(of, wanted); if (found.length !== 1) throw new Error(`${found.length} samples of ${of} ${JSON.stringify(wanted ?? {})}`); return found[0].value; },
  };
}

// Buckets grow up to the last one, +Inf, which is the count.
function checkHistogram({ name: of, samples }) {
  const series = new Map();
  for (const { name: part, labels: { le, ...rest }, value: number } of samples) {
    const key = JSON.stringify(rest);
    if (!series.has(key)) series.set(key, { buckets: [] });
    if (part.endsWith("_bucket")) series.get(key).buckets.push([value(le), number]);
    else series.get(key)[part.slice(of.length + 1)] = number;
  }
  for (const [key, { buckets, sum, count }] of series) {
    const fail = (why) => { throw new Error(`${of} ${key}: ${why}`); };
    buckets.forEach(([bound, number], index) => { if (index && !(bound > buckets[index - 1][0] && number >= buckets[index - 1][1])) fail("its buckets do not grow"); });
    if (buckets.at(-1)?.[0] !== Infinity || buckets.at(-1)[1] !== count || !(sum >= 0)) fail("its count, sum and last bucket do not fit");
  }
}

// What promtool says against a text: lines, none where all is well; null where it is not installed.
export async function promtool(text) {
  const there = await promisify(execFile)("promtool", ["--version"]).then(() => true, () => false);
  if (!there) return null;
  return new Promise((done, failed) => {
    const child = spawn("promtool", ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { said += part; });
    child.on("error", failed);
    child.on("close", (code) => done(code === 0 && !said ? [] : [`exit code ${code}`, ...said.trim().split("\n")]));
    child.stdin.end(text);
  });
}
