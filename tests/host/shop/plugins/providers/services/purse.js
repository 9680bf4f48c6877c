Object.defineProperty(exports, "__esModule", { value: true });
const { AbstractPaymentProcessor } = require("@medusajs/medusa");
let opened = 0;
class Purse extends AbstractPaymentProcessor {
  constructor(container, options) { super(container, options); this.options = options; }
  async initiatePayment(context) {
    if (context.email === "refused@shop.test") return { error: "No purse", code: "purse_missing", detail: "It is lost" };
    const { amount, currency_code, resource_id, paymentSessionData } = context;
    return { session_data: { opened: ++opened, purse: this.options.purse, amount, currency_code, resource_id, paymentSessionData }, update_requests: context.customer ? { customer_metadata: { purse: "known" } } : undefined };
  }
  async updatePayment({ amount, paymentSessionData }) { return amount === 0 ? undefined : { session_data: { ...paymentSessionData, amount } }; }
  async updatePaymentData(id, data) { return { ...data, of: id }; }
  async deletePayment() { return {}; }
  async authorizePayment(data, context) { return data.refuse ? { error: "Refused" } : { status: "authorized", data: { ...data, cart: context.cart_id } }; }
  async retrievePayment(data) { return { ...data, retrieved: true }; }
  async getPaymentStatus() { return "authorized"; }
  async capturePayment(data) { return { ...data, captured: true }; }
  async refundPayment(data, amount) { return { ...data, refunded: amount }; }
  async cancelPayment() { return { ignored: true }; }
}
Purse.identifier = "purse";
exports.default = Purse;
