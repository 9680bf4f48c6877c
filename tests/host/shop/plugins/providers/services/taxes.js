Object.defineProperty(exports, "__esModule", { value: true });
const { AbstractTaxService } = require("@medusajs/medusa");
class Taxes extends AbstractTaxService {
  async getTaxLines(items, methods, context) {
    return [
      ...items.map(({ item, rates }) => ({ item_id: item.id, rate: rates[0].rate * 2, name: context.region.name, code: "double" })),
      ...methods.map(({ shipping_method }) => ({ shipping_method_id: shipping_method.id, rate: 1, name: String(context.shipping_methods.length) })),
    ];
  }
}
Taxes.identifier = "taxes";
exports.default = Taxes;
