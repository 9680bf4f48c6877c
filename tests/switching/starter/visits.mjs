// Shoppers' requests through the unmodified medusa-js, and what is kept of them: how many, who answered, which were not as a storefront counts on.
import http from "node:http";
import { send } from "../../lib/script.mjs";

// A connection for each request: nginx closes quiet ones when it reads its configuration anew.
const agent = new http.Agent({ keepAlive: false });
// Who answers at the moment.
export const answering = (base) => send(base, { method: "GET", path: "/health" }, agent).then(({ headers }) => headers["x-answered-by"]);

export class Ledger {
  requests = 0;
  servers = new Map(); // address of who answered to how many
  failed = [];
  open = new Map(); // requests under way, and when they began
  orders = new Map(); // id to { cart, total, email }
  carts = new Set();

  note(what, answer, fault) {
    this.requests++;
    const server = answer?.headers["x-answered-by"] ?? "nobody";
    this.servers.set(server, (this.servers.get(server) ?? 0) + 1);
    if (fault) this.failed.push(`${what} by ${server}: ${fault}`);
  }

  bought(order, cart) {
    this.orders.set(order.id, { cart, total: order.total, email: order.email });
  }
}

// A storefront as `Medusa` (medusa-js) speaks for it. `origin`: it runs in a browser, which keeps cookies, asks before it sends, and shows the
// page only what its origin may see; else on a server, where nothing is kept but what the storefront's code keeps.
export function visitor({ Medusa, ledger, base, origin }) {
  const jar = new Map();
  const shopper = { guest: true }; // whose account's pages answer 401
  const ask = async (method, path, headers, body) => {
    const what = `${method} ${path}`;
    const sent = { method, path, body, headers: { ...headers, ...(origin ? { origin } : {}), ...(jar.size ? { cookie: [...jar].map((pair) => pair.join("=")).join("; ") } : {}) } };
    ledger.open.set(sent, performance.now());
    const answer = await send(base, sent, agent).catch((error) => { ledger.note(what, undefined, error.code ?? error.message); throw error; }).finally(() => ledger.open.delete(sent));
    const good = answer.status >= 200 && answer.status < 300;
    const expected = good || (answer.status === 401 && shopper.guest && path.startsWith("/store/customers/me"));
    const shown = !origin || (answer.headers["access-control-allow-origin"] === origin && answer.headers["access-control-allow-credentials"] === "true");
    ledger.note(what, answer, !expected ? `${answer.status} ${answer.text.slice(0, 300)}` : shown ? undefined : "the browser may not show it");
    for (const cookie of origin ? (answer.headers["set-cookie"] ?? []) : []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      jar.set(name, value);
    }
    return { ...answer, good };
  };
  const axiosAdapter = async (config) => {
    const method = config.method.toUpperCase();
    const headers = Object.fromEntries(Object.entries(config.headers).filter(([, value]) => value !== undefined).map(([name, value]) => [name.toLowerCase(), String(value)]));
    if (origin) await ask("OPTIONS", config.url, { "access-control-request-method": method, "access-control-request-headers": Object.keys(headers).sort().join(",") });
    const answer = await ask(method, config.url, headers, config.data);
    const response = { data: answer.text, status: answer.status, statusText: "", headers: answer.headers, config, request: {} };
    if (answer.good) return response;
    throw Object.assign(new Error(`${method} ${config.url}: ${answer.status}`), { config, response, isAxiosError: true });
  };
  return Object.assign(shopper, { medusa: new Medusa({ baseUrl: base, maxRetries: 3, axiosAdapter }), ask });
}

// What both storefronts' shoppers fill in.
export const address = (name) => ({ first_name: name, last_name: "Gorgon", address_1: "Cisthene 1", address_2: "", company: "", postal_code: "10115", city: "Sarpedon", country_code: "de", province: "", phone: "" });
export const password = "serpent-hair-9";
export const any = (list) => list[Math.floor(Math.random() * list.length)];
