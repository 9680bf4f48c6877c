import CartCompletionStrategy from "@medusajs/medusa/dist/strategies/cart-completion"

class WorkshopCompletion extends CartCompletionStrategy {
  async complete(id: string, key: any, context: any): Promise<any> {
    const cart = await this.cartService_.withTransaction(this.activeManager_).retrieve(id, { select: ["id", "email"] })
    if (cart.email?.endsWith("@banned.example")) {
      return { response_code: 403, response_body: { message: "The workshop does not sell to you", type: "not_allowed" } }
    }
    const answer: any = await super.complete(id, key, context)
    if (answer.response_code === 200) answer.response_body = { ...answer.response_body, thanks: "from the workshop" }
    return answer
  }
}

export default WorkshopCompletion
