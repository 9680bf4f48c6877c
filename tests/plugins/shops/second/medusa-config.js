// A shop with other plugins for the same things, and with warehouses (inventory and stock location as npm modules).
const path = require("node:path");
const redis = process.env.REDIS_URL;

module.exports = {
  projectConfig: {
    jwt_secret: process.env.JWT_SECRET,
    cookie_secret: process.env.COOKIE_SECRET,
    store_cors: process.env.STORE_CORS,
    admin_cors: process.env.ADMIN_CORS,
    database_url: process.env.DATABASE_URL,
    redis_url: redis,
  },
  plugins: [
    "medusa-fulfillment-manual",
    "medusa-payment-manual",
    { resolve: "medusa-payment-paypal", options: { sandbox: true, client_id: process.env.PAYPAL_CLIENT_ID, client_secret: process.env.PAYPAL_CLIENT_SECRET, auth_webhook_id: "WH-1" } },
    { resolve: "medusa-payment-paystack", options: { secret_key: process.env.PAYSTACK_SECRET_KEY, disable_retries: true } },
    {
      resolve: "medusa-file-minio",
      options: { endpoint: process.env.S3_ENDPOINT, bucket: "shop", access_key_id: process.env.S3_ACCESS_KEY_ID, secret_access_key: process.env.S3_SECRET_ACCESS_KEY, private_bucket: "private", download_url_duration: 60 },
    },
    {
      resolve: "medusa-plugin-resend",
      options: { api_key: process.env.RESEND_API_KEY, from: "shop@stheno.test", enable_endpoint: "42", template_path: path.join(__dirname, "data", "templates"), subject_template_type: "handlebars", body_template_type: "handlebars", order_placed_template: "order_placed" },
    },
    {
      resolve: "medusa-plugin-algolia",
      options: { applicationId: process.env.ALGOLIA_APPLICATION, adminApiKey: process.env.ALGOLIA_KEY, settings: { products: { indexSettings: { searchableAttributes: ["title", "description"], attributesToRetrieve: ["id", "title", "handle"] } } } },
    },
    { resolve: "medusa-plugin-contentful", options: { access_token: process.env.CONTENTFUL_TOKEN, space_id: "shop", environment: "master" } },
  ],
  modules: {
    eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis } },
    cacheService: { resolve: "@medusajs/cache-inmemory" },
    inventoryService: { resolve: "@medusajs/inventory" },
    stockLocationService: { resolve: "@medusajs/stock-location" },
  },
  featureFlags: { product_categories: true },
};
