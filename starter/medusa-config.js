// Read by both servers: by `stheno start`, and by `npx medusa start` once `npm install` has been run.
try {
  require("dotenv").config({ path: `${__dirname}/.env` });
} catch {
  // Not installed. stheno reads .env by itself.
}
const { DATABASE_URL, REDIS_URL, STORE_CORS, ADMIN_CORS, JWT_SECRET, COOKIE_SECRET } = process.env;

const installed = (name) => {
  try {
    return Boolean(require.resolve(`${name}/package.json`, { paths: [__dirname] }));
  } catch {
    return false;
  }
};

const plugins = [
  "medusa-fulfillment-manual",
  "medusa-payment-manual",
  { resolve: "@medusajs/file-local", options: { upload_dir: "uploads" } },
];
// The dashboard, at /app. It is built at the first start behind `npm install`, which takes some minutes.
if (installed("@medusajs/admin")) plugins.push({ resolve: "@medusajs/admin", options: { autoRebuild: true } });

const modules = {};
if (REDIS_URL) {
  modules.eventBus = { resolve: "@medusajs/event-bus-redis", options: { redisUrl: REDIS_URL } };
  modules.cacheService = { resolve: "@medusajs/cache-redis", options: { redisUrl: REDIS_URL } };
}

module.exports = {
  projectConfig: {
    jwt_secret: JWT_SECRET,
    cookie_secret: COOKIE_SECRET,
    store_cors: STORE_CORS,
    admin_cors: ADMIN_CORS,
    ...(DATABASE_URL ? { database_url: DATABASE_URL } : {}),
    ...(REDIS_URL ? { redis_url: REDIS_URL } : {}),
  },
  plugins,
  modules,
  featureFlags: { product_categories: true },
};
