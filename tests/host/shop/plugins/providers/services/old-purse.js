Object.defineProperty(exports, "__esModule", { value: true });
const { AbstractPaymentService } = require("@medusajs/medusa");
class OldPurse extends AbstractPaymentService {
  async createPayment(context) { return { items: context.items?.length, of: context.cart.id, total: context.amount, in_transaction: Boolean(this.transactionManager_) }; }
  async updatePayment(data, context) { return { ...data, total: context.amount }; }
  async updatePaymentData(data, update) { return { ...data, ...update }; }
  async deletePayment(session) { if (!session.data) throw new Error("no session"); }
  async authorizePayment(session, context) { return { status: "requires_more", data: { ...session.data, provider: session.provider_id, cart: context.cart_id } }; }
  async getPaymentData(session) { return { ...session.data, paid: true }; }
  async getStatus() { return "pending"; }
  async capturePayment(payment) { return { ...payment.data, of: payment.id }; }
  async refundPayment(payment, amount) { return { ...payment.data, refunded: amount, of: payment.id }; }
  async cancelPayment(payment) { return { ...payment.data, canceled: true }; }
  async retrieveSavedMethods(customer) { return [{ of: customer.id }]; }
}
OldPurse.identifier = "old-purse";
exports.default = OldPurse;
