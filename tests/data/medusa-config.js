// As shops have it: read from the environment. Without REDIS_URL sessions stay in memory.
const redis = process.env.REDIS_URL;
// Scripts that begin with `with: {"inventory": true}` or `with: {"inclusive": true}`.
const inventory = process.env.SHOP_INVENTORY === "1";
const inclusive = process.env.SHOP_INCLUSIVE === "1";

module.exports = {
  projectConfig: {
    jwt_secret: process.env.JWT_SECRET,
    cookie_secret: process.env.COOKIE_SECRET,
    store_cors: process.env.STORE_CORS,
    admin_cors: process.env.ADMIN_CORS,
    database_url: process.env.DATABASE_URL,
    database_type: "postgres",
    ...(redis ? { redis_url: redis } : {}),
  },
  plugins: ["medusa-fulfillment-manual", "medusa-payment-manual"],
  modules: {
    eventBus: redis ? { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis } } : { resolve: "@medusajs/event-bus-local" },
    cacheService: { resolve: "@medusajs/cache-inmemory" },
    ...(inventory ? { inventoryService: { resolve: "@medusajs/inventory" }, stockLocationService: { resolve: "@medusajs/stock-location" } } : {}),
  },
  featureFlags: { product_categories: true, ...(inclusive ? { tax_inclusive_pricing: true } : {}) },
};
