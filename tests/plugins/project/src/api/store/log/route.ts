import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function GET(request: MedusaRequest, response: MedusaResponse) {
  response.json({ log: await (request.scope.resolve("logService") as any).list() })
}
