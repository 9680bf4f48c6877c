// A real browser for tests: Debian's Chromium, driven by playwright-core from npm (of tests/dashboard). Everything that a page asks for
// and complains of is written down.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { packagesOf } from "./packages.mjs";
import { temporaryDirectory, until } from "./processes.mjs";
import { finish, skip } from "./report.mjs";
import { root } from "./servers.mjs";

const chromium = process.env.STHENO_CHROMIUM ?? "/usr/bin/chromium";

// Where there is no browser, the program ends with the reason.
export function leave(name, reason) {
  skip(name, reason);
  finish();
}

// What the page has asked for and what went wrong, since the last look. `own`: which paths of the site are asked of the server.
function watch(page, origin, own) {
  let calls = [], wrong = [], open = 0, last = 0;
  page.on("response", (answer) => {
    const url = answer.url();
    if (!url.startsWith(`${origin}/`) || !own(new URL(url).pathname)) return;
    const call = `${answer.request().method()} ${url.slice(origin.length)} -> ${answer.status()}`;
    calls.push(call);
    if (answer.status() >= 400) wrong.push(call);
  });
  page.on("request", () => { open++; });
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, () => { open--; last = performance.now(); });
  page.on("pageerror", (error) => wrong.push(`error of the page: ${error}`));
  // What Chromium says of failed requests stands above; of other sites nothing can be had here.
  page.on("console", (message) => { if (message.type() === "error" && !/^Failed to load resource/.test(message.text())) wrong.push(`console: ${message.text().slice(0, 500)}`); });
  return {
    take() { const taken = { calls, wrong }; calls = []; wrong = []; return taken; },
    // The page waits for nothing, and hasn't for a moment in which it would have asked for more.
    quiet: () => until(() => open <= 0 && performance.now() - last > 300, { describe: () => `the page waits for ${open} answers` }),
  };
}

// A page of its own, which can reach `origin` alone: { page, watched, pictures, picture(what), stop() }.
// Environment: STHENO_CHROMIUM, STHENO_PICTURES (a folder for pictures).
export async function openPage(name, origin, { own = () => true, viewport = { width: 1440, height: 1100 }, folder = temporaryDirectory("pictures") } = {}) {
  if (!existsSync(chromium)) leave(name, `there is no browser: install Debian's chromium, or name one by STHENO_CHROMIUM (${chromium})`);
  const playwright = packagesOf(join(root, "tests", "dashboard"), "playwright-core")("playwright-core");
  const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"] });
  const context = await browser.newContext({ viewport, acceptDownloads: true });
  await context.route((url) => url.origin !== origin, (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const pictures = process.env.STHENO_PICTURES ?? folder;
  mkdirSync(pictures, { recursive: true });
  let number = 0;
  return {
    page, pictures, watched: watch(page, origin, own),
    picture: (what) => page.screenshot({ path: join(pictures, `${String(++number).padStart(2, "0")}-${what.replace(/[^a-z0-9]+/gi, "-")}.png`) }),
    stop: () => browser.close(),
  };
}
