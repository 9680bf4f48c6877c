// The dashboard of Medusa 1 (@medusajs/admin 7, as a shop builds it) in a real browser, before a server that it talks to: what the
// programs of this folder share.
import http from "node:http";
import { appendFileSync, createReadStream, existsSync, mkdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { must } from "../lib/buying.mjs";
import { leave, openPage } from "../lib/chromium.mjs";
import { admin, peer, projectFolder, serve } from "../lib/servers.mjs";
import { redis, sql } from "../lib/services.mjs";
import { copy, dropAll, environmentOf, template } from "../lib/shop.mjs";

const build = process.env.STHENO_DASHBOARD ?? join(peer().app, "build");

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".ttf": "font/ttf" };
// The dashboard's files under /app, where each page is its index.html, and all else from the server behind.
async function front(behind) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://shop.test");
    if (/^\/app(\/|$)/.test(pathname)) {
      const wanted = join(build, decodeURIComponent(pathname.slice("/app".length)));
      const file = wanted.startsWith(build) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(build, "index.html");
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
      return createReadStream(file).pipe(response);
    }
    const { hostname, port } = new URL(behind());
    const asked = http.request({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

// A shop, and an admin who has logged in to its dashboard. options: server ("stheno" or "medusa"), extras (as of tests/lib/shop.mjs).
// Where there is no browser or no dashboard, the program ends with the reason.
export async function openDashboard(name, { server = "stheno", extras = {} } = {}) {
  if (!existsSync(join(build, "index.html"))) leave(name, `the dashboard is not built in ${build}: run up.sh of ../shared/peer, or name a build by STHENO_DASHBOARD`);

  let running;
  const site = await front(() => running.base);
  const browser = await openPage(name, site.origin, { own: (path) => !/^\/app(\/|$)/.test(path) });
  const folder = projectFolder();
  appendFileSync(join(folder, "medusa-config.js"), `module.exports.plugins.push({ resolve: "@medusajs/file-local", options: { upload_dir: "kept", backend_url: "${site.origin}" } });\n`);
  mkdirSync(join(folder, "kept"), { recursive: true });
  const database = await copy(await template(server, extras));
  // A production server gives a session's cookie by https only.
  running = await serve(server, { folder, database, redis: server === "medusa" ? await redis() : undefined, environment: { NODE_ENV: "development", ...environmentOf(extras) } });
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };

  const { page, watched, pictures, picture } = browser;
  const shop = {
    page, database, folder, base: running.base, origin: site.origin, user, pictures, watched,
    sql: (text) => sql(database, text),
    one: async (text) => (await sql(database, text))[0]?.[0],
    ask: (method, path, body) => must(running.base, method, path, body, user),
    go: (path) => page.goto(`${site.origin}/app${path}`),
    quiet: watched.quiet,
    picture,
    async stop() { await browser.stop(); await running.stop(); site.stop(); await dropAll(); },
  };

  // Each new admin is asked whether his use may be counted; this one has said no. The first page asks who is there before anybody has
  // said so.
  await must(running.base, "POST", "/admin/analytics-configs", { anonymize: false, opt_out: true }, user);
  await shop.go("/login");
  await page.locator('input[name="email"]').fill(admin.email);
  await page.locator('input[name="password"]').fill(admin.password);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL(/\/a\//);
  await shop.quiet();
  await shop.picture("logged in");
  watched.take();
  return shop;
}
