// For the dashboard's own builder alone: it wants to know where the dashboard stands, and which plugins extend it.
module.exports = { projectConfig: {}, plugins: [{ resolve: "@medusajs/admin", options: { path: "/app" } }] };
