// A payment provider and a carrier that live outside of the server and do as their test says: they answer, refuse, are slow, are
// silent, want more. They speak the frames of src/plugins/channel.hpp on a Unix socket, keep their own books, and do what comes under
// one key once.
import net from "node:net";
import { join } from "node:path";
import { must } from "./buying.mjs";
import { temporaryDirectory } from "./processes.mjs";
import { admin, serve } from "./servers.mjs";
import { copy, environmentOf, project, template } from "./shop.mjs";

export class Refusal extends Error {}

export async function bank({ knows_keys = true, id = "scripted" } = {}) {
  const path = join(temporaryDirectory("bank"), "socket");
  const self = {
    path,
    environment: { STHENO_PROVIDERS: path },
    asked: [], // every ask that came, in order: { method, key, arguments }
    captured: new Map(), // by payment, in minor units
    refunded: new Map(),
    canceled: new Set(),
    parcels: new Map(), // by fulfillment: "announced" or "canceled"
    // Called with each ask before it is done; may wait, throw a Refusal, or return an answer of its own.
    before: async () => undefined,
    // Called when it is done and not told yet; may wait.
    after: async () => undefined,
    // Begins a check: nothing was asked yet, and nothing that an earlier one has hooked in is left.
    script(hooks = {}) {
      self.asked.length = 0;
      Object.assign(self, { before: async () => undefined, after: async () => undefined }, hooks);
    },
    stop: () => new Promise((done) => { for (const socket of sockets) socket.destroy(); server.close(done); }),
  };
  const done = new Map(); // by key
  const sockets = new Set();

  function act({ method, arguments: given }) {
    const add = (book, payment, amount) => book.set(payment, (book.get(payment) ?? 0) + amount);
    switch (method) {
      case "providers": return [{ port: "payment", id, knows_keys }, { port: "fulfillment", id: "carrier", knows_keys }];
      case "create_session": return { session: "open", amount: given.amount };
      case "update_session": return { ...given.data, amount: given.context.amount };
      case "update_session_data": return { ...given.data, ...given.update };
      case "delete_session": return {};
      case "authorize": return { status: "authorized", data: { ...given.data, authorized: given.amount } };
      case "payment_data": return given.data;
      case "status": return given.data.canceled ? "canceled" : "authorized";
      case "capture":
        if (self.canceled.has(given.id)) throw new Refusal("The payment is canceled");
        add(self.captured, given.id, given.amount);
        return { data: { ...given.data, captured: true } };
      case "refund":
        if ((self.refunded.get(given.payment.id) ?? 0) + given.refund.amount > (self.captured.get(given.payment.id) ?? 0)) throw new Refusal("There is not so much to give back");
        add(self.refunded, given.payment.id, given.refund.amount);
        return { data: { ...given.payment.data, refunded: self.refunded.get(given.payment.id) } };
      case "cancel":
        self.canceled.add(given.id);
        return { data: { ...given.data, canceled: true } };
      case "saved_methods": return [];
      case "options": return [{ id: "parcel" }];
      case "validate_option": return true;
      case "validate_data": return given.data;
      case "can_calculate": return false;
      case "create_fulfillment":
        self.parcels.set(given.fulfillment.id, "announced");
        return { label: given.fulfillment.id };
      case "cancel_fulfillment":
        self.parcels.set(given.data.label, "canceled");
        return {};
      case "create_return": return { label: given.return.id };
      default: throw new Refusal(`no method is called ${method}`);
    }
  }
  // Questions have no key that lasts; what is done has one.
  const lasting = new Set(["authorize", "capture", "refund", "cancel", "create_fulfillment", "create_return"]);
  async function answer(ask) {
    try {
      const own = await self.before(ask);
      if (own !== undefined) return { answer: own };
      const known = lasting.has(ask.method) && ask.method !== "authorize" && done.get(ask.key);
      const result = known || act(ask);
      done.set(ask.key, result);
      await self.after(ask);
      return { answer: result };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { error: { type: "invalid_data", message: error.message } };
    }
  }

  const server = net.createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", async (part) => {
      bytes = Buffer.concat([bytes, part]);
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
        const length = bytes.readUInt32BE(0);
        const ask = JSON.parse(bytes.subarray(4, 4 + length));
        bytes = bytes.subarray(4 + length);
        if (ask.method !== "providers") self.asked.push(ask);
        const text = Buffer.from(JSON.stringify(await answer(ask)));
        const head = Buffer.alloc(4);
        head.writeUInt32BE(text.length);
        if (!socket.destroyed) socket.write(Buffer.concat([head, text]));
      }
    });
  });
  await new Promise((ready) => server.listen(path, ready));
  return self;
}

// A shop whose region eu can be paid through such a bank: its server, how to start it again on the same database, and an admin.
// `wire` stands between the server and its database: it takes the database's URL and answers the one that the server gets.
export async function shopAtBank({ extras = {}, wire = async (url) => url } = {}) {
  const opened = await bank();
  const database = await copy(await template("stheno", extras));
  const reached = await wire(database);
  const start = () => serve("stheno", { folder: project(), database: reached, environment: { ...environmentOf(extras), ...opened.environment } });
  const running = await start();
  const { access_token } = await must(running.base, "POST", "/admin/auth/token", admin);
  const user = { authorization: `Bearer ${access_token}` };
  await must(running.base, "POST", "/admin/regions/reg_eu/payment-providers", { provider_id: "scripted" }, user);
  return { bank: opened, database, start, running, user };
}
