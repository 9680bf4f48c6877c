// The demo shop: no database_url, so the server brings a PostgreSQL of its own; no redis_url, so sessions live in memory.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const plugins = ["medusa-payment-manual", "medusa-fulfillment-manual"];
// Where ./dev up keeps the dashboard that it has built, if npm could be reached.
const dashboard = "../dashboard/build";
if (existsSync(join(__dirname, dashboard, "index.html"))) plugins.push({ resolve: "@medusajs/admin", options: { outDir: dashboard } });

module.exports = {
  projectConfig: {
    store_cors: "http://localhost:8000,http://localhost:3000",
    admin_cors: "http://localhost:7000,http://localhost:7001",
  },
  plugins,
  featureFlags: { product_categories: true },
};
