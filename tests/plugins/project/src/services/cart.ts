import { CartService as MedusaCartService } from "@medusajs/medusa"
import { MedusaError } from "@medusajs/utils"

class CartService extends MedusaCartService {
  // Called by the routes that make a cart.
  async create(data: any): Promise<any> {
    const cart = await super.create(data)
    if (data.gift_note !== undefined) {
      await this.activeManager_.withRepository(this.cartRepository_).update(cart.id, { gift_note: data.gift_note } as any)
    }
    return cart
  }

  // Called inside the core, by whatever shows a cart with its totals.
  async decorateTotals(cart: any, config: any = {}): Promise<any> {
    const decorated: any = await super.decorateTotals(cart, config)
    decorated.points = Math.floor((decorated.subtotal ?? 0) / 100)
    return decorated
  }

  // Called inside the core when a line is added.
  async addOrUpdateLineItems(cartId: string, lines: any, config?: any): Promise<void> {
    for (const line of Array.isArray(lines) ? lines : [lines]) {
      if (line.quantity > 9) {
        throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "The workshop sells at most nine of a kind")
      }
    }
    await super.addOrUpdateLineItems(cartId, lines, config)
  }
}

export default CartService
