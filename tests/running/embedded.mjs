#!/usr/bin/env node
// The embedded PostgreSQL: started again when it ends, shared with the commands that run beside the server, full.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { call } from "../lib/buying.mjs";
import { command, folderWith, started } from "../lib/configured.mjs";
import { pause, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { seedFile } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

if (!existsSync("/usr/lib/postgresql")) { skip("the embedded PostgreSQL", "it needs postgresql"); finish(); }

const folder = folderWith({ projectConfig: { jwt_secret: "j", cookie_secret: "c" }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"] });
chmodSync(folder, 0o711); // the user postgres must be able to enter it
const run = async (...args) => { const { code, output } = await command(folder, args); assert.equal(code, 0, output); return output; };
const start = (options) => started(undefined, { folder, ...options });
const home = () => realpathSync(join(folder, ".stheno", "postgres"));
const noted = () => readFileSync(join(home(), "data", "postmaster.pid"), "utf8").split("\n"); // process and socket's folder, among others
const url = () => `postgres://stheno@/stheno?host=${encodeURIComponent(noted()[4])}`;
const postmaster = () => Number(noted()[0]);
const status = (base, method, path, body, headers) => call(base, method, path, body, headers).then((answer) => answer.status, (error) => String(error));
const logsIn = (base, email, password) => status(base, "POST", "/admin/auth/token", { email, password });

await check("commands that run one after another each have the database for themselves", async () => {
  await run("seed", "-f", seedFile);
  await run("user", "-e", "alone@example.com", "-p", "secret word");
});

const server = await start();
await check("user, seed and migrations work beside the running server, in its database", async () => {
  assert.match(await run("user", "-e", "beside@example.com", "-p", "secret word"), /^(?!.*error)/);
  assert.equal(await logsIn(server.base, "beside@example.com", "secret word"), 200);
  assert.match(await run("migrations", "run"), /Migrations completed/);
  await run("seed", "-f", join(folder, "package.json")); // a file of which nothing is taken
  await Promise.all(Array.from({ length: 4 }, (_, i) => run("user", "-e", `beside${i}@example.com`, "-p", "secret word")));
  assert.equal(await logsIn(server.base, "beside3@example.com", "secret word"), 200);
  const second = await start();
  assert.deepEqual(second.ended, { code: 1 });
  assert.match(second.output(), /in use by another stheno \(process \d+\)\. Stop it first/);
});

await check("an embedded PostgreSQL that is killed is started again; 503 meanwhile, /health says 200", async () => {
  const before = postmaster();
  // A session that doesn't notice for a while that its server is gone.
  const busy = sql(url(), "do $$ begin for i in 1..2000000000 loop end loop; end $$").catch(() => "ended");
  await until(async () => (await sql(url(), "select 1 from pg_stat_activity where query like 'do $$%' and state = 'active'")).length > 0);
  process.kill(before, "SIGKILL");
  const heard = new Set();
  const healthy = new Set();
  await until(async () => {
    healthy.add(await status(server.base, "GET", "/health"));
    const answer = await status(server.base, "POST", "/store/carts", {});
    heard.add(answer);
    return heard.has(503) && answer === 200;
  }, { seconds: 40, describe: () => `${[...heard]}: ${server.output().slice(-2000)}` });
  assert.deepEqual([...healthy], [200]);
  assert.deepEqual([...heard].sort(), [200, 503]);
  assert.notEqual(postmaster(), before);
  assert.equal(await busy, "ended");
  assert.equal(server.lines("has ended unexpectedly").length, 1);
  assert.equal(server.lines("serves again").length, 1);
  assert.equal(await logsIn(server.base, "beside@example.com", "secret word"), 200);
});

await check("what PostgreSQL can't store for want of space or of memory is 503, and the log says why", async () => {
  for (const [code, name] of [["53100", "disk_full"], ["53200", "out_of_memory"], ["58030", "io_error"]]) {
    await sql(url(), `create or replace function fail() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: ${name}' using errcode = '${code}'; end $$;
      create or replace trigger fail before insert on cart for each row execute function fail()`);
    const answer = await call(server.base, "POST", "/store/carts", {});
    assert.deepEqual([answer.status, answer.body.type], [503, "unavailable"], name);
    assert.ok(server.output().includes(`could not extend file: ${name}`), "the log doesn't say why");
    assert.doesNotMatch(JSON.stringify(answer.body), /extend file/);
  }
  await sql(url(), "drop trigger fail on cart; drop function fail");
  assert.equal(await status(server.base, "POST", "/store/carts", {}), 200);
});

await check("a server that is stopped waits for a command that uses its database", async () => {
  const held = sql(url(), 'begin; lock table "user"; select pg_sleep(4); commit');
  held.catch(() => {}); // who awaits it later hears of it
  const waits = async (what) => (await sql(url(), `select 1 from pg_stat_activity where ${what}`)).length > 0;
  await until(() => waits("wait_event = 'PgSleep'"));
  const last = run("user", "-e", "last@example.com", "-p", "secret word");
  last.catch(() => {});
  await until(() => waits("wait_event_type = 'Lock'"));
  const stopped = server.stop();
  await last;
  await held;
  assert.deepEqual(await stopped, { code: 0 });
  assert.equal(server.lines("Another command uses the embedded database").length, 1);
});

await check("one that keeps on ending is given up: the server ends with an error", async () => {
  const again = await start();
  for (let killed = 0; !again.ended;) {
    const pid = await until(() => { try { return again.ended ? -1 : postmaster(); } catch { return 0; } }, { seconds: 30, describe: again.output });
    if (pid > 0) try { process.kill(pid, "SIGKILL"); killed++; } catch { /* has ended */ }
    assert.ok(killed < 500, again.output().slice(-2000));
    await pause(50);
  }
  assert.deepEqual(again.ended, { code: 1 });
  assert.match(again.output(), /ended too often within a minute: giving up/);
});
await check("and the next start has all that was written", async () => {
  const next = await start({ seconds: 60 });
  assert.equal(next.ended, null, next.output());
  assert.equal(await logsIn(next.base, "last@example.com", "secret word"), 200);
  assert.deepEqual(await next.stop(), { code: 0 });
  assert.throws(() => process.kill(postmaster(), 0));
});
finish();
