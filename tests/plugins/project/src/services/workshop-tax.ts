import { AbstractTaxService, ItemTaxCalculationLine, ShippingTaxCalculationLine, TaxCalculationContext } from "@medusajs/medusa"

// A quarter less on whatever costs less than 2000; shipping at the region's rate.
class WorkshopTaxService extends AbstractTaxService {
  static identifier = "workshop-tax"

  constructor(container: any, options: any) {
    super(container, options)
  }

  async getTaxLines(items: ItemTaxCalculationLine[], shipping: ShippingTaxCalculationLine[], context: TaxCalculationContext): Promise<any[]> {
    const country = context.shipping_address?.country_code ?? "nowhere"
    return [
      ...items.flatMap(({ item, rates }) => rates.map(({ rate, name }) => ({ rate: (rate ?? 0) * (item.unit_price < 2000 ? 0.75 : 1), name: `${name} in ${country}`, code: "workshop", item_id: item.id }))),
      ...shipping.flatMap(({ shipping_method, rates }) => rates.map(({ rate, name }) => ({ rate: rate ?? 0, name, code: "workshop", shipping_method_id: shipping_method.id }))),
    ]
  }
}

export default WorkshopTaxService
