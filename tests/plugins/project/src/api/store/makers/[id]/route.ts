import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function GET(request: MedusaRequest, response: MedusaResponse) {
  response.json({ maker: await (request.scope.resolve("makerService") as any).retrieve(request.params.id, ["products"]) })
}
