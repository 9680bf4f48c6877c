// What an admin's hand does on the dashboard's pages, by the words that stand there, and what the checks of this folder share.
import assert from "node:assert/strict";
import { buy } from "../lib/buying.mjs";
import { check } from "../lib/report.mjs";

export function handOf({ page, quiet }) {
  const dialog = () => page.getByRole("dialog").last();
  const button = (name, within = page) => within.getByRole("button", { name, exact: true });
  const hand = {
    dialog, button,
    // A card of the order's page by its heading.
    card: (title) => page.locator("div.rounded-rounded.border").filter({ has: page.getByRole("heading", { name: title, exact: true, level: 1 }) }).last(),
    timeline: () => page.locator("div.rounded-rounded.border").filter({ has: page.getByRole("heading", { name: "Timeline", exact: true }) }).last(),
    // The newest entry of the timeline with that heading.
    entry: (title) => hand.timeline().locator("div.mb-base").filter({ has: page.getByText(title, { exact: true }) }).first(),
    sees: (text, within = page) => within.getByText(text, { exact: true }).first().waitFor(),
    // The three dots of something, and a line of what they open.
    async menu(within, line) {
      await within.locator('button[aria-haspopup="menu"]').first().click();
      await page.getByRole("menuitem", { name: line, exact: true }).locator("button").click();
    },
    // An option of the list with that label, or where those words stand as long as nothing is chosen.
    async choose(words, option, within = dialog()) {
      const list = within.locator("div").filter({ hasText: words }).filter({ has: page.locator('input[id^="react-select"]') }).last();
      await list.locator('input[id^="react-select"]').first().focus();
      await page.keyboard.press("ArrowDown");
      await page.locator('[id*="-option-"]').filter({ hasText: option }).first().click();
    },
    // The box before a line of a table, which is drawn: the checkbox itself is hidden.
    tick: (line) => dialog().getByRole("row").filter({ hasText: line }).first().locator("div.h-5.w-5.cursor-pointer").first().click(),
    // What goes on aside: exports and imports.
    bell: () => page.locator(".min-h-topbar button").last().click(),
    // What the page says for some seconds when something was done; it looks at the order anew then, and would close what is opened
    // meanwhile.
    async told(text) {
      await page.getByText(text, { exact: true }).first().waitFor();
      await quiet();
    },
  };
  return hand;
}

// How checks are made of clicks: a picture is taken after each; the page must have complained of nothing and heard no error but the
// expected ones. `part` is a part of the names of those that are wanted.
export const checksOf = (shop, part) => (name, body, expected = /^$/) => (name.includes(part) ? check(name, async () => {
  shop.watched.take();
  try {
    await body();
    await shop.quiet();
  } finally { await shop.picture(name); }
  assert.deepEqual(shop.watched.take().wrong.filter((what) => !expected.test(what)), []);
}, { seconds: 240 }) : undefined);

// An order of two mugs by a shopper, which is paid for and has arrived unless said otherwise; its page is open.
export async function orderOf(shop, { captured = true, sent = true } = {}) {
  const bought = await buy(shop.base, "mug", { quantity: 2 });
  const made = { id: bought.id, number: bought.display_id, item: bought.items[0].id, path: `/admin/orders/${bought.id}` };
  if (captured) await shop.ask("POST", `${made.path}/capture`);
  if (sent) {
    const packed = await shop.ask("POST", `${made.path}/fulfillment`, { items: [{ item_id: made.item, quantity: 2 }] });
    await shop.ask("POST", `${made.path}/shipment`, { fulfillment_id: packed.order.fulfillments[0].id });
  }
  await shop.go(`/a/orders/${made.id}`);
  const hand = handOf(shop);
  await hand.sees(`#${made.number}`);
  await hand.timeline().getByText("Order Placed").waitFor();
  return made;
}
