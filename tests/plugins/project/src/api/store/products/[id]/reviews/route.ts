import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"
import { EntityManager } from "typeorm"
import { Review } from "../../../../../models/review"

export async function GET(request: MedusaRequest, response: MedusaResponse) {
  const manager: EntityManager = request.scope.resolve("manager")
  const [reviews, count] = await manager.getRepository(Review).findAndCount({ where: { product_id: request.params.id as string }, order: { stars: "DESC" } })
  response.json({ reviews, count })
}

export async function POST(request: MedusaRequest, response: MedusaResponse) {
  const manager: EntityManager = request.scope.resolve("manager")
  const product = await (request.scope.resolve("productService") as any).retrieve(request.params.id, { select: ["id"] })
  const { stars, text } = request.body as any
  const review = await manager.transaction(async (inner) => {
    const repository = inner.getRepository(Review)
    return await repository.save(repository.create({ product_id: product.id, stars, text }))
  })
  response.status(201).json({ review, by: (request.user as any)?.customer_id ? "a customer" : "somebody" })
}
