#!/usr/bin/env node
// `stheno compare` between this server and the real Medusa on one database, as an owner runs it before the switch: of the seed's shop all
// lists and their first rows, for shoppers and admins, differ in nothing but what is known.
import assert from "node:assert/strict";
import { call } from "../lib/buying.mjs";
import { command } from "../lib/configured.mjs";
import { help } from "../lib/help.mjs";
import { check, finish, skip } from "../lib/report.mjs";
import { admin, peer, serve } from "../lib/servers.mjs";
import { redis } from "../lib/services.mjs";
import { copy, dropAll, project, template } from "../lib/shop.mjs";

help(import.meta.url);
if (peer().missing) { skip("compared with the real Medusa", peer().missing); finish(); }

const database = await copy(await template("stheno"));
const options = { folder: project(), database, redis: await redis(), environment: { NODE_ENV: "development" } };
const ours = await serve("stheno", options), real = await serve("medusa", options);
const { access_token } = (await call(ours.base, "POST", "/admin/auth/token", admin)).body;

await check("the seed's shop: nothing differs from the real Medusa's answers but what is known", async () => {
  const { code, output } = await command(project(), ["compare", "--left", ours.base, "--right", real.base, "--json"], { environment: { STHENO_COMPARE_ADMIN_HEADERS: JSON.stringify({ authorization: `Bearer ${access_token}` }) }, seconds: 240 });
  const { differences, sent, known } = JSON.parse(output);
  assert.deepEqual([code, differences], [0, []]);
  assert.ok(sent > 80 && known.length > 0, `${sent} requests, ${known.length} known differences`);
});

await Promise.all([ours.stop(), real.stop()]);
await dropAll();
finish();
