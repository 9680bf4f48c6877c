"use strict";
function routes_of(found, map) {
  return { routes: found.everything ? map.routes.map((route) => ({ method: route.split(" ")[0], path: route.split(" ")[1], why: found.everything })) : [], prefixes: [] };
}
module.exports = { routes_of };
