#!/usr/bin/env node
// What a purchase stages in staged_job is delivered: soon, once, and also when the server is killed in between.
//   node tests/events/run.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { buy, call, must } from "../lib/buying.mjs";
import { until } from "../lib/processes.mjs";
import { check, finish } from "../lib/report.mjs";
import { dropAll, project, shop } from "../lib/shop.mjs";
import { admin, serve } from "../lib/servers.mjs";
import { sql } from "../lib/services.mjs";

let running = await shop("stheno", { extras: { rows: "orders.sql" } });
const { database } = running;
const again = async (options = {}) => (running = await serve("stheno", { folder: project(), database, ...options }));

const staged = async () => (await sql(database, "select event_name from staged_job order by id")).map(([name]) => name);
const isEmpty = (server) => until(async () => (await staged()).length === 0, { child: server.process, describe: () => `rows stay in staged_job\n${server.process.tail(10)}` });
// The events that a server says it delivered, oldest first.
const delivered = (server) => readFileSync(server.log, "utf8").split("\n").flatMap((line) => /Processing (\S+) which has \d+ subscribers/.exec(line)?.[1] ?? []);
const tally = (names) => Object.fromEntries([...new Set(names)].sort().map((name) => [name, names.filter((other) => other === name).length]));

// Everything that is staged from now on is kept in this table, too.
await sql(database, `create table staged_ever (at serial, name text, data jsonb);
  create function keep_staged() returns trigger language plpgsql as $$ begin insert into staged_ever (name, data) values (new.event_name, new.data); return new; end $$;
  create trigger keep_staged after insert on staged_job for each row execute function keep_staged()`);
const ever = async () => (await sql(database, "select name from staged_ever order by at")).map(([name]) => name);
const forget = () => sql(database, "truncate staged_ever");

await check("a purchase's events are delivered, each once, and their rows deleted", async () => {
  await isEmpty(running);
  const before = delivered(running).length;
  await forget();
  await buy(running.base, "poster");
  await isEmpty(running);
  const now = delivered(running).slice(before);
  assert.deepEqual(tally(now), tally(await ever()));
  assert.deepEqual([now[0], now.at(-1)], ["cart.created", "order.placed"]);
});

await check("what an admin does to a product is told with 1.20's data", async () => {
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  await forget();
  const post = async (path, body) => (await must(running.base, "POST", path, body, user)).product;
  const { id, variants: [small, large], options: [size] } = await post("/admin/products", { title: "Told", options: [{ title: "Size" }], variants: ["S", "L"].map((value) => ({ title: value, options: [{ value }], prices: [] })) });
  const path = `/admin/products/${id}`, one = `${path}/variants/${small.id}`;
  await post(path, { title: "Told again", variants: [{ id: small.id, title: "Small" }, { title: "M", options: [{ option_id: size.id, value: "M" }] }] });
  await post(one, { title: "Small" });
  await post(one, { metadata: { a: 1 } });
  await post(`${path}/options`, { title: "Colour" });
  await must(running.base, "DELETE", one, undefined, user);
  await must(running.base, "DELETE", path, undefined, user);
  const told = (await sql(database, "select name, data from staged_ever order by at")).map(([name, data]) => [name, typeof data === "string" ? JSON.parse(data) : data]);
  const middle = told.filter(([name]) => name === "product-variant.created").at(-1)?.[1].id;
  const option = told.findIndex(([name, data]) => name === "product.updated" && !data.fields);
  assert.equal(told[option]?.[1].title, "Told again");
  told.splice(option, 1);
  const of = (variant, more) => ({ id: variant, product_id: id, ...more });
  assert.deepEqual(told, [
    ["product.created", { id }], ["product-variant.created", of(small.id)], ["product-variant.created", of(large.id)],
    ["product.updated", { id, fields: ["title"] }], ["product-variant.deleted", of(large.id, { metadata: null })],
    ["product-variant.updated", of(small.id, { fields: ["options", "id", "title", "variant_rank", "product_id"] })], ["product-variant.created", of(middle)],
    ["product-variant.updated", of(small.id, { fields: ["product_id", "options", "metadata"] })], ["product-variant.deleted", of(small.id, { metadata: { a: 1 } })],
    ["product.deleted", { id }],
  ]);
});

await check("a draft order and a payment collection are told of with 1.20's data", async () => {
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const post = (path, body) => must(running.base, "POST", path, body, { authorization: `Bearer ${access_token}` });
  await forget();
  const { draft_order: draft } = await post("/admin/draft-orders", { email: "told@example.com", region_id: "reg_eu", items: [{ title: "By hand", unit_price: 500, quantity: 1 }], shipping_methods: [] });
  await post(`/admin/draft-orders/${draft.id}`, { no_notification_order: true });
  const { order } = await post(`/admin/draft-orders/${draft.id}/pay`);
  const sessions = "/store/payment-collections/paycol_told/sessions";
  await sql(database, "insert into payment_collection (id, type, status, amount, region_id, currency_code, created_by) values ('paycol_told', 'order_edit', 'not_paid', 100, 'reg_eu', 'eur', 'admin')");
  const { payment_collection } = await post(sessions, { provider_id: "manual" });
  await post(`${sessions}/${payment_collection.payment_sessions[0].id}/authorize`);
  const told = (await sql(database, "select name, data from staged_ever order by at")).map(([name, data]) => [name, typeof data === "string" ? JSON.parse(data) : data]);
  const [paid] = told.filter(([name]) => name === "payment-collection.payment_authorized").map(([, data]) => data);
  assert.deepEqual(told.filter(([name]) => !/^(cart|customer|payment-collection)\./.test(name)), [
    ["draft_order.created", { id: draft.id }], ["draft_order.updated", { id: draft.id }],
    ["order.placed", { id: order.id, no_notification: true }], ["order.payment_captured", { id: order.id, no_notification: true }],
  ]);
  assert.deepEqual([paid.id, paid.status, paid.authorized_amount, paid.payments.length, paid.payment_sessions.length], ["paycol_told", "authorized", 100, 1, 1]);
});

await check("what an admin changes where nobody buys is told once, and nothing where nothing changes", async () => {
  await forget();
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const asked = (method, path, body) => must(running.base, method, path, body, { authorization: `Bearer ${access_token}` });
  const { region: { id } } = await asked("POST", "/admin/regions", { name: "North", currency_code: "eur", tax_rate: 0, payment_providers: [], fulfillment_providers: [], countries: [] });
  const its = `/admin/regions/${id}`;
  await asked("POST", its, { name: "South", countries: ["se"] });
  for (let turn = 0; turn < 2; turn++) {
    await asked("POST", `${its}/countries`, { country_code: "no" });
    await asked("POST", `${its}/payment-providers`, { provider_id: "manual" });
  }
  for (let turn = 0; turn < 2; turn++) {
    await asked("DELETE", `${its}/countries/no`);
    await asked("DELETE", `${its}/payment-providers/manual`);
  }
  await asked("DELETE", its);
  const { products: [{ id: product }] } = await must(running.base, "GET", "/store/products?handle=mug");
  const { shipping_profile: profile } = await asked("POST", "/admin/shipping-profiles", { name: "Heavy", type: "custom" });
  await asked("POST", `/admin/shipping-profiles/${profile.id}`, { products: [product] });
  await asked("POST", "/admin/order-edits/oe_made", { internal_note: "Less" });
  for (let turn = 0; turn < 2; turn++) await asked("DELETE", "/admin/order-edits/oe_made");
  const { payment_collection: collection } = await asked("POST", "/admin/payment-collections/paycol_gone", { description: "Gone" });
  for (let turn = 0; turn < 2; turn++) await asked("DELETE", "/admin/payment-collections/paycol_gone");
  const told = (await sql(database, "select name, data from staged_ever order by at")).map(([name, data]) => [name, JSON.parse(data)]);
  const regionChanged = (...fields) => ["region.updated", { id, fields }];
  for (const [, data] of told) if (data.ids) data.ids.sort();
  assert.deepEqual(told.slice(0, -2), [
    ["region.created", { id }], regionChanged("name", "countries"), regionChanged("countries"), regionChanged("payment_providers"), regionChanged("countries"), regionChanged("payment_providers"), ["region.deleted", { id }],
    ["product.updated", [{ id: product, profiles: [{ id: profile.id }] }]], ["order-edit.updated", { id: "oe_made" }], ["order-edit-item-change.DELETED", { ids: ["oic_1", "oic_2"] }],
  ]);
  assert.deepEqual(told.slice(-2).map(([name, { id, description }]) => [name, id, description]), ["updated", "deleted"].map((what) => [`payment-collection.${what}`, collection.id, "Gone"]));
  await isEmpty(running);
});

await check("what becomes of order edits is told with 1.20's data", async () => {
  await forget();
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const asked = (method, path, body) => must(running.base, method, path, body, { authorization: `Bearer ${access_token}` });
  const { products: [{ variants: [{ id: poster }] }] } = await must(running.base, "GET", "/store/products?handle=poster");
  const { order_edit: { id, items: [{ id: item }] } } = await asked("POST", "/admin/order-edits", { order_id: "order_eu" });
  const it = `/admin/order-edits/${id}`;
  const changes = async (method, path, body) => (await asked(method, path, body)).order_edit.changes;
  const [updated] = await changes("POST", `${it}/items/${item}`, { quantity: 1 });
  await asked("POST", `${it}/items/${item}`, { quantity: 3 });
  const added = (await changes("POST", `${it}/items`, { variant_id: poster, quantity: 1 })).find(({ type }) => type === "item_add");
  await asked("DELETE", `${it}/changes/${updated.id}`);
  const { order_edit: { payment_collection: { id: collection, amount } } } = await asked("POST", `${it}/request`, { payment_collection_description: "A poster" });
  for (let turn = 0; turn < 2; turn++) await must(running.base, "POST", `/store/order-edits/${id}/decline`, {});
  const { order_edit: { id: second } } = await asked("POST", "/admin/order-edits", { order_id: "order_eu" });
  for (let turn = 0; turn < 2; turn++) await asked("POST", `/admin/order-edits/${second}/cancel`);
  const { order_edit: { id: third } } = await asked("POST", "/admin/order-edits", { order_id: "order_eu" });
  for (let turn = 0; turn < 2; turn++) await asked("POST", `/admin/order-edits/${third}/confirm`);
  const told = (await sql(database, "select name, data from staged_ever order by at")).map(([name, data]) => [name, JSON.parse(data)]);
  const [, paid] = told.find(([name]) => name === "payment-collection.created");
  assert.deepEqual([paid.id, paid.amount, paid.description, paid.status, paid.type], [collection, amount, "A poster", "not_paid", "order_edit"]);
  const edit = (what, which) => [`order-edit.${what}`, { id: which }];
  assert.deepEqual(told.filter(([name]) => name !== "payment-collection.created"), [
    edit("created", id), ["order-edit-item-change.CREATED", { id: updated.id }], ["order-edit-item-change.CREATED", { id: added.id }], ["order-edit-item-change.DELETED", { ids: [updated.id] }],
    edit("requested", id), edit("updated", id), edit("declined", id), edit("created", second), edit("canceled", second), edit("created", third), edit("confirmed", third),
  ]);
  await isEmpty(running);
});

await check("the token of the event sets a customer's password, once", async () => {
  const { base } = running;
  const customer = { email: "forgetful@stheno.test", password: "supersecret", first_name: "For", last_name: "Getful" };
  await must(base, "POST", "/store/customers", customer);
  await isEmpty(running);
  await forget();
  assert.equal((await call(base, "POST", "/store/customers/password-token", { email: customer.email })).status, 204);
  const [[name, data]] = await sql(database, "select name, data from staged_ever order by at");
  assert.equal(name, "customer.password_reset");
  const { token } = JSON.parse(data);
  const reset = { email: customer.email, token, password: "another secret" };
  assert.equal((await must(base, "POST", "/store/customers/password-reset", reset)).customer.email, customer.email);
  await must(base, "POST", "/store/auth/token", { email: customer.email, password: "another secret" });
  assert.equal((await call(base, "POST", "/store/customers/password-reset", reset)).status, 401);
});
await check("what becomes of users is told, and the token of the event sets a password", async () => {
  await isEmpty(running);
  await forget();
  const { base } = running;
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  const { user: { id } } = await must(base, "POST", "/admin/users", { email: "Gorgon@stheno.test", password: "supersecret" }, user);
  await must(base, "POST", `/admin/users/${id}`, { first_name: "Gorgon" }, user);
  assert.equal((await call(base, "POST", "/admin/users/password-token", { email: "gorgon@stheno.test" })).status, 204);
  await call(base, "POST", "/admin/invites", { user: "guest@stheno.test", role: "member" }, user);
  const { invites: [invite] } = await must(base, "GET", "/admin/invites", undefined, user);
  await call(base, "POST", `/admin/invites/${invite.id}/resend`, undefined, user);
  const said = (await sql(database, "select name, data from staged_ever order by at")).map(([name, data]) => [name, JSON.parse(data)]);
  assert.deepEqual(said.map(([name]) => name), ["user.created", "user.updated", "user.password_reset", "invite.created", "invite.created"]);
  const [created, updated, { token, ...reset }, { token: first, ...invited }, { token: second, ...again }] = said.map(([, data]) => data);
  assert.deepEqual([created, updated, reset, invited, again], [{ id }, { id }, { email: "gorgon@stheno.test" }, ...Array(2).fill({ id: invite.id, user_email: "guest@stheno.test" })]);
  assert.equal(first, invite.token);
  await forget();
  await must(base, "POST", "/admin/users/reset-password", { token, password: "another secret" });
  await must(base, "POST", "/admin/auth/token", { email: "gorgon@stheno.test", password: "another secret" });
  assert.equal((await call(base, "POST", "/admin/users/reset-password", { token, password: "a third" })).status, 401);
  assert.equal((await call(base, "POST", "/admin/invites/accept", { token: second, user: { password: "supersecret" } })).status, 200);
  await must(base, "DELETE", `/admin/users/${id}`, undefined, user);
  assert.deepEqual(await ever(), ["user.created", "user.deleted"]);
});

await check("two servers on one database deliver each event once", async () => {
  await isEmpty(running);
  const before = delivered(running).length;
  await forget();
  const other = await serve("stheno", { folder: project(), database });
  await Promise.all(Array.from({ length: 20 }, (_, index) => buy(index % 2 ? running.base : other.base, "poster", { email: `two${index}@example.com` })));
  await isEmpty(running);
  const here = delivered(running).slice(before), there = delivered(other);
  assert.deepEqual(tally([...here, ...there]), tally(await ever()));
  assert.equal(tally(await ever())["order.placed"], 20);
  assert.ok(here.length > 0 && there.length > 0, `${here.length} and ${there.length}`);
  await other.stop();
});

await check("what is committed and not yet delivered when the server is killed is delivered by the next", async () => {
  await isEmpty(running);
  // For as long as this stands, rows go in and nobody sees them.
  await sql(database, "begin; alter table staged_job rename to staged_job_hidden; create view staged_job as select * from staged_job_hidden where false; commit");
  const before = delivered(running).length;
  await buy(running.base, "poster");
  running.kill();
  await running.process.exit;
  assert.deepEqual(delivered(running).slice(before), []);
  await sql(database, "begin; drop view staged_job; alter table staged_job_hidden rename to staged_job; commit");
  const left = await staged();
  assert.ok(left.includes("order.placed"), left.join());
  await again();
  await isEmpty(running);
  assert.deepEqual(delivered(running), left);
});

await check("what was delivered and not yet deleted when the server is killed is delivered once more", async () => {
  await isEmpty(running);
  await sql(database, `create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$;
    create trigger hold before delete on staged_job for each statement execute function hold()`);
  await must(running.base, "POST", "/store/carts", { region_id: "reg_eu" });
  const first = running;
  const holding = "from pg_stat_activity where query like 'DELETE FROM staged_job%' and state = 'active' and datname = current_database()";
  await until(async () => (await sql(database, `select pid ${holding}`)).length === 1, { child: running.process, describe: () => "nothing is deleted" });
  running.kill();
  await running.process.exit;
  // PostgreSQL notices that its client is gone when the statement ends.
  await sql(database, `select pg_terminate_backend(pid) ${holding}`);
  await until(async () => (await sql(database, `select pid ${holding}`)).length === 0);
  await sql(database, "drop trigger hold on staged_job");
  assert.deepEqual(await staged(), ["cart.created"]);
  await again();
  await isEmpty(running);
  assert.equal(delivered(first).at(-1), "cart.created");
  assert.deepEqual(delivered(running), ["cart.created"]);
});

await check("SIGTERM ends the server with what it was asked last delivered", async () => {
  await isEmpty(running);
  const before = delivered(running).length;
  await must(running.base, "POST", "/store/carts", { region_id: "reg_eu" });
  assert.equal(await running.process.stop("SIGTERM"), "exit code 0");
  assert.deepEqual(delivered(running).slice(before), ["cart.created"]);
  assert.deepEqual(await staged(), []);
});

await check("the worker mode is a matter of the queue", async () => {
  await again({ environment: { MEDUSA_WORKER_MODE: "server" } });
  await must(running.base, "POST", "/store/carts", { region_id: "reg_eu" });
  await isEmpty(running);
  assert.deepEqual(delivered(running), ["cart.created"]);
  await running.stop();
});

await dropAll();
finish();
