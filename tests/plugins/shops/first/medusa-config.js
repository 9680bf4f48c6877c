// A shop with a dozen plugins as their documentation sets them up; hosts and keys of the doubles come from the environment.
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
    { resolve: "medusa-payment-stripe", options: { api_key: process.env.STRIPE_API_KEY, webhook_secret: process.env.STRIPE_WEBHOOK_SECRET, webhook_delay: 300 } },
    {
      resolve: "medusa-file-s3",
      options: {
        s3_url: `${process.env.S3_ENDPOINT}/shop`, bucket: "shop", region: "eu-west-1", access_key_id: process.env.S3_ACCESS_KEY_ID, secret_access_key: process.env.S3_SECRET_ACCESS_KEY,
        prefix: "files", download_file_duration: 60, aws_config_object: { endpoint: process.env.S3_ENDPOINT, forcePathStyle: true },
      },
    },
    {
      resolve: "medusa-plugin-sendgrid",
      options: { api_key: process.env.SENDGRID_API_KEY, from: "shop@stheno.test", order_placed_template: "d-placed", order_canceled_template: "d-canceled", customer_password_reset_template: "d-reset", order_shipped_template: "d-shipped", order_shipment_created_template: "d-shipped" },
    },
    {
      resolve: "medusa-plugin-meilisearch",
      options: {
        config: { host: process.env.MEILISEARCH_HOST, apiKey: process.env.MEILISEARCH_API_KEY },
        settings: { products: { indexSettings: { searchableAttributes: ["title", "description", "variant_sku"], displayedAttributes: ["id", "title", "handle", "variant_sku"] }, primaryKey: "id" } },
      },
    },
    { resolve: "medusa-plugin-segment", options: { write_key: process.env.SEGMENT_WRITE_KEY } },
    { resolve: "medusa-plugin-slack-notification", options: { slack_url: "https://hooks.slack.com/services/T0/B0/secret", admin_orders_url: "https://shop.test/orders", show_discount_code: true } },
    "medusa-plugin-wishlist",
    {
      resolve: "medusa-fulfillment-webshipper",
      options: { account: process.env.WEBSHIPPER_ACCOUNT, api_token: process.env.WEBSHIPPER_TOKEN, webhook_secret: process.env.WEBSHIPPER_WEBHOOK_SECRET, order_channel_id: "1", return_address: { address_1: "Cisthene 2", zip: "10115", city: "Sarpedon", country_code: "DE" } },
    },
    {
      resolve: "medusa-plugin-auth",
      options: [
        {
          type: "google", strict: "all", identifier: "google", clientID: "google-client", clientSecret: process.env.GOOGLE_CLIENT_SECRET,
          store: { callbackUrl: "http://shop.test/store/auth/google/cb", successRedirect: "http://shop.test/account", failureRedirect: "http://shop.test/login", authPath: "/store/auth/google", authCallbackPath: "/store/auth/google/cb" },
          admin: { callbackUrl: "http://shop.test/admin/auth/google/cb", successRedirect: "http://shop.test/orders", failureRedirect: "http://shop.test/admin-login", authPath: "/admin/auth/google", authCallbackPath: "/admin/auth/google/cb" },
        },
      ],
    },
    "@rsc-labs/medusa-store-analytics",
  ],
  modules: {
    eventBus: { resolve: "@medusajs/event-bus-redis", options: { redisUrl: redis } },
    cacheService: { resolve: "@medusajs/cache-redis", options: { redisUrl: redis } },
  },
  featureFlags: { product_categories: true },
};
