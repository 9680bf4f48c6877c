// Which requests the child answers: a pure function of what was found of the project and of the map from routes to the methods that
// they reach. A route goes to the child if something that was found could change its answer, and for no other reason.
"use strict";

const { written, takes, shown, expression_takes } = require("./paths.js");

const most_reasons = 3; // that are told of one route

// Reached only by a request that names an API token.
const of_api_tokens = new Set(["AuthService.authenticateAPIToken", "UserService.retrieveByApiToken"]);
// What the server does with an order in the order's own transaction: 1.20 has a subscriber for it.
const done_with_the_order = new Set(["DiscountService.update", "DraftOrderService.registerCartCompletion", "DraftOrderService.retrieveByCartId"]);
const makes_orders = "OrderService.createFromCart";
// Events that begin a batch job's parts.
const of_batches = ["batch.created", "batch.confirmed"];
const stock_owners = new Set(["ProductVariantInventoryService", "SalesChannelInventoryService", "SalesChannelLocationService"]);
const stock_paths = ["/admin/inventory-items", "/admin/reservations", "/admin/stock-locations", "/admin/variants/:id/inventory"];

const parts_of_core = new Set(["admin", "store", "health"]);

const split = (route) => { const [method, path] = route.split(" "); return { method, path, pattern: written(path) }; };
const owner_of = (method) => method.slice(0, method.indexOf("."));

class Reasons {
  constructor(map) {
    this.map = map;
    this.all = Object.keys(map.routes).map((route) => ({ route, ...split(route) }));
    this.of = new Map();
    this.reach = new Map(Object.entries(map.routes).map(([route, methods]) => [route, new Set(methods.map((at) => map.methods[at]))]));
  }
  add(route, why, { when, entity, nested } = {}) {
    if (!this.reach.has(route)) return;
    const reasons = this.of.get(route) ?? this.of.set(route, []).get(route);
    if (!reasons.some((reason) => reason.why === why)) reasons.push({ why, when, entity, nested });
  }
  // Routes that reach one of some methods.
  reaching(wanted) {
    return this.all.filter(({ route }) => [...this.reach.get(route)].some(wanted)).map(({ route }) => route);
  }
  event_reaches(event, wanted) {
    return (this.map.events[event] ?? []).some((at) => wanted(this.map.methods[at]));
  }
  list() {
    return this.all.flatMap(({ route, method, path }) => {
      const reasons = this.of.get(route);
      if (!reasons) return [];
      // A condition holds only where it is the condition of all.
      const shared = (key) => (reasons.every((reason) => reason[key] !== undefined && reason[key] === reasons[0][key]) ? reasons[0][key] : undefined);
      const texts = reasons.map(({ why }) => why);
      const more = texts.length - most_reasons;
      const entities = reasons.every(({ entity }) => entity) ? [...new Set(reasons.map(({ entity }) => entity))] : undefined;
      return [{
        method, path, why: [...texts.slice(0, most_reasons), ...(more > 0 ? [`and ${more} more`] : [])].join("; "),
        ...(shared("when") ? { when: shared("when") } : {}),
        ...(entities ? { entities, nested: reasons.every(({ nested }) => nested) } : {}),
      }];
    });
  }
}

const is_of = ({ owner, members }) => {
  const names = members === "all" ? null : new Set(members.map((member) => `${owner}.${member}`));
  return (method) => (names ? names.has(method) : owner_of(method) === owner);
};

function overrides(reasons, found) {
  for (const change of found.overridden) {
    const wanted = is_of(change);
    const through = change.through ? ` (it replaces ${change.through})` : "";
    const why_of = (method) => `${change.by} overrides ${change.members === "all" ? change.owner : method}${through}${change.note ? ` (${change.note})` : ""}`;
    for (const { route } of reasons.all) {
      const reached = [...reasons.reach.get(route)].filter(wanted);
      if (!reached.length) continue;
      const when = reached.every((method) => of_api_tokens.has(method)) ? "api_token" : undefined;
      reasons.add(route, why_of(reached[0]), { when });
    }
    const with_order = [...done_with_the_order].find(wanted);
    if (with_order) for (const route of reasons.reaching((method) => method === makes_orders)) reasons.add(route, why_of(with_order));
  }
}

// The login that the core asks for at these paths is no change.
function changes(kind, { method, path }, reach) {
  if (kind === "nothing") return false;
  if (kind === "admin_login") return !(path.startsWith("/admin") && reach.has("AuthService.authenticateAPIToken"));
  if (kind === "customer_login") return !(path.startsWith("/store/customers/me") || (method === "DELETE" && path === "/store/auth"));
  return true;
}

// A plugin's paths that core routes would take for names of theirs: they are the plugin's own.
function layers(reasons, found) {
  const own = new Map();
  const prefixes = new Map();
  for (const { methods, pattern, expression, kind, by, route: handler } of found.layers) {
    if (kind === "nothing") continue;
    const place = pattern ? shown(pattern) : String(expression);
    let core = false;
    for (const each of reasons.all) {
      if (methods && !methods.includes(each.method) && !(methods.includes("HEAD") && each.method === "GET")) continue;
      const part = pattern ? takes(pattern, each.pattern) : expression_takes(expression, each.pattern);
      if (part === "none") continue;
      core = true;
      if (!changes(kind, each, reasons.reach.get(each.route))) continue;
      const why = `${by} ${handler ? "answers" : "has a middleware on"} ${place}`;
      // Only requests of certain names: whoever looks at `own` first needs nothing else of the route.
      if (part === "some") for (const method of methods ?? ["*"]) own.set(`${method} ${place}`, { method, path: place, why: by });
      reasons.add(each.route, why, part === "some" ? { when: "own_path" } : {});
    }
    const [first] = pattern?.segments ?? [];
    if (!core && typeof first === "string" && !parts_of_core.has(first)) prefixes.set(`/${first}`, { path: `/${first}`, why: by });
  }
  return { own: [...own.values()], prefixes: [...prefixes.values()] };
}

function entities(reasons, found) {
  const of_entity = (name) => (method) => owner_of(method) === `${name}Service` || owner_of(method) === `${name}Repository`;
  const add = (name, why, only) => {
    for (const route of reasons.reaching(of_entity(name))) if (only(route)) reasons.add(route, why, { entity: name });
    for (const above of found.containing[name] ?? []) for (const route of reasons.reaching(of_entity(above))) if (only(route)) reasons.add(route, why, { entity: name, nested: true });
  };
  const any = () => true;
  const writes = (route) => !route.startsWith("GET ");
  for (const { name, by, relations } of found.extended) {
    const why = `${by} extends ${name}${relations?.length ? ` by ${relations.map(({ property }) => property).join(", ")}, which other tables hold` : ""}`;
    // Columns that rows may be without only have to be shown: where an answer holds the entity, or where a request asks for it.
    if (!found.plain.includes(name)) add(name, why, any);
    else {
      for (const { route } of reasons.all) {
        const how = reasons.map.shows[route] ? found.shown[route]?.[name] : "always";
        if (how) reasons.add(route, why, { entity: name, when: how === "expand" ? "expand" : undefined });
      }
    }
  }
  for (const { entity, reads, by } of found.subscribers) {
    const why = `${by} hears of every ${entity ?? "row"} that TypeORM ${reads ? "reads or writes" : "writes"}`;
    if (entity) add(entity, why, reads ? any : writes);
    else for (const { route } of reasons.all) if (reads || writes(route)) reasons.add(route, why);
  }
}

function parts(reasons, found) {
  const { foreign } = found;
  if (foreign.file) for (const route of reasons.reaching((method) => owner_of(method) === "FileService")) reasons.add(route, `${foreign.file} keeps the files`);
  if (foreign.search) reasons.add("POST /store/products/search", `${foreign.search} searches`);
  for (const by of found.notifications) reasons.add("POST /admin/notifications/:id/resend", `${by} sends notifications`);
  for (const by of new Set([foreign.inventory, foreign.stock_location].filter(Boolean))) {
    const why = `${by} keeps the stock`;
    for (const route of reasons.reaching((method) => stock_owners.has(owner_of(method)))) reasons.add(route, why);
    for (const { route, path } of reasons.all) if (stock_paths.some((start) => path === start || path.startsWith(`${start}/`))) reasons.add(route, why);
  }
  for (const by of foreign.modules ?? []) reasons.add("GET /admin/store", `${by} is among the modules`);
  if (found.legacy.authentication) for (const { route, path } of reasons.all) if (path.startsWith("/store")) reasons.add(route, `${found.legacy.authentication} has a middleware around the login`);
  if (found.legacy.cart_creation) reasons.add("POST /store/carts", `${found.legacy.cart_creation} has a middleware before a cart is made`);
  for (const { routes, why } of found.named_by) for (const route of routes) reasons.add(route, why);
  if (found.everything) for (const { route } of reasons.all) reasons.add(route, found.everything);
}

// Why the child runs all batch jobs: it has strategies of its own, or changes what theirs reach.
function batch_jobs(reasons, found) {
  if (found.foreign.file) return `${found.foreign.file} keeps the files`;
  if (found.batch.length) return `${found.batch[0].by} runs batch jobs of the type ${found.batch[0].type}`;
  const change = found.overridden.find((each) => of_batches.some((event) => reasons.event_reaches(event, is_of(each))));
  return change ? `${change.by} overrides ${change.owner}, which batch jobs use` : found.everything;
}

function routes_of(found, map) {
  const reasons = new Reasons(map);
  overrides(reasons, found);
  const paths = layers(reasons, found);
  parts(reasons, found);
  entities(reasons, found);
  const why = batch_jobs(reasons, found);
  if (why) for (const { route, path } of reasons.all) if (path.startsWith("/admin/batch-jobs")) reasons.add(route, why);
  return { routes: reasons.list(), ...paths, ...(why ? { batch_jobs: "child" } : {}) };
}

module.exports = { routes_of };
