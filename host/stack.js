// What plugins and the project have put before the core's routes in Express' stack.
"use strict";

const { decoded, below } = require("./paths.js");

// Middlewares that leave what the core answers as it is: the names that their packages give the functions, and what their text has,
// since a project may have a `logger` of its own.
const harmless = new Map([
  ["jsonParser", /_body/], ["rawParser", /_body/], ["textParser", /_body/], ["urlencodedParser", /_body/], ["multerMiddleware", /multipart/],
  ["corsMiddleware", /corsOptions/], ["cookieParser", /signedCookies/], ["compression", /res\.flush/], ["logger", /_startAt/],
  ["initialize", /logIn/], ["serveStatic", /forwardError/],
]);

// What a function does to core routes: "nothing", "admin_login", "customer_login", "customer", or "anything".
function kind_of(handle, known) {
  const text = String(handle);
  if (handle.length === 4 || harmless.get(handle.name)?.test(text)) return "nothing";
  return known.get(text) ?? "anything";
}

// The functions of the package that routers of projects use, by their text.
function known_functions(medusa) {
  const { authenticate, authenticateCustomer, requireCustomerAuthentication } = medusa("./dist/api/middlewares");
  const known = new Map();
  for (const [make, kind] of [[authenticate, "admin_login"], [authenticateCustomer, "nothing"], [requireCustomerAuthentication, "customer_login"]]) {
    if (typeof make === "function") known.set(String(make()), kind);
  }
  return known;
}

// [{ methods (null: all), pattern or expression, kind, handle, owner }] of the layers of a stack. `owner_of` tells a router's plugin.
function walk(stack, known, owner_of, above = { segments: [], exact: false }, owner = undefined) {
  return stack.flatMap((layer) => {
    const pattern = decoded(layer.regexp);
    // An expression that nobody can decode is taken for all that its router is mounted on.
    const place = pattern ? { pattern: below(above, pattern) } : above.segments.length ? { pattern: above } : { expression: layer.regexp };
    const own = owner_of(layer.handle) ?? owner;
    if (layer.route) {
      const methods = layer.route.methods._all ? null : Object.keys(layer.route.methods).map((method) => method.toUpperCase());
      return layer.route.stack.map(({ handle }) => ({ methods, ...place, kind: kind_of(handle, known), handle, owner: own, route: true }));
    }
    if (Array.isArray(layer.handle.stack) && place.pattern) return walk(layer.handle.stack, known, owner_of, place.pattern, own);
    return [{ methods: null, ...place, kind: kind_of(layer.handle, known), handle: layer.handle, owner: own }];
  });
}

module.exports = { walk, kind_of, known_functions };
