// Events between the two: what the server delivers to the project's subscribers, what the project emits past the outbox, and which
// of the core's own subscribers have work left here.
"use strict";

const remembered = 10_000; // ids of events that were run

// In the data of an order.placed that was emitted here: the server has not counted its discounts, nor ended its draft order.
const mark = "stheno_child";

const bus_of = (config) => {
  const bus = config.modules?.eventBus;
  return (typeof bus === "string" ? undefined : bus?.resolve) ?? "@medusajs/event-bus-local";
};
// The server takes jobs out of staged_job itself where it knows the bus.
const server_delivers = ({ events, config }) => events === "from_server" || /(^|\/)@medusajs\/event-bus-redis$/.test(bus_of(config));

// What connect() learns and handlers ask for.
class Policy {
  constructor(settings) {
    this.server_runs_batches = settings.events === "from_server" || (settings.settings?.native_events ?? []).includes("batch.created");
    this.batch_jobs = false; // whether they are the child's
    this.notifies = undefined; // the core's subscriber to everything
  }
  runs_batches() {
    return !this.server_runs_batches || this.batch_jobs;
  }
}

// Makes a core subscriber whose handlers run only under a condition. `each` gets (event, handler) and gives the handler to subscribe.
function conditional(Original, each) {
  return class {
    constructor(cradle) {
      const bus = cradle.eventBusService;
      const eventBusService = {
        subscribe(event, handler, context) {
          bus.subscribe(event, each(event, handler), context);
          return eventBusService;
        },
      };
      return new Original(new Proxy(cradle, { get: (target, key) => (key === "eventBusService" ? eventBusService : target[key]) }));
    }
  };
}

function core_subscribers(policy) {
  return {
    // Counts the uses of discounts and ends draft orders: the server does so with the order.
    order: (event, handler) => async (data, name) => { if (data?.[mark]) await handler(data, name); },
    "batch-job": (event, handler) => async (data, name) => { if (policy.runs_batches()) await handler(data, name); },
    notification: (event, handler) => { policy.notifies = handler; return handler; },
  };
}

// Before the loaders run.
function prepare(medusa, settings) {
  const policy = new Policy(settings);
  const EventBus = medusa("./dist/services/event-bus").default;
  if (server_delivers(settings)) {
    EventBus.prototype.startEnqueuer = function () {
      this.shouldEnqueuerRun = false;
      this.enqueue_ = Promise.resolve();
    };
  }
  const { emit } = EventBus.prototype;
  const marked = (event, data) => (event === "order.placed" && data && typeof data === "object" ? { ...data, [mark]: true } : data);
  EventBus.prototype.emit = function (event_or_events, data, options) {
    if (Array.isArray(event_or_events)) return emit.call(this, event_or_events.map((event) => (event.data ? { ...event, data: marked(event.eventName, event.data) } : event)));
    return emit.call(this, event_or_events, marked(event_or_events, data), options);
  };

  const subscribers = medusa("./dist/loaders/subscribers");
  const load_subscribers = subscribers.default;
  subscribers.default = (given) => {
    const changed = Object.entries(core_subscribers(policy)).map(([name, each]) => {
      const module = medusa(`./dist/subscribers/${name}`);
      const original = module.default;
      module.default = conditional(original, each);
      return () => { module.default = original; };
    });
    try {
      return load_subscribers(given);
    } finally {
      for (const restore of changed) restore();
    }
  };

  // What is emitted past the outbox goes into it, so that everybody hears it once.
  if (settings.events === "from_server") {
    const plugins = medusa("./dist/loaders/plugins");
    const load_plugins = plugins.default;
    plugins.default = (given) => {
      const { container } = given;
      container.resolve("eventBusModuleService").emit = async (event_or_events, data, options = {}) => {
        const events = Array.isArray(event_or_events)
          ? event_or_events.map(({ eventName, data: of, body, options: own }) => ({ eventName, data: of ?? body, options: own ?? {} }))
          : [{ eventName: event_or_events, data, options }];
        await container.resolve("stagedJobService").create(events);
      };
      return load_plugins(given);
    };
  }
  return policy;
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
          failed.push({ id, subscriber: String(subscriber), message: String(error?.message ?? error) });
          this.complain(`An error occurred while processing ${name}: ${error}`);
        }
      }));
    }));
    return { failed };
  }
}

// After the loaders ran: { events, all } of those who listen.
async function connect({ link, container, settings, policy, batch_jobs }) {
  policy.batch_jobs = batch_jobs === "child";
  const bus = container.resolve("eventBusModuleService");
  const map = bus.eventToSubscribersMap ?? new Map();
  const logger = container.resolve("logger");
  const delivery = new Delivery((name) => [...(map.get(name) ?? []), ...(map.get("*") ?? [])], (text) => logger.error(text));
  link.on("events", async ({ events }) => delivery.run(events));
  if (settings.events !== "from_server") {
    // A batch job that the child runs is no news for the server.
    const wanted = (settings.settings?.native_events ?? []).filter((name) => !(policy.batch_jobs && name.startsWith("batch.")));
    for (const name of wanted) bus.subscribe(name, async (data) => { await link.request("event", { name, data }); }, { subscriberId: `stheno-${name}` });
  }
  const names = [...map.keys()].filter((name) => name !== "*" && map.get(name).length);
  const idle = new Set(["payment.webhook_received", ...(policy.runs_batches() ? [] : ["batch.created", "batch.confirmed"])]);
  const notified = Object.keys(container.resolve("notificationService").subscribers_ ?? {});
  // The core has one subscriber to each of the idle ones.
  return {
    events: [...new Set([...names.filter((name) => !idle.has(name) || map.get(name).length > 1), ...notified])],
    all: (map.get("*") ?? []).some(({ subscriber }) => subscriber !== policy.notifies),
  };
}

module.exports = { prepare, connect, Delivery, mark };
