import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function POST(request: MedusaRequest, response: MedusaResponse) {
  const maker = await (request.scope.resolve("makerService") as any).create(request.body)
  response.json({ maker, by: (request.user as any)?.userId ? "a user" : "nobody" })
}
