// The demo shop: no database_url, so the server brings a PostgreSQL of its own; no redis_url, so sessions live in memory.
module.exports = {
  projectConfig: {
    store_cors: "http://localhost:8000,http://localhost:3000",
    admin_cors: "http://localhost:7000,http://localhost:7001",
  },
  plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"],
  featureFlags: { product_categories: true },
};
