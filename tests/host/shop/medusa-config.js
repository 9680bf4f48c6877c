// SHOP_PLUGINS, SHOP_MODULES and SHOP_REDIS are what a test asks for.
const redis = process.env.SHOP_REDIS;
module.exports = {
  projectConfig: {
    jwt_secret: process.env.JWT_SECRET, cookie_secret: process.env.COOKIE_SECRET, store_cors: "http://localhost:8000", admin_cors: "http://localhost:7001",
    database_url: process.env.DATABASE_URL, ...(redis ? { redis_url: redis } : {}),
  },
  plugins: ["medusa-fulfillment-manual", "medusa-payment-manual", ...JSON.parse(process.env.SHOP_PLUGINS ?? '[{"resolve":"providers","options":{"purse":"brown"}},"empty"]')],
  modules: redis ? { eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis } } } : JSON.parse(process.env.SHOP_MODULES ?? "{}"),
  featureFlags: { product_categories: true },
};
