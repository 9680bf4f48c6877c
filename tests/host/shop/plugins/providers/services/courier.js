Object.defineProperty(exports, "__esModule", { value: true });
const { AbstractFulfillmentService, MedusaError } = require("@medusajs/medusa");
class Courier extends AbstractFulfillmentService {
  async getFulfillmentOptions() { return [{ id: "bicycle" }]; }
  async validateOption(data) { return data.id === "bicycle"; }
  async validateFulfillmentData(option, data, cart) {
    const utils = require("@medusajs/utils");
    if (!data.door) throw new utils.MedusaError(utils.MedusaError.Types.INVALID_DATA, "Which door?");
    return { ...data, of: cart.id, year: cart.created_at.getUTCFullYear() };
  }
  async canCalculate() { return true; }
  async calculatePrice(option, data, cart) { return 100 * cart.items.length; }
  async createFulfillment(data, items, order, fulfillment) { return { label: fulfillment.id, items: items.length, order: order.id }; }
  async cancelFulfillment(data) { return { canceled: data.label }; }
  async createReturn(order) { return { label: order.id }; }
}
Courier.identifier = "courier";
exports.default = Courier;
