#!/usr/bin/env node
// TLS to PostgreSQL and Redis, and passwords that count: certificates are verified as Node verifies them.
import assert from "node:assert/strict";
import { certificates } from "../lib/certificates.mjs";
import { command, folderWith, refuses, serves } from "../lib/configured.mjs";
import { freePort } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { newPostgres, newRedis } from "../lib/services.mjs";

const made = certificates();
const secrets = { jwt_secret: "j", cookie_secret: "c" };
const ca = made.text(made.authority.cert);
const products = (base) => fetch(`${base}/store/products`);

// ---- PostgreSQL: over the network by TLS alone; "shop" with a password, "certified" with a certificate.
const postgres = await newPostgres({
  settings: ["ssl = on", "ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'", "ssl_ca_file = 'authority.crt'", "password_encryption = 'scram-sha-256'"],
  hba: ["hostssl all certified all cert map=shops", "hostssl all all all scram-sha-256", "hostnossl all plain all scram-sha-256"],
  files: { "server.crt": made.server.cert, "server.key": made.server.key, "authority.crt": made.authority.cert },
  ident: ["shops shop certified"],
});
const name = "tls_shop";
await postgres.sql(`create database ${name}`);
for (const role of ["shop", "certified", "plain"]) await postgres.sql(`create role ${role} superuser login password 'p@ss/w:rd?#'`);
const socket = `postgres://postgres@/${name}?host=${encodeURIComponent(postgres.directory)}&port=${postgres.port}`;
const migrated = await command(folderWith({ projectConfig: { ...secrets, database_url: socket } }), ["migrations", "run"]);
assert.equal(migrated.code, 0, migrated.output);
const url = ({ user = "shop", password = "p%40ss%2Fw%3Ard%3F%23", host = "127.0.0.1", query = "" } = {}) => `postgres://${user}:${password}@${host}:${postgres.port}/${name}${query}`;
const config = (database_url, ssl) => ({ projectConfig: { ...secrets, database_url, ...(ssl === undefined ? {} : { database_extra: { ssl } }) } });
// Who is connected from the server, and whether by TLS.
async function connects(database_url, ssl, { user = "shop", tls = "t", environment } = {}) {
  await serves(config(database_url, ssl), { environment }, async ({ base }) => {
    assert.equal((await products(base)).status, 200);
    const rows = await postgres.sql(`select distinct usename, s.ssl from pg_stat_activity a join pg_stat_ssl s using (pid) where datname = '${name}' and application_name = 'stheno'`);
    assert.deepEqual(rows, [[user, tls]]);
  });
}
const fails = async (database_url, ssl, reason, options) => assert.match(await refuses(config(database_url, ssl), options), reason);
const unknown = /certificate verify failed/, misnamed = /does not match host name/;

await check("PostgreSQL: a password with any character counts, and a wrong one is refused without showing it", async () => {
  await connects(url({ query: "?sslmode=no-verify" }));
  const output = await refuses(config(url({ password: "topsecret", query: "?sslmode=no-verify" })));
  assert.match(output, /password authentication failed for user "shop"/);
  assert.ok(!output.includes("topsecret"), output);
});
await check("PostgreSQL: without a word about TLS it is used where the server insists on it", () => connects(url()));
await check("PostgreSQL: a server that wants none, and ssl: false or sslmode=disable", async () => {
  await connects(url({ user: "plain" }), false, { user: "plain", tls: "f" });
  await connects(url({ user: "plain", query: "?sslmode=disable" }), undefined, { user: "plain", tls: "f" });
  await fails(url({ query: "?sslmode=disable" }), undefined, /no pg_hba\.conf entry|no encryption/);
});
await check("PostgreSQL: ssl with its authority is verified, by address and by name", async () => {
  await connects(url(), { ca });
  await connects(url({ host: "localhost" }), { ca, rejectUnauthorized: true });
  await connects(url(), { ca: [made.text(made.selfSigned.cert), ca] });
  await connects(url({ query: `?sslmode=verify-full&sslrootcert=${encodeURIComponent(made.authority.cert)}` }));
});
await check("PostgreSQL: a certificate that nobody vouches for is refused, with a hint", async () => {
  for (const ssl of [true, {}, { rejectUnauthorized: true }, { ca: made.text(made.selfSigned.cert) }]) await fails(url(), ssl, unknown);
  for (const query of ["?ssl=true", "?sslmode=require", "?sslmode=prefer", "?sslmode=verify-ca", "?sslmode=verify-full"]) await fails(url({ query }), undefined, unknown);
  await fails(url(), true, /rejectUnauthorized: false/);
});
await check("PostgreSQL: rejectUnauthorized false and no-verify take any", async () => {
  await connects(url(), { rejectUnauthorized: false });
  await connects(url({ query: "?ssl=no-verify" }));
  await connects(url(), { rejectUnauthorized: false, ca: made.text(made.selfSigned.cert) });
});
await check("PostgreSQL: the URL's sslmode wins over ssl beside it, as with pg", () => fails(url({ query: "?sslmode=require" }), { rejectUnauthorized: false }, unknown));
await check("PostgreSQL: uselibpqcompat=true means libpq's modes", async () => {
  await connects(url({ query: "?uselibpqcompat=true&sslmode=require" }));
  await fails(url({ query: `?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${encodeURIComponent(made.selfSigned.cert)}` }), undefined, unknown);
});
await check("PostgreSQL: a client's certificate, in the options and in the URL", async () => {
  await connects(url({ user: "certified" }), { ca, cert: made.text(made.client.cert), key: made.text(made.client.key) }, { user: "certified" });
  const parameters = new URLSearchParams({ sslmode: "verify-full", sslrootcert: made.authority.cert, sslcert: made.client.cert, sslkey: made.client.key });
  await connects(url({ user: "certified", query: `?${parameters}` }), undefined, { user: "certified" });
  await fails(url({ user: "certified" }), { ca }, /certificate/);
});
await check("PostgreSQL: NODE_EXTRA_CA_CERTS and NODE_TLS_REJECT_UNAUTHORIZED count", async () => {
  await connects(url(), true, { environment: { NODE_EXTRA_CA_CERTS: made.authority.cert } });
  await connects(url(), true, { environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  await fails(url(), { rejectUnauthorized: true }, unknown, { environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  await connects(url({ query: "?sslmode=require" }), undefined, { environment: { NODE_EXTRA_CA_CERTS: made.authority.cert } });
});
await check("PostgreSQL: another name than the certificate's is refused, unless checkServerIdentity takes any", async () => {
  postgres.use("server.crt", made.elsewhere.cert);
  postgres.use("server.key", made.elsewhere.key);
  await postgres.sql("select pg_reload_conf()");
  try {
    await fails(url({ host: "localhost" }), { ca }, misnamed);
    await connects(url({ host: "localhost" }), { ca, checkServerIdentity: () => undefined });
    await fails(url({ host: "localhost" }), { ca, checkServerIdentity: (host, certificate) => (certificate.subject.CN === host ? undefined : new Error("no")) }, misnamed);
    await connects(url(), { ca, servername: "elsewhere.example" });
    await fails(url({ host: "localhost" }), { ca: made.text(made.selfSigned.cert), checkServerIdentity: () => undefined }, unknown);
  } finally {
    postgres.use("server.crt", made.server.cert);
    postgres.use("server.key", made.server.key);
    await postgres.sql("select pg_reload_conf()");
  }
});
await check("PostgreSQL: TLS demanded of a server without it is refused", async () => {
  const plain = await newPostgres();
  await fails(`${plain.url}`, { rejectUnauthorized: false }, /server does not support SSL/);
  await plain.stop();
});

// ---- Redis
async function tlsRedis(certificate, more = []) {
  const port = await freePort();
  return newRedis({ port, args: ["--port", "0", "--tls-port", String(port), "--tls-cert-file", certificate.cert, "--tls-key-file", certificate.key, "--tls-ca-cert-file", made.authority.cert, "--tls-auth-clients", "optional", ...more], probe: ["--tls", "--insecure", "--cert", made.client.cert, "--key", made.client.key] });
}
const shop = (redis, redis_options, scheme = "rediss", host = "127.0.0.1") => ({ projectConfig: { ...secrets, database_url: socket, redis_url: `${scheme}://${host}:${redis.port}`, ...(redis_options ? { redis_options } : {}) } });
async function keeps(redis, projectConfig, environment) {
  await redis.cli("flushall");
  await serves(projectConfig, { environment }, async ({ base, output }) => {
    const answer = await products(base);
    assert.match(answer.headers.get("set-cookie") ?? "", /connect\.sid/, output());
    assert.match(await redis.cli("keys", "*"), /^sess:/);
  });
}
// The shop opens, without stored sessions, and says why.
async function without(redis, projectConfig, reason) {
  await redis.cli("flushall");
  await serves(projectConfig, {}, async ({ base, output }) => {
    const answer = await products(base);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("set-cookie"), null);
    assert.match(output(), reason);
    assert.equal(await redis.cli("keys", "*"), "");
  });
}
const verified = await tlsRedis(made.server);
await check("Redis: rediss:// with its authority is verified, by address and by name", async () => {
  await keeps(verified, shop(verified, { tls: { ca } }));
  await keeps(verified, shop(verified, { tls: { ca } }, "rediss", "localhost"));
  await keeps(verified, shop(verified, { tls: { ca } }, "redis")); // the option alone
  await keeps(verified, shop(verified, undefined), { NODE_EXTRA_CA_CERTS: made.authority.cert });
});
await check("Redis: a certificate that nobody vouches for is refused", async () => {
  for (const tls of [undefined, {}, true, { ca: made.text(made.selfSigned.cert) }]) await without(verified, shop(verified, tls === undefined ? undefined : { tls }), /certificate verify failed/);
  assert.match(await refuses(shop(verified, undefined), { environment: { NODE_ENV: "production" } }), /error: projectConfig\.redis_url: Redis is not available: certificate verify failed.* \(nobody who is known vouches for its certificate/);
});
await check("Redis: rejectUnauthorized false takes any", async () => {
  await keeps(verified, shop(verified, { tls: { rejectUnauthorized: false } }));
  await keeps(verified, shop(verified, undefined), { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
});
await check("Redis: plain words to a server of TLS, and TLS to a plain one", async () => {
  await without(verified, shop(verified, undefined, "redis"), /Redis is not available/);
  await without(verified, shop(verified, { tls: false }), /Redis is not available/);
  const plain = await newRedis();
  await without(plain, shop(plain, { tls: { rejectUnauthorized: false } }), /Redis is not available/);
  await plain.stop();
});
await verified.stop();
await check("Redis: another name than the certificate's is refused, unless servername or checkServerIdentity say otherwise", async () => {
  const redis = await tlsRedis(made.elsewhere);
  await without(redis, shop(redis, { tls: { ca } }, "rediss", "localhost"), /certificate verify failed/);
  await keeps(redis, shop(redis, { tls: { ca, servername: "elsewhere.example" } }, "rediss", "localhost"));
  await keeps(redis, shop(redis, { tls: { ca, checkServerIdentity: () => undefined } }, "rediss", "localhost"));
  await redis.stop();
});
await check("Redis: a client's certificate where the server wants one", async () => {
  const redis = await tlsRedis(made.server, ["--tls-auth-clients", "yes"]);
  await keeps(redis, shop(redis, { tls: { ca, cert: made.text(made.client.cert), key: made.text(made.client.key) } }));
  await without(redis, shop(redis, { tls: { ca } }), /Redis is not available/);
  await redis.stop();
});
await check("Redis: what is no certificate ends the start", async () => {
  const redis = await newRedis();
  assert.match(await refuses(shop(redis, { tls: { cert: "no certificate", key: "no key" } })), /TLS options hold what is no certificate or key/);
  await redis.stop();
});

await postgres.stop();
finish();
