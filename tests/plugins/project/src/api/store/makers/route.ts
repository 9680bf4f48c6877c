import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function GET(request: MedusaRequest, response: MedusaResponse) {
  const makers = await (request.scope.resolve("makerService") as any).list(request.query.town)
  response.json({ makers, count: makers.length, workshop: request.scope.resolve("workshopName") })
}
