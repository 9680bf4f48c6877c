// Events between the two: what the server delivers to the project's subscribers, and what the project emits past the outbox.
"use strict";

const remembered = 10_000; // ids of events that were run

// Core subscribers whose work the server does in the transaction of what happened, or by threads of its own.
const left_out = ({ events, native }) => [
  "order", // usage counts of discounts, ends of draft orders
  ...(events === "from_server" || native.includes("batch.created") ? ["batch-job"] : []),
];

const bus_of = (config) => {
  const bus = config.modules?.eventBus;
  return (typeof bus === "string" ? undefined : bus?.resolve) ?? "@medusajs/event-bus-local";
};
// The server takes jobs out of staged_job itself where it knows the bus.
const server_delivers = ({ events, config }) => events === "from_server" || /(^|\/)@medusajs\/event-bus-redis$/.test(bus_of(config));

// Before the loaders run.
function prepare(medusa, settings) {
  if (server_delivers(settings)) {
    const EventBus = medusa("./dist/services/event-bus").default;
    EventBus.prototype.startEnqueuer = function () {
      this.shouldEnqueuerRun = false;
      this.enqueue_ = Promise.resolve();
    };
  }
  const loader = medusa("./dist/loaders/subscribers");
  const load = loader.default;
  const without = left_out({ events: settings.events, native: settings.settings?.native_events ?? [] });
  loader.default = (given) => {
    const modules = without.map((name) => medusa(`./dist/subscribers/${name}`));
    const classes = modules.map((module) => module.default);
    for (const module of modules) module.default = class LeftToTheServer {};
    try {
      return load(given);
    } finally {
      modules.forEach((module, at) => { module.default = classes[at]; });
    }
  };
}

// Runs each event's subscribers once.
class Delivery {
  constructor(subscribers_of, complain) {
    this.subscribers_of = subscribers_of;
    this.complain = complain;
    this.done = new Set();
  }
  async run(events) {
    const failed = [];
    await Promise.all(events.map(async ({ id, name, data }) => {
      if (this.done.has(id)) return;
      this.done.add(id);
      if (this.done.size > remembered) this.done.delete(this.done.values().next().value);
      await Promise.all(this.subscribers_of(name).map(async ({ id: subscriber, subscriber: run }) => {
        try {
          await run(data, name);
        } catch (error) {
          const message = String(error?.message ?? error);
          failed.push({ id, subscriber: String(subscriber), message });
          this.complain(`An error occurred while processing ${name}: ${error}`);
        }
      }));
    }));
    return { failed };
  }
}

// After the loaders ran: { events, all } of those who listen.
async function connect({ link, container, settings }) {
  const bus = container.resolve("eventBusModuleService");
  const map = bus.eventToSubscribersMap ?? new Map();
  const logger = container.resolve("logger");
  const delivery = new Delivery((name) => [...(map.get(name) ?? []), ...(map.get("*") ?? [])], (text) => logger.error(text));
  link.on("events", async ({ events }) => delivery.run(events));
  if (settings.events === "from_server") {
    // What is emitted past the outbox goes into it, so that everybody hears it once.
    bus.emit = async (event_or_events, data, options = {}) => {
      const events = Array.isArray(event_or_events)
        ? event_or_events.map(({ eventName, data: of, body, options: own }) => ({ eventName, data: of ?? body, options: own ?? {} }))
        : [{ eventName: event_or_events, data, options }];
      await container.resolve("stagedJobService").create(events);
    };
  } else {
    for (const name of settings.settings?.native_events ?? []) bus.subscribe(name, async (data) => { await link.request("event", { name, data }); }, { subscriberId: `stheno-${name}` });
  }
  return { events: [...map.keys()].filter((name) => name !== "*" && map.get(name).length), all: Boolean(map.get("*")?.length) };
}

module.exports = { prepare, connect, Delivery, left_out };
