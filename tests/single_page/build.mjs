// A small build of the dashboard, as @medusajs/admin's builder lays one out: the page, files whose names hold a hash, and others. What lies
// beside it, and what leads out of it, is not for everybody.
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const page = '<!doctype html><html lang="en"><head><title>Medusa</title><script defer="defer" src="/app/main.6e73783d.js"></script></head><body><div id="root"></div></body></html>';
export const script = `/* ${"gorgon ".repeat(400)}*/`;
export const secret = "jwt_secret: 'topsecret'";
export const files = {
  "index.html": page, "main.6e73783d.js": script, "230.dc47245d0b0486c4fdb1.css": "body { color: green }", "442f6a4cc2f03aaf41f6.ttf": "\0\x01\x02font",
  "images/icon-plus-gray-4813505451ce489532e3.svg": "<svg/>", "public/logo.svg": "<svg id='logo'/>", "public/locales/de/translation.json": '{"Orders":"Bestellungen"}', ".hidden": secret,
};

export function lay(folder, name = "build") {
  for (const [path, text] of Object.entries(files)) {
    const at = join(folder, name, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    utimesSync(at, 1_700_000_000, 1_700_000_000);
  }
  writeFileSync(join(folder, "secret.js"), secret);
  symlinkSync(join(folder, "secret.js"), join(folder, name, "link.6e73783d.js"));
}
