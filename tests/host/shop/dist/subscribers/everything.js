Object.defineProperty(exports, "__esModule", { value: true });
const { appendFileSync } = require("node:fs");
class Everything {
  constructor({ eventBusService }) {
    eventBusService.subscribe("*", async (data, name) => appendFileSync(process.env.SHOP_HEARD, `${JSON.stringify({ by: "everything", eventName: name, data })}\n`));
    eventBusService.subscribe("product.updated", async () => { throw new Error("as the test wants it"); });
  }
}
exports.default = Everything;
