// The shops of this suite: a project folder with plugins from npm, the doubles that they speak to, and a server (the real Medusa or this
// one) on a copy of the seeded database, with a Redis of its own.
import { cpSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, complete, must, readyCart, variantOf } from "../lib/buying.mjs";
import { sharedPackages } from "../lib/packages.mjs";
import { temporaryDirectory, until } from "../lib/processes.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { newRedis, sql } from "../lib/services.mjs";
import { copy, dropCopy, template } from "../lib/shop.mjs";
import { contentfulKeys, openContentful } from "./doubles/contentful.mjs";
import { googleKeys, openGoogle } from "./doubles/google.mjs";
import { mailKeys, openResend, openSegment, openSendgrid, openSlack } from "./doubles/mail.mjs";
import { openPaypal, openPaystack, paymentKeys } from "./doubles/payments.mjs";
import { openS3, s3Keys } from "./doubles/s3.mjs";
import { openAlgolia, openMeilisearch, searchKeys } from "./doubles/search.mjs";
import { openStripe, stripeKeys } from "./doubles/stripe.mjs";
import { openWebshipper, webshipperKeys } from "./doubles/webshipper.mjs";

const here = dirname(fileURLToPath(import.meta.url));

// Medusa 1.20.11 and the plugins, from the real Medusa's packages where these are installed: { path } or { missing }.
let installed;
export const packages = () => (installed ??= sharedPackages(join(here, "packages"), peer().missing ? {} : { from: join(peer().app, "node_modules") }));

// A project folder with a copy of `from` in it, in which packages are found.
export function folderOf(from) {
  const folder = temporaryDirectory("plugins");
  cpSync(from, folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "plugin-shop", version: "1.0.0", dependencies: { "@medusajs/medusa": "1.20.11" } }));
  symlinkSync(packages().path, join(folder, "node_modules"));
  return folder;
}

const services = {
  first: { stripe: openStripe, s3: openS3, sendgrid: openSendgrid, meilisearch: openMeilisearch, segment: openSegment, slack: openSlack, webshipper: openWebshipper, google: openGoogle },
  second: { paypal: openPaypal, paystack: openPaystack, s3: openS3, resend: openResend, algolia: openAlgolia, contentful: openContentful },
};
// A path that only a plugin answers, by which a test sees that plugins are there.
const ofPlugins = { first: "/webshipper/drop-points/1?postal_code=10115&country_code=de&address_1=x", second: "/paypal/hooks" };
const extras = { first: {}, second: { inventory: true } };

export const preloaded = (doubles = {}) => ({
  NODE_OPTIONS: `--require "${join(here, "preload.cjs")}"`,
  TEST_DOUBLES: JSON.stringify(Object.fromEntries(Object.values(doubles).flatMap(({ hosts = [], port }) => hosts.map((host) => [host, port])))),
});

const environmentOf = (doubles) => ({
  ...preloaded(doubles),
  STRIPE_API_KEY: stripeKeys.api, STRIPE_WEBHOOK_SECRET: stripeKeys.webhook, S3_ENDPOINT: doubles.s3.base, S3_ACCESS_KEY_ID: s3Keys.access, S3_SECRET_ACCESS_KEY: s3Keys.secret,
  SENDGRID_API_KEY: mailKeys.sendgrid, RESEND_API_KEY: mailKeys.resend, SEGMENT_WRITE_KEY: mailKeys.segment, MEILISEARCH_HOST: doubles.meilisearch?.base, MEILISEARCH_API_KEY: searchKeys.meilisearch,
  ALGOLIA_APPLICATION: searchKeys.algolia.application, ALGOLIA_KEY: searchKeys.algolia.key, WEBSHIPPER_ACCOUNT: webshipperKeys.account, WEBSHIPPER_TOKEN: webshipperKeys.token,
  WEBSHIPPER_WEBHOOK_SECRET: webshipperKeys.webhook, GOOGLE_CLIENT_SECRET: googleKeys.secret, PAYPAL_CLIENT_ID: paymentKeys.paypal.id, PAYPAL_CLIENT_SECRET: paymentKeys.paypal.secret,
  PAYSTACK_SECRET_KEY: paymentKeys.paystack, CONTENTFUL_TOKEN: contentfulKeys.token,
});

// An admin's requests to a shop, and how to see what became of them.
export async function visit(running, database, redis) {
  const { base } = running;
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const ask = async (method, path, body, headers) => {
    const answer = await call(base, method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 600)}`);
    return answer.body;
  };
  // Until what was told so far has been heard by everybody: nothing is staged, and nothing waits in BullMQ's queue.
  const settled = () => until(async () => (await sql(database, "select 1 from staged_job limit 1")).length === 0 && (await Promise.all(["wait", "active", "prioritized"].map((list) => redis.cli("exists", `RedisEventBusService:events-queue:${list}`)))).every((there) => there === "0"), { seconds: 20, every: 50, describe: () => "events are still on their way" });
  // A cart whose session with `provider` is chosen. Core and plugins hear of its customer some time later and set its sessions anew, so they
  // are given time to; a shopper who is quicker can lose the choice.
  const payable = async (handle, { provider = "manual", ...options } = {}) => {
    const cart = await readyCart(base, await variantOf(base, handle), options);
    await settled();
    await ask("POST", `/store/carts/${cart}/payment-session`, { provider_id: provider });
    return cart;
  };
  return {
    ...running, user, ask,
    asAdmin: (method, path, body) => ask(method, path, body, user),
    settled, payable,
    // An order that is paid by hand, whatever other providers the region has.
    bought: async (handle, options) => {
      const answer = await complete(base, await payable(handle, options));
      if (answer.body?.type !== "order") throw new Error(`no order: ${answer.status} ${answer.text.slice(0, 600)}`);
      return answer.body.data;
    },
    rows: (text) => sql(database, text),
    // What a plugin does some time after the answer.
    later: (what, probe) => until(probe, { seconds: 20, every: 50, describe: () => `${what}; the server's log ends with\n${running.process.tail(12)}` }),
  };
}

export async function openShop(server, name) {
  const doubles = Object.fromEntries(await Promise.all(Object.entries(services[name]).map(async ([key, open]) => [key, await open()])));
  const database = await copy(await template("stheno", extras[name]));
  await sql(database, "delete from staged_job"); // what the seed has told
  const redis = await newRedis();
  const folder = folderOf(join(here, "shops", name));
  const servers = [];
  // A server of the shop, once its plugins answer; there may be several.
  const open = async (kind) => {
    const running = await serve(kind, { folder, database, redis: redis.url, environment: environmentOf(doubles) });
    servers.push(running);
    const answers = () => fetch(`${running.base}${ofPlugins[name]}`, { method: name === "second" ? "POST" : "GET" }).then(({ status }) => ![404, 503].includes(status), () => false);
    await until(answers, { seconds: 60, every: 20, child: running.process, describe: () => running.process.tail(40) });
    return visit(running, database, redis);
  };
  return {
    ...(await open(server)), doubles, beside: open,
    close: async () => {
      await Promise.all(servers.map((running) => running.stop()));
      await Promise.all([...Object.values(doubles).map((double) => double.close()), redis.stop()]);
      await dropCopy(database);
    },
  };
}
