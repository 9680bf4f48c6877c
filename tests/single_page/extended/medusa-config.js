// The dashboard with what this project and one of its plugins add to it.
module.exports = {
  projectConfig: {
    jwt_secret: process.env.JWT_SECRET, cookie_secret: process.env.COOKIE_SECRET, store_cors: process.env.STORE_CORS, admin_cors: process.env.ADMIN_CORS, database_url: process.env.DATABASE_URL,
  },
  plugins: [
    "medusa-payment-manual", "medusa-fulfillment-manual",
    { resolve: "./plugins/shown", options: { enableUI: true } },
    { resolve: "@medusajs/admin", options: { autoRebuild: true } },
  ],
};
