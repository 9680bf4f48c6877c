// Which of the server's routes a request goes to.
import { allRoutes } from "./servers.mjs";

// The routes, and a function from { method, path } to one of them.
export function routesOf() {
  const routes = allRoutes().map((route) => ({ ...route, name: `${route.method} ${route.path}`, pattern: new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}/?$`, "i"), names: (route.path.match(/:/g) ?? []).length }));
  const routeOf = ({ method, path }) => routes.filter((route) => route.method === method && route.pattern.test(path.split("?")[0])).sort((a, b) => a.names - b.names)[0];
  return { routes, routeOf };
}
