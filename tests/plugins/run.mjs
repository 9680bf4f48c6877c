#!/usr/bin/env node
// Two shops with unmodified plugins from npm, each once with the real Medusa (`medusa start`) and once with this server: every plugin
// does what it is for, on doubles of the services that it speaks to. Nothing is sent to the internet.
//   node tests/plugins/run.mjs [medusa|stheno] [first|second] [proof ...]
//   node tests/plugins/run.mjs fleet    both servers beside each other on one database and one Redis
// Medusa and the plugins are installed once into stheno-packages in the folder for temporary files (or $STHENO_TEST_PACKAGES), for all checkouts.
import { help } from "../lib/help.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { dropAll } from "../lib/shop.mjs";
import { openShop, packages } from "./shops.mjs";
import * as files from "./proofs/files.mjs";
import * as payments from "./proofs/payments.mjs";
import * as messages from "./proofs/messages.mjs";
import * as others from "./proofs/others.mjs";
import { fleet } from "./proofs/fleet.mjs";

help(import.meta.url);

const proofs = {
  first: { stripe: payments.stripe, s3: files.s3, sendgrid: messages.sendgrid, slack: messages.slack, segment: messages.segment, meilisearch: others.meilisearch, wishlist: others.wishlist, webshipper: others.webshipper, auth: others.auth, analytics: others.analytics },
  second: { paypal: payments.paypal, paystack: payments.paystack, minio: files.minio, resend: messages.resend, algolia: others.algolia, contentful: others.contentful, warehouses: others.warehouses },
};

const wanted = process.argv.slice(2);
const among = (names) => { const chosen = names.filter((name) => wanted.includes(name)); return chosen.length ? chosen : names; };
const { missing, seconds } = packages();
if (missing) { skip("plugins", missing); finish(); }
if (seconds) console.log(`    installed Medusa and the plugins in ${seconds} s`);

const apart = !wanted.length || wanted.some((name) => name !== "fleet");
const named = Object.values(proofs).flatMap((group) => Object.keys(group)).filter((name) => wanted.includes(name));
for (const name of apart ? among(Object.keys(proofs)) : []) {
  const chosen = Object.entries(proofs[name]).filter(([proof]) => !named.length || named.includes(proof));
  if (!chosen.length) continue;
  // Both at the same time, each with its own doubles: most of it is waiting for what plugins do later.
  await Promise.all(among(["medusa", "stheno"]).map(async (server) => {
    let shop;
    await check(`${server}: the ${name} shop opens with its plugins`, async () => { shop = await openShop(server, name); });
    if (!shop) return;
    const told = (what, body) => check(`${server}: ${what}`, body, { seconds: 120 });
    for (const [, proof] of chosen) await proof(shop, told);
    await shop.close();
  }));
}
if (!wanted.length || wanted.includes("fleet")) await fleet(check);
await dropAll();
finish();
