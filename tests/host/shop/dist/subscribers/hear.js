Object.defineProperty(exports, "__esModule", { value: true });
const { appendFileSync } = require("node:fs");
exports.default = async ({ data, eventName }) => appendFileSync(process.env.SHOP_HEARD, `${JSON.stringify({ by: "function", eventName, data })}\n`);
exports.config = { event: ["hello.said", "product.updated"], context: { subscriberId: "hear" } };
