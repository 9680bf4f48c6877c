// A project folder as medusa-starter-default of 1.20 lays it out: configuration from the environment and .env, the starter's plugins, Redis
// left to the owner (who is played by tests/switching/starter.mjs).
try {
  require("dotenv").config({ path: `${process.cwd()}/${process.env.NODE_ENV === "production" ? ".env.production" : ".env"}` });
} catch {
  // Without the package everything comes from the environment.
}

module.exports = {
  projectConfig: {
    jwt_secret: process.env.JWT_SECRET || "supersecret",
    cookie_secret: process.env.COOKIE_SECRET || "supersecret",
    store_cors: process.env.STORE_CORS || "http://localhost:8000",
    admin_cors: process.env.ADMIN_CORS || "http://localhost:7000,http://localhost:7001",
    database_url: process.env.DATABASE_URL || "postgres://localhost/medusa-starter-default",
  },
  plugins: [
    "medusa-fulfillment-manual",
    "medusa-payment-manual",
    { resolve: "@medusajs/file-local", options: { upload_dir: "uploads" } },
    { resolve: "@medusajs/admin", options: { autoRebuild: true, develop: { open: process.env.OPEN_BROWSER !== "false" } } },
  ],
  modules: {},
};
