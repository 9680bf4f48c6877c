// A shop at which many admins click at the same time: what the tests of concurrency begin with.
import { call, must } from "./buying.mjs";
import { admin } from "./servers.mjs";
import { sql } from "./services.mjs";
import { shop } from "./shop.mjs";

export const many = (count, send) => Promise.all(Array.from({ length: count }, (_, index) => send(index)));
export const count = (answers, wanted) => answers.filter(({ status }) => status === wanted).length;
export const statuses = (answers) => answers.map(({ status, text }) => `${status} ${status === 200 ? "" : text.slice(0, 120)}`).join("\n");

// A running shop, and how to ask it: `one` number of its database, a request of an admin's, one that must succeed.
export async function clickedShop() {
  const running = await shop("stheno", { sessions: "redis" });
  const { base, database } = running;
  const { access_token } = await must(base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  return {
    running, base, database, user,
    one: async (text) => Number((await sql(database, text))[0][0]),
    asAdmin: (path, body, headers) => call(base, "POST", path, body, { ...user, ...headers }),
    done: (path, body) => must(base, "POST", path, body, user),
  };
}
