#!/usr/bin/env node
// projectConfig.database_*: where the database is, how the server connects, what it logs.
import assert from "node:assert/strict";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { freePort, until } from "../lib/processes.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { copy, dropAll, template } from "../lib/shop.mjs";
import { postgres, sql, withDatabase } from "../lib/services.mjs";

const database = await copy(await template("stheno"));
const name = new URL(database).pathname.slice(1);
const cluster = await postgres();
const port = new URL(database).port;
const host = new URL(database).hostname;
const [[sockets]] = await sql(database, "show unix_socket_directories");
const folder = sockets.split(",")[0].trim();
const secrets = { jwt_secret: "j", cookie_secret: "c" };
const config = (projectConfig, rest = {}) => ({ projectConfig: { ...secrets, ...projectConfig }, ...rest });
const products = (base) => fetch(`${base}/store/products?limit=1`);
async function shows(projectConfig, options = {}) {
  await serves(config(projectConfig), options, async ({ base }) => {
    const answer = await products(base);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).products.length, 1);
  });
}
const connections = (where = "true") => sql(cluster.url, `select application_name, host(client_addr) from pg_stat_activity where datname = '${name}' and ${where}`);
const role = `role_${process.pid}`;
await sql(cluster.url, `create role "${role}" login superuser password 'p@ss/w:rd'`);

// ---- database_url
const forms = {
  "postgres://": database,
  "postgresql://": database.replace("postgres://", "postgresql://"),
  "a password with escapes": `postgres://${role}:p%40ss%2Fw%3Ard@${host}:${port}/${name}`,
  "a password with a plain @ and :": `postgres://${role}:p@ss%2Fw:rd@${host}:${port}/${name}`,
  "host, port, user and password behind the question mark": `postgres:///${name}?host=${host}&port=${port}&user=${role}&password=p%40ss%2Fw%3Ard`,
  "a socket's folder as ?host=": `postgres://postgres@/${name}?host=${encodeURIComponent(folder)}&port=${port}`,
  "a socket's folder in the host's place": `postgres://postgres@${encodeURIComponent(folder)}:${port}/${name}`,
  "several hosts, the first of which is not there": `postgres://postgres@127.0.0.1:1,${host}:${port}/${name}`,
  "libpq's keywords": `host=${host} port=${port} user=postgres dbname=${name}`,
  "sslmode=disable": `${database}?sslmode=disable`,
  "ssl=false": `${database}?ssl=false`,
  "a parameter that nobody knows": `${database}?pgbouncer=true&connection_limit=1`,
  "options for the server": `${database}?options=-c%20work_mem%3D5MB`,
};
for (const [form, url] of Object.entries(forms)) await check(`database_url: ${form}`, () => shows({ database_url: url }));
await check("database_url: socket: and a socket's folder followed by a name", async () => {
  // Their port is that of the PG variables.
  const environment = { PGPORT: port, PGUSER: "postgres" };
  await shows({ database_url: `socket:${folder}?db=${name}` }, { environment });
  await shows({ database_url: `${folder} ${name}` }, { environment });
});
await check("database_url: the PG variables where there is none", () => shows({}, { environment: { PGHOST: host, PGPORT: port, PGUSER: "postgres", PGDATABASE: name } }));
await check("database_url: without any, in production, the start is refused", async () => {
  assert.match(await refuses(config({}), { environment: { NODE_ENV: "production" } }), /database_url is not set/);
});
await check("database_url: a wrong type is refused", async () => {
  assert.match(await refuses(config({ database_url: 42 }), {}), /projectConfig\.database_url .* it accepts a text/);
});
await check("database_url: what is no URL is refused with a reason that shows no password", async () => {
  for (const [url, reason] of [
    ["mysql://root:topsecret@localhost/shop", /only postgres is supported/],
    ["just-a-word", /has no scheme/],
    [`postgres://u:topsecret@${host}:port/${name}`, /what stands as its port is no number; .*percent-encode/],
    [`${database}?sslmode=sometimes`, /sslmode is sometimes/],
  ]) {
    const output = await refuses(config({ database_url: url }), {});
    assert.match(output, reason);
    assert.ok(!output.includes("topsecret"), output);
  }
});
await check("database_url: what PostgreSQL refuses is said in 1.20's words", async () => {
  assert.match(await refuses(config({ database_url: withDatabase(database, "not_there") }), {}), /The specified PostgreSQL database does not exist\. Please create it and try again\.\n.*"not_there" does not exist/);
  assert.match(await refuses(config({ database_url: `postgres://nobody_here@${host}:${port}/${name}` }), {}), /The specified credentials does not exists for the specified PostgreSQL database\./);
  assert.match(await refuses(config({ database_url: `postgres://postgres@${host}:${await freePort()}/${name}` }), {}), /Failed to establish a connection to PostgreSQL\./);
  assert.match(await refuses(config({ database_url: `postgres://postgres@host.invalid/${name}` }), {}), /might have illegal characters/);
});
await check("database_url: a database without a schema wants its migrations", async () => {
  const empty = await cluster.create(`${name}_empty`);
  try { assert.match(await refuses(config({ database_url: empty }), {}), /Migrations missing/); } finally { await cluster.drop(`${name}_empty`); }
});

// ---- database_database, database_schema, database_type
const nameless = database.replace(`/${name}`, "");
await check("database_database: fills a URL without a name, and leaves one with a name", async () => {
  await shows({ database_url: nameless, database_database: name });
  await shows({ database_url: database, database_database: "not_there" });
  await shows({ database_database: name }, { environment: { PGHOST: host, PGPORT: port, PGUSER: "postgres" } });
});
await check("database_database: a wrong type is refused", async () => {
  assert.match(await refuses(config({ database_url: nameless, database_database: ["x"] }), {}), /projectConfig\.database_database .* it accepts a text/);
});
await check("database_schema: tables are made and found in it", async () => {
  const url = await cluster.create(`${name}_schema`);
  try {
    await sql(url, 'create schema "Shop 1"');
    const schema = config({ database_url: url, database_schema: "Shop 1" });
    const done = await command(folderWith(schema), ["migrations", "run"]);
    assert.equal(done.code, 0, done.output);
    assert.deepEqual(await sql(url, "select distinct table_schema from information_schema.tables where table_name in ('product', 'migrations')"), [["Shop 1"]]);
    await serves(schema, {}, async ({ base }) => assert.equal((await products(base)).status, 200));
    assert.match(await refuses(config({ database_url: url }), {}), /Migrations missing/);
  } finally { await cluster.drop(`${name}_schema`); }
});
// A database of its own, and a role that may do nothing in it but connect.
async function withLimited(what, body) {
  const limited = `limited_${process.pid}`, url = await cluster.create(`${name}_${what}`);
  await sql(cluster.url, `create role ${limited} login`);
  try {
    await body({ url, limited, as: new URL(url).pathname.slice(1), limitedUrl: url.replace("postgres@", `${limited}@`) });
  } finally {
    await cluster.drop(`${name}_${what}`);
    await sql(cluster.url, `drop role ${limited}`);
  }
}
const migrates = (projectConfig) => command(folderWith(config(projectConfig)), ["migrations", "run"]);
await check("database_schema: beside a shop and its extension in public; made where it is missing", () => withLimited("beside", async ({ url }) => {
  const both = [{ database_url: url }, { database_url: url, database_schema: "Shop 2" }];
  assert.equal((await migrates(both[0])).code, 0);
  assert.match(await refuses(config(both[1]), {}), /The schema "Shop 2" \(database_schema\) does not exist in the database \w+: `stheno migrations run` creates it\./);
  const done = await migrates(both[1]);
  assert.equal(done.code, 0, done.output);
  const tables = await sql(url, "select schemaname, count(*) from pg_tables where schemaname in ('public', 'Shop 2') and tablename not like 'stheno%' group by 1 order by 1");
  assert.deepEqual(tables.map(([schema]) => schema), ["Shop 2", "public"]);
  assert.equal(tables[0][1], tables[1][1]);
  const trigrams = await sql(url, "select schemaname, count(*) from pg_indexes where indexdef like '%gin_trgm_ops%' group by 1 order by 1");
  assert.deepEqual(trigrams, [["Shop 2", "5"], ["public", "5"]]);
  for (const projectConfig of both) await serves(config(projectConfig), {}, async ({ base }) => assert.equal((await products(base)).status, 200));
}));
await check("database_schema: what a role may not is said, with what to grant", () => withLimited("rights", async ({ url, limited, as, limitedUrl }) => {
  const shop = { database_url: limitedUrl, database_schema: "shop" };
  const says = async (projectConfig, sentence) => {
    const { code, output } = await migrates(projectConfig);
    assert.equal(code, 1, output);
    assert.ok(output.includes(sentence), output);
  };
  await says(shop, `The schema shop (database_schema) does not exist in the database ${as}, and the role ${limited} may not create it. Have its owner run: CREATE SCHEMA shop AUTHORIZATION ${limited};`);
  assert.match(await refuses(config(shop), {}), /The schema shop \(database_schema\) does not exist/);
  await sql(url, "create schema shop");
  await says(shop, `GRANT USAGE, CREATE ON SCHEMA shop TO ${limited};`);
  assert.match(await refuses(config(shop), {}), /GRANT USAGE, CREATE ON SCHEMA shop TO/);
  await sql(url, `grant usage on schema shop to ${limited}`);
  await says(shop, `Migrations create tables, and the role ${limited} may create none in the schema shop of the database ${as}. Have its owner run: GRANT CREATE ON SCHEMA shop TO ${limited};`);
  // As any role's public schema since PostgreSQL 15.
  await says({ database_url: limitedUrl }, `GRANT CREATE ON SCHEMA public TO ${limited};`);
  await sql(url, `grant create on schema shop to ${limited}`);
  await says(shop, "Have an administrator run, in that database: CREATE EXTENSION pg_trgm;");
  await sql(url, "create extension pg_trgm");
  const done = await migrates(shop);
  assert.equal(done.code, 0, done.output);
  // Nothing of ours can be added to a schema in which the role may create nothing: PostgreSQL's words say why.
  await sql(url, `revoke create on schema shop from ${limited}`);
  await serves(config(shop), {}, async ({ base, lines }) => {
    assert.equal((await products(base)).status, 200);
    assert.deepEqual(lines("couldn't be added to the database").map(({ reason }) => reason), Array(2).fill("PostgreSQL says: permission denied for schema shop"));
  });
}));
await check("database_schema: the default leaves a search path that the URL sets", async () => {
  const url = await cluster.create(`${name}_path`);
  try {
    await sql(url, "create schema elsewhere");
    const path = config({ database_url: `${url}?options=-c%20search_path%3Delsewhere` });
    const done = await command(folderWith(path), ["migrations", "run"]);
    assert.equal(done.code, 0, done.output);
    assert.deepEqual(await sql(url, "select table_schema from information_schema.tables where table_name = 'product'"), [["elsewhere"]]);
  } finally { await cluster.drop(`${name}_path`); }
});
await check("database_type: postgres, or nothing; all others are refused", async () => {
  await shows({ database_url: database, database_type: "postgres" });
  await shows({ database_url: database, database_type: undefined });
  for (const type of ["sqlite", "mysql", 7]) assert.match(await refuses(config({ database_url: database, database_type: type }), {}), /projectConfig\.database_type is .*only postgres is supported/);
});

await check("database_driver_options: of modules, which share the server's connections here; no object counts as none", async () => {
  await shows({ database_url: database, database_driver_options: { connection: { ssl: { rejectUnauthorized: false } }, pool: { max: 1 } } });
  await serves(config({ database_url: database, database_driver_options: "x" }), {}, async ({ base, lines }) => {
    assert.equal((await products(base)).status, 200);
    assert.equal(lines("projectConfig.database_driver_options is a text; it accepts an object, and counts as none").length, 1);
  });
});

// ---- database_extra
await check("database_extra: application_name is what the database shows, the URL's wins", async () => {
  await serves(config({ database_url: database, database_extra: { application_name: "shop-a" } }), {}, async ({ base }) => {
    await products(base);
    assert.ok((await connections("application_name = 'shop-a'")).length > 0);
  });
  await serves(config({ database_url: `${database}?application_name=shop-b`, database_extra: { application_name: "shop-a" } }), {}, async ({ base }) => {
    await products(base);
    assert.equal((await connections("application_name = 'shop-a'")).length, 0);
    assert.ok((await connections("application_name = 'shop-b'")).length > 0);
  });
  await serves(config({ database_url: database }), {}, async ({ base }) => {
    await products(base);
    assert.ok((await connections("application_name = 'stheno'")).length > 0);
  });
});
await check("database_extra: host, port, user, password and database where the URL says nothing", async () => {
  await shows({ database_extra: { host, port: Number(port), user: role, password: "p@ss/w:rd", database: name } });
  await shows({ database_url: database, database_extra: { host: "host.invalid", user: "nobody_here", database: "not_there" } });
  await shows({ database_url: "postgres://host.invalid/", database_extra: { connectionString: database } });
});
// One delivers events, and each thread needs two.
for (const max of [5, 7, "9"])
  await check(`database_extra: max ${JSON.stringify(max)} is the most connections of the whole server, under load`, async () => {
    await serves(config({ database_url: database, database_extra: { max, application_name: `max-${max}` } }), { args: ["--threads", "2"] }, async ({ base, output }) => {
      let most = 0;
      let done = false;
      const watch = (async () => { while (!done) most = Math.max(most, (await connections(`application_name = 'max-${max}'`)).length); })();
      // Carts are transactions; products are reads.
      const requests = Array.from({ length: 60 }, (_, index) => index % 2 ? products(base) : fetch(`${base}/store/carts`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }));
      const statuses = (await Promise.all(requests)).map(({ status }) => status);
      done = true;
      await watch;
      assert.deepEqual([...new Set(statuses)], [200]);
      assert.ok(most >= 2 && most <= Number(max), `${most} connections`);
      assert.equal(/leaves connections for 1 of 2 threads/.test(output()), Number(max) < 7); // two a thread, the delivery of events, and two of a job
    });
  });
await check("database_extra: a max that is not enough is exceeded by one, and that is said", async () => {
  await serves(config({ database_url: database, database_extra: { max: 2, application_name: "max-2" } }), { args: ["--threads", "2"] }, async ({ base, output }) => {
    assert.deepEqual([...new Set((await Promise.all(Array.from({ length: 20 }, () => products(base)))).map(({ status }) => status))], [200]);
    assert.match(output(), /database_extra\.max is 2; 5 connections may be opened, for one thread: each needs two, and what goes on beside 3/);
  });
});
// Whose sessions PgBouncer keeps.
if (process.env.STHENO_TEST_POOLER) skip("database_extra: idleTimeoutMillis closes what nobody uses", "the pooler's sessions are not ours to close");
else await check("database_extra: idleTimeoutMillis closes what nobody uses", async () => {
  await serves(config({ database_url: database, database_extra: { idleTimeoutMillis: 200, application_name: "idle" } }), { args: ["--threads", "1"] }, async ({ base }) => {
    const cart = () => fetch(`${base}/store/carts`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    let done = false;
    const most = (async () => { let found = 0; while (!done) found = Math.max(found, (await connections("application_name = 'idle'")).length); return found; })();
    for (let turn = 0; turn < 5; turn++) await Promise.all(Array.from({ length: 40 }, cart));
    done = true;
    assert.ok((await most) > 3, `${await most} connections`);
    await until(async () => (await connections("application_name = 'idle'")).length <= 3, { seconds: 5, describe: () => "the connections stayed" });
    assert.equal((await cart()).status, 200);
  });
});
await check("database_extra: statement_timeout, lock_timeout, query_timeout and idle_in_transaction_session_timeout are set", async () => {
  const setting = async (extra, parameter) => {
    // What the server itself was told is seen where it waits: a table under a lock that nobody gives up.
    let answer;
    await serves(config({ database_url: database, database_extra: extra }), {}, async ({ base, lines }) => {
      const holder = sql(database, "begin; lock table product in access exclusive mode; select pg_sleep(1.5); commit");
      await until(async () => (await sql(database, "select 1 from pg_locks where mode = 'AccessExclusiveLock' and relation = 'product'::regclass and granted")).length > 0, { seconds: 5 });
      answer = await products(base);
      const said = lines("PostgreSQL refused a statement").map(({ sqlstate }) => sqlstate);
      await holder;
      assert.equal(answer.status, 500, parameter);
      assert.ok(said.includes(parameter), `${parameter}: ${said}`);
    });
  };
  await setting({ statement_timeout: 200 }, "57014");
  await setting({ query_timeout: 200, statement_timeout: 60_000 }, "57014");
  await setting({ lock_timeout: 200 }, "55P03");
});
await check("database_extra: connectionTimeoutMillis is how long a start waits for a silent server", async () => {
  const { createServer } = await import("node:net");
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((done) => silent.once("listening", done));
  const began = performance.now();
  assert.match(await refuses(config({ database_url: `postgres://postgres@127.0.0.1:${silent.address().port}/x`, database_extra: { connectionTimeoutMillis: 300 } }), {}), /no answer within 300 ms/);
  assert.ok(performance.now() - began < 5_000);
  silent.close();
});
await check("database_extra: wrong types are named, never shown; what has no meaning here is said", async () => {
  const output = await refuses(config({ database_url: database, database_extra: { max: "many", password: { a: "topsecret" }, ssl: "perhaps", statement_timeout: [] } }), {});
  assert.match(output, /database_extra\.max has a value of another kind; it accepts a whole number/);
  assert.match(output, /database_extra\.password .* it accepts a text/);
  assert.match(output, /database_extra\.ssl .* rejectUnauthorized/);
  assert.match(output, /database_extra\.statement_timeout .* milliseconds/);
  assert.ok(!output.includes("topsecret"), output);
  await serves(config({ database_url: database, database_extra: { maxUses: 7, poolPartyHats: true } }), {}, async (server) => {
    assert.match(server.output(), /database_extra\.maxUses is without effect here/);
    assert.match(server.output(), /database_extra\.poolPartyHats is without effect here/);
  });
  await serves(config({ database_url: database, database_extra: "max=3" }), {}, async (server) => assert.match(server.output(), /database_extra is a text; it accepts an object/));
});

// ---- database_logging
const logged = async (database_logging, body, { url = database } = {}) => {
  let said;
  await serves(config({ database_url: url, database_logging }), {}, async (server) => { await body(server); said = server; });
  return said;
};
const reads = ({ base }) => products(base);
await check("database_logging: by default nothing", async () => {
  for (const value of [undefined, false, [], ["migration"], "query"]) {
    const { output } = await logged(value, reads);
    assert.ok(!/"query: /.test(output()), `${JSON.stringify(value)}: ${output().slice(0, 500)}`);
  }
});
await check("database_logging: statements with their duration, without parameters", async () => {
  for (const value of [true, "all", ["query"]]) {
    const { lines, output } = await logged(value, async ({ base }) => { assert.equal((await fetch(`${base}/store/products?handle=parameter-of-mine`)).status, 200); });
    const statements = lines("query: ");
    assert.ok(statements.some(({ message, ms, level }) => /^query: .*FROM "?product"?/s.test(message) && Number(ms) >= 0 && level === "info"), JSON.stringify(value));
    assert.ok(statements.some(({ message }) => message === "query: BEGIN") && statements.some(({ message }) => message === "query: COMMIT"), "transactions");
    assert.ok(!output().split("\n").filter((line) => line.startsWith("{")).some((line) => line.includes("parameter-of-mine")));
  }
});
await check("database_logging: with their parameters on demand", async () => {
  const said = async (environment, database_logging) => {
    let lines;
    await serves(config({ database_url: database, database_logging }), { environment }, async (server) => { assert.equal((await fetch(`${server.base}/store/products?handle=parameter-of-mine`)).status, 200); lines = server.lines("parameter-of-mine").filter(({ message }) => message.startsWith("query: ")); });
    return lines;
  };
  assert.match((await said({ STHENO_LOG_PARAMETERS: "true" }, true))[0].message, / -- PARAMETERS: \[.*"parameter-of-mine".*\]$/s);
  for (const [environment, value] of [[{}, true], [{ STHENO_LOG_PARAMETERS: "false" }, true], [{ STHENO_LOG_PARAMETERS: "true" }, false]]) assert.deepEqual(await said(environment, value), []);
});
await check("database_logging: error logs what failed, and nothing else", async () => {
  const { lines } = await logged(["error"], async ({ base }) => {
    await sql(database, "alter table product rename to product_away");
    try { assert.equal((await products(base)).status, 500); } finally { await sql(database, "alter table product_away rename to product"); }
  });
  assert.equal(lines("query: ").length, 0);
  const [failed] = lines("query failed: ");
  assert.equal(failed.level, "error");
  assert.equal(failed.sqlstate, "42P01");
  assert.ok(Number(failed.ms) >= 0);
});
await check("database_logging: warn, info and log pass on what the server says", async () => {
  await sql(database, `create or replace function says() returns trigger language plpgsql as $$ begin raise warning 'a warning'; raise notice 'a notice'; raise log 'a log'; return new; end $$;
    create trigger says before insert on cart for each row execute function says(); alter database "${name}" set client_min_messages = 'log'`);
  const cart = ({ base }) => fetch(`${base}/store/carts`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  const levels = ({ lines }) => ["a warning", "a notice", "a log"].map((text) => lines(text).find(({ from }) => from === "postgres")?.level);
  try {
    assert.deepEqual(levels(await logged(["warn"], cart)), ["warn", undefined, undefined]);
    assert.deepEqual(levels(await logged(["info"], cart)), [undefined, "info", undefined]);
    assert.deepEqual(levels(await logged(["log"], cart)), [undefined, undefined, "info"]);
    assert.deepEqual(levels(await logged(true, cart)), ["warn", "info", "info"]);
    // Not even at the lowest level, which is the usual one.
    for (const value of [false, undefined]) assert.doesNotMatch((await logged(value, cart)).output(), /a warning|a notice|a log|"postgres"/);
  } finally {
    await sql(database, `drop trigger says on cart; drop function says(); alter database "${name}" reset client_min_messages`);
  }
});
await check("database_logging: schema and migration tell what migrations do", async () => {
  for (const [database_logging, schema, migration] of [[["schema"], true, false], [["migration"], false, true], [false, false, false]]) {
    const url = await cluster.create(`${name}_migrations`);
    try {
      const done = await command(folderWith(config({ database_url: url, database_logging })), ["migrations", "run"]);
      assert.equal(done.code, 0, done.output);
      assert.equal(/schema: CREATE TABLE/.test(done.output), schema, JSON.stringify(database_logging));
      assert.equal(/migration: \w+ has been applied/.test(done.output), migration, JSON.stringify(database_logging));
    } finally { await cluster.drop(`${name}_migrations`); }
  }
});
await check("database_logging: a word that nobody knows is said; a wrong type is refused", async () => {
  await serves(config({ database_url: database, database_logging: ["query", "loud"] }), {}, async (server) => assert.match(server.output(), /database_logging is .*loud.*; it accepts/));
  assert.match(await refuses(config({ database_url: database, database_logging: 3 }), {}), /projectConfig\.database_logging is 3; it accepts true, false/);
});

await sql(cluster.url, `drop role "${role}"`);
await dropAll();
finish();
