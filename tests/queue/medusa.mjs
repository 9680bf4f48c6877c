// The real @medusajs/event-bus-redis, BullMQ and @medusajs/cache-redis, as a process of Medusa 1.20.11 uses them.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../lib/packages.mjs";

const require = packagesOf(dirname(fileURLToPath(import.meta.url)), "bullmq");
export const { Queue, QueueEvents } = require("bullmq");
export const Redis = require("ioredis");
const RedisEventBusService = require("@medusajs/event-bus-redis/dist/services/event-bus-redis").default;
const { RedisCacheService } = require("@medusajs/cache-redis/dist/services");
export const prefix = "RedisEventBusService", queueName = "events-queue";

export const medusaCache = (connection, options = {}) => new RedisCacheService({ cacheRedisConnection: connection }, options);

const open = new Set();
// Those that a failed check has left, which would go on taking jobs.
export const closeBuses = () => Promise.all([...open].map((bus) => bus.close()));

// `subscribers`: { event: { id: function } }. Without any, nothing is taken out of the queue.
export function medusaBus(url, subscribers, options = {}) {
  const connection = new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: false });
  const said = [];
  connection.on("error", () => {});
  const say = (line) => said.push(String(line));
  const bus = new RedisEventBusService({ logger: { info: say, warn: say, error: say }, eventBusRedisConnection: connection }, { redisUrl: url, ...options }, { scope: "internal", resources: "shared", worker_mode: subscribers ? "shared" : "server" });
  for (const [event, byId] of Object.entries(subscribers ?? {}))
    for (const [subscriberId, subscriber] of Object.entries(byId)) bus.subscribe(event, subscriber, { subscriberId });
  bus.bullWorker_?.on("error", say);
  const handle = {
    bus, said, worker: bus.bullWorker_,
    close: async () => { open.delete(handle); await bus.bullWorker_?.close(); await bus.queue_.close(); connection.disconnect(); },
  };
  open.add(handle);
  return handle;
}
