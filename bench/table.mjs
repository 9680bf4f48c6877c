// The results of a bench run as a Markdown table. A row in whose time a server has done nothing, as the real one sometimes has no whole
// checkout, was not measured there, and has no ratio.
const unmeasured = "not measured";
const mebibytes = (bytes) => `${(bytes / 1048576).toFixed(0)} MiB`;
export const short = (number) => (!Number.isFinite(number) ? unmeasured : number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2));

export function table(results) {
  const [first, second] = results;
  const lines = [];
  const row = (...cells) => lines.push(`| ${cells.join(" | ")} |`);
  const told = (text, unit) => (text === unmeasured ? text : text + unit);
  const both = (of, unit = "") => results.map((result) => told(of(result), unit));
  const ratio = (of, better) => (second ? [told(short(better === "more" ? of(second) / of(first) : of(first) / of(second)), "x")] : []);
  row("", ...results.map(({ server }) => server), ...(second ? ["ratio"] : []));
  row("---", ...results.map(() => "---:"), ...(second ? ["---:"] : []));
  for (const name of Object.keys(first.rows)) {
    const at = (result) => result.rows[name];
    const rate = (result) => (at(result).count ? at(result).perSecond : NaN);
    row(`${name}: per second`, ...both((r) => short(rate(r))), ...ratio(rate, "more"));
    row("server CPU", ...both((r) => short(at(r).server), " ms"), ...ratio((r) => at(r).server, "less"));
    row("PostgreSQL CPU", ...both((r) => short(at(r).postgres), " ms"), ...ratio((r) => at(r).postgres, "less"));
    row("p99", ...both((r) => short(at(r).p99), " ms"), ...ratio((r) => at(r).p99, "less"));
    row("memory", ...both((r) => mebibytes(at(r).memory)), ...ratio((r) => at(r).memory, "less"));
    row("load of the machine", ...both((r) => short(at(r).load)), ...(second ? [""] : []));
    const limit = results.map(at).find((one) => one.limit)?.limit;
    if (limit) row("its statements alone, by pgbench: per second; PostgreSQL CPU", ...results.map((r) => (at(r).limit ? `${short(limit.perSecond)}; ${short(limit.postgres)} ms` : "")), ...(second ? [""] : []));
    row("bytes a response, wrong answers", ...both((r) => `${at(r).bytes}, ${at(r).bad + at(r).sockets}`), ...(second ? [""] : []));
  }
  row("memory after start", ...both((r) => mebibytes(r.start)), ...ratio((r) => r.start, "less"));
  row("memory with 64 connections", ...both((r) => mebibytes(r.memory64)), ...ratio((r) => r.memory64, "less"));
  row("ready after", ...both((r) => short(r.ready), " ms"), ...ratio((r) => r.ready, "less"));
  return lines.join("\n");
}
