// The host's parts that need no package: paths as Express matches them, what the child answers, frames, events.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const host = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../../host/package.json"));
const { decoded, takes, written, shown, expression_takes } = host("./paths.js");
const { routes_of } = host("./routing.js");
const { kind_of } = host("./stack.js");
const { Frames, frame } = host("./link.js");
const { Delivery } = host("./events.js");
const { with_times } = host("./providers.js");
const { differing, members_of } = host("./classes.js");
const map = host("./route_methods.json");

const nothing = { overridden: [], layers: [], named_by: [], extended: [], added: [], subscribers: [], containing: {}, plain: [], shown: {}, foreign: {}, notifications: [], batch: [], legacy: {} };
const report = (found) => routes_of({ ...nothing, ...found }, map);
const names = ({ routes }) => routes.map(({ method, path }) => `${method} ${path}`);
const exact = (path) => ({ ...written(path), exact: true });
const prefix = (path) => ({ ...written(path), exact: false });

test("what Express makes of a path is read back", () => {
  for (const [source, text] of [
    ["^\\/store\\/carts\\/(?:([^\\/]+?))\\/?$", "/store/carts/:any"], ["^\\/store\\/carts\\/?(?=\\/|$)", "/store/carts/*"], ["^\\/store\\/(.*)\\/?(?=\\/|$)", "/store/*"],
    ["^(.*)\\/?$", "/*"], ["^\\/a(?:\\/([^\\/]+?))?\\/?$", "/a/*"], ["^\\/x-y\\.z\\/?$", "/x-y.z"], ["^\\/admin\\/([^\\/]+?)\\/b\\/?$", "/admin/:any/b"],
  ]) assert.equal(shown(decoded(new RegExp(source, "i"))), text);
  for (const source of ["^\\/(a|b)\\/?$", "carts", "^\\/a\\/(?:([^\\/]+?))\\.json\\/?$"]) assert.equal(decoded(new RegExp(source)), undefined, source);
});
test("how much of a core route a path takes", () => {
  const cases = [
    [exact("/store/products/featured"), "/store/products/:id", "some"], [exact("/store/products/:name"), "/store/products/:id", "all"], [exact("/store/:any/search"), "/store/products/search", "all"],
    [prefix("/store"), "/store/products/:id", "all"], [prefix("/store/products/featured"), "/store/products/:id", "some"], [prefix("/store/custom"), "/store/products", "none"],
    [exact("/store/products"), "/store/products/:id", "none"], [exact("/STORE/Products"), "/store/products", "all"], [written("/admin/*"), "/admin/orders/:id", "all"], [prefix("/store/pro"), "/store/products", "none"],
  ];
  for (const [pattern, core, wanted] of cases) assert.equal(takes(pattern, written(core)), wanted, `${shown(pattern)} of ${core}`);
  assert.equal(expression_takes(/^\/store\/(carts|orders)/, written("/store/carts/:id")), "all");
  assert.equal(expression_takes(/^\/store\/products\/(new|old)$/, written("/store/products/:id")), "all"); // nobody knows which names
  assert.equal(expression_takes(/^\/hooks\/.*/, written("/store/carts")), "none");
});
test("nothing changed, nothing of the child's", () => assert.deepEqual(report({}), { routes: [], own: [], prefixes: [] }));
test("an override sends the routes that reach the method", () => {
  const made = report({ overridden: [{ owner: "CartService", members: ["decorateTotals"], by: "dist/services/cart.js" }] });
  const reached = Object.entries(map.routes).filter(([, methods]) => methods.includes(map.methods.indexOf("CartService.decorateTotals"))).map(([route]) => route);
  assert.ok(reached.length > 20);
  assert.deepEqual(names(made).sort(), reached.sort());
  assert.equal(made.routes[0].why, "dist/services/cart.js overrides CartService.decorateTotals");
});
test("of a method for API tokens only some requests, but not where there is another reason", () => {
  const token = { owner: "AuthService", members: ["authenticateAPIToken"], by: "a" };
  const made = report({ overridden: [token, { owner: "NoteService", members: "all", by: "b" }] });
  const of = (path) => made.routes.find((route) => route.method === "GET" && route.path === path);
  assert.equal(of("/admin/currencies").when, "api_token");
  assert.equal(of("/admin/notes").when, undefined);
  assert.equal(of("/admin/notes").why, "a overrides AuthService.authenticateAPIToken; b overrides NoteService");
});
test("what the server does with an order in its transaction goes with the routes that make orders", () => {
  const made = names(report({ overridden: [{ owner: "DiscountService", members: ["update"], by: "a" }] }));
  assert.ok(made.includes("POST /store/carts/:id/complete"));
  assert.ok(!made.includes("GET /store/carts/:id"));
});
test("batch jobs are the child's where their work is changed", () => {
  assert.equal(report({ overridden: [{ owner: "ProductService", members: ["create"], by: "a" }] }).batch_jobs, "child");
  assert.equal(report({ overridden: [{ owner: "NoteService", members: "all", by: "a" }] }).batch_jobs, undefined);
  const made = report({ batch: [{ type: "publish", by: "a" }] });
  assert.equal(made.batch_jobs, "child");
  assert.ok(names(made).includes("POST /admin/batch-jobs/:id/confirm"));
});
test("foreign files, search, mail and stock send what reaches them", () => {
  assert.ok(names(report({ foreign: { file: "s3" } })).includes("POST /admin/uploads"));
  assert.deepEqual(names(report({ foreign: { search: "m" } })), ["POST /store/products/search"]);
  assert.deepEqual(names(report({ notifications: ["mail"] })), ["POST /admin/notifications/:id/resend"]);
  const stock = names(report({ foreign: { inventory: "./stock" } }));
  for (const route of ["GET /admin/inventory-items", "POST /store/carts/:id/complete", "GET /admin/variants/:id/inventory"]) assert.ok(stock.includes(route), route);
  assert.ok(!stock.includes("GET /admin/regions"));
});
test("logins of the core are no change where the core asks for them", () => {
  const login = (kind, path) => names(report({ layers: [{ methods: null, pattern: prefix(path), kind, by: "a" }] }));
  assert.ok(login("admin_login", "/admin").every((route) => ["/admin/auth", "/admin/invites/accept", "/admin/users/password-token", "/admin/users/reset-password"].some((path) => route.includes(path))));
  assert.deepEqual(login("customer_login", "/store/customers/me"), []);
  assert.ok(login("customer_login", "/store").includes("GET /store/products"));
  assert.deepEqual(login("nothing", "/"), []);
});
test("parts of the site that no core route has are told", () => {
  assert.deepEqual(report({ layers: [{ methods: null, pattern: prefix("/app"), kind: "anything", by: "admin" }] }), { routes: [], own: [], prefixes: [{ path: "/app", why: "admin" }] });
});
test("an extended entity sends what reaches it, and what holds it by a mark", () => {
  const made = report({ extended: [{ name: "Note", by: "a" }], containing: { Note: ["Region"] } });
  const of = (name) => made.routes.find(({ method, path }) => `${method} ${path}` === name);
  assert.deepEqual([of("GET /admin/notes").entities, of("GET /admin/notes").nested], [["Note"], false]);
  assert.deepEqual([of("GET /admin/regions").entities, of("GET /admin/regions").nested], [["Note"], true]);
});
test("columns that rows may be without send what shows them", () => {
  const made = report({ extended: [{ name: "Note", by: "a" }], plain: ["Note"], shown: { "GET /admin/notes": { Note: "always" }, "GET /admin/regions": { Note: "expand" } } });
  const of = (name) => made.routes.find(({ method, path }) => `${method} ${path}` === name);
  assert.deepEqual([of("GET /admin/notes").when, of("GET /admin/notes").entities], [undefined, ["Note"]]);
  assert.equal(of("GET /admin/regions").when, "expand");
  assert.equal(of("POST /admin/notes"), undefined);
  assert.ok(of("GET /admin/analytics-configs")); // nobody says what it shows
});
test("a subscriber of TypeORM sends the writes of its entity, and the reads if it changes them", () => {
  const of = (subscriber) => names(report({ subscribers: [{ entity: "Note", by: "a", ...subscriber }] }));
  assert.ok(!of({ reads: false }).includes("GET /admin/notes"));
  assert.ok(of({ reads: false }).includes("POST /admin/notes"));
  assert.ok(of({ reads: true }).includes("GET /admin/notes"));
});

test("a middleware is known by its text, not only by its name", () => {
  const known = new Map();
  assert.equal(kind_of(function logger(request, response, next) { request.seen = true; next(); }, known), "anything");
  assert.equal(kind_of(function jsonParser(request, response, next) { if (request._body) return next(); }, known), "nothing");
  assert.equal(kind_of((error, request, response, next) => next(error), known), "nothing");
});
test("frames are put together, however they come", () => {
  const got = [];
  const frames = new Frames((text) => got.push(JSON.parse(text)));
  const bytes = Buffer.concat([frame({ a: 1 }), frame({ text: "ä".repeat(5000) }), frame([])]);
  for (const byte of bytes) frames.add(Buffer.from([byte]));
  frames.add(bytes);
  assert.equal(got.length, 6);
  assert.deepEqual(got[0], { a: 1 });
  assert.equal(got[4].text.length, 5000);
  assert.equal(frames.add(Buffer.from([255, 255, 255, 255])), false);
});
test("an event runs once, and its failures are told", async () => {
  const seen = [];
  const delivery = new Delivery((name) => [{ id: "a", subscriber: async (data) => seen.push([name, data]) }, { id: "b", subscriber: async () => { throw new Error("no"); } }], () => {});
  const event = { id: "job_1", name: "x", data: 1 };
  assert.deepEqual(await delivery.run([event, event]), { failed: [{ id: "job_1", subscriber: "b", message: "no" }] });
  assert.deepEqual(await delivery.run([event]), { failed: [] });
  assert.deepEqual(seen, [["x", 1]]);
});
test("times of entities are times, those of a shop's own JSON are text", () => {
  const given = { cart: { created_at: "2026-03-01T00:00:00.000Z", metadata: { ended_at: "2026-03-01T00:00:00.000Z" }, items: [{ updated_at: "2026-03-01T00:00:00Z" }], name_at: "no time" } };
  const { cart } = with_times(given);
  assert.ok(cart.created_at instanceof Date && cart.items[0].updated_at instanceof Date);
  assert.equal(cart.metadata.ended_at, "2026-03-01T00:00:00.000Z");
  assert.equal(cart.name_at, "no time");
  assert.equal(with_times({ data: { paid_at: "2026-03-01T00:00:00Z" } }).data.paid_at, "2026-03-01T00:00:00Z");
});
test("a method is another one by class, by instance and by wrapper", () => {
  class Base { one() {} two() {} get three() { return 3; } }
  const members = members_of(Base.prototype);
  assert.deepEqual(differing(new Base(), members), []);
  assert.deepEqual(differing(new (class extends Base { one() {} four() {} })(), members), ["one"]);
  assert.deepEqual(differing(Object.assign(new Base(), { two: () => {} }), members), ["two"]);
  assert.deepEqual(differing(new (class extends Base { get three() { return 4; } })(), members), ["three"]);
  assert.deepEqual(differing(new Proxy(new Base(), { get: (target, key) => (key === "one" ? () => {} : target[key]) }), members), ["one"]);
});
