Object.defineProperty(exports, "__esModule", { value: true });
const { CartService } = require("@medusajs/medusa");
class Carts extends CartService {
  constructor(container) {
    super(...arguments);
    this.regions = container.regionService;
  }
  async decorateTotals(cart, options) {
    const decorated = await super.decorateTotals(cart, options);
    decorated.shown_by = "the shop";
    return decorated;
  }
}
exports.default = Carts;
