// CPU time and memory of a server and of PostgreSQL, from /proc.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const page = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));

function* processes() {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let text;
    try { text = readFileSync(`/proc/${name}/stat`, "utf8"); } catch { continue; }
    const field = text.slice(text.lastIndexOf(")") + 2).split(" "); // field[0] is the state, the third of proc(5)
    const time = (from) => (Number(field[from]) + Number(field[from + 1])) / ticks;
    yield { pid: Number(name), parent: Number(field[1]), group: Number(field[2]), own: time(11), ended: time(13), memory: Number(field[21]) * page };
  }
}

// Seconds of CPU and bytes of memory; `group` is the server's process group, `postmaster` PostgreSQL's process.
export function usage(group, postmaster) {
  const sum = { server: 0, postgres: 0, memory: 0, processes: 0 };
  for (const process of processes()) {
    if (process.group === group) {
      sum.server += process.own + process.ended;
      sum.memory += process.memory;
      sum.processes++;
    }
    if (process.pid === postmaster) sum.postgres += process.own + process.ended;
    else if (process.parent === postmaster) sum.postgres += process.own;
  }
  return sum;
}
export const load = () => Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]);
