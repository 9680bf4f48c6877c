// What a visitor of a running shop sees in a real browser: the catalogue as the API tells it, the storefront with a product, and the
// dashboard after the log-in. Each is looked for by what must stand there, and is kept as a picture.
//   node tests/lib/look.mjs ADDRESS [EMAIL PASSWORD]      for a shop that runs already; prints "ok ..." lines
//   STHENO_CHROMIUM, STHENO_PICTURES                      the browser, and a folder for the pictures
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { openPage } from "./chromium.mjs";
import { help } from "./help.mjs";
import { check, finish } from "./report.mjs";

// Of the demo's data: `product` is the title of one of them, which the storefront at / shows as a card.
export async function look(base, { email, password, product, name = "the shop" } = {}) {
  const browser = await openPage(name, base, { viewport: { width: 1280, height: 900 } });
  const { page, picture, watched } = browser;
  try {
    await check(`${name}: the catalogue is shown`, async () => {
      await page.goto(`${base}/store/products`);
      assert.ok((await page.locator("body").innerText()).includes(product), `no ${product}`);
      await picture(`${name} catalogue`);
    });
    await check(`${name}: the storefront shows what is sold, with a product's page`, async () => {
      await page.goto(`${base}/`);
      await page.getByText(product).first().waitFor();
      await watched.quiet();
      await picture(`${name} storefront`);
      await page.getByText(product).first().click();
      await page.getByRole("button", { name: "Add to cart", exact: true }).waitFor();
      await watched.quiet();
      await picture(`${name} product`);
    });
    await check(`${name}: the dashboard shows the products after the log-in`, async () => {
      await page.goto(`${base}/app/login`);
      await page.locator('input[name="email"]').fill(email);
      await page.locator('input[name="password"]').fill(password);
      await page.locator('button[type="submit"]').click();
      await page.waitForURL(/\/a\//);
      await page.goto(`${base}/app/a/products`);
      await page.getByText(product).first().waitFor();
      await watched.quiet();
      await picture(`${name} dashboard`);
    });
    // What the dashboard asks for before the log-in is refused, here as by the real one; tests/dashboard looks at each answer.
    await check(`${name}: nothing failed, and no page complained`, () => assert.deepEqual(watched.take().wrong.filter((call) => !/ -> 4\d\d$/.test(call)), []));
  } finally { await browser.stop(); }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  help(import.meta.url);
  const [address, email = "admin@example.com", password = "supersecret"] = process.argv.slice(2);
  await look(address, { email, password, product: "Unbreakable Mug" });
  finish();
}
