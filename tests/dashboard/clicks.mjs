// What an admin's hand does on the dashboard's pages, by the words that stand there.
export function handOf({ page }) {
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
    async choose(words, option) {
      const list = dialog().locator("div").filter({ hasText: words }).filter({ has: page.locator('input[id^="react-select"]') }).last();
      await list.locator('input[id^="react-select"]').first().focus();
      await page.keyboard.press("ArrowDown");
      await page.locator('[id*="-option-"]').filter({ hasText: option }).first().click();
    },
    // The box before a line of a table, which is drawn: the checkbox itself is hidden.
    tick: (line) => dialog().getByRole("row").filter({ hasText: line }).first().locator("div.h-5.w-5.cursor-pointer").first().click(),
    // What goes on aside: exports and imports.
    bell: () => page.locator(".min-h-topbar button").last().click(),
    // What the page says for some seconds when something was done.
    told: (text) => page.getByText(text, { exact: true }).first().waitFor(),
  };
  return hand;
}
