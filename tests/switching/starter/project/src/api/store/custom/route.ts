import { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function GET(_request: MedusaRequest, response: MedusaResponse): Promise<void> {
  response.sendStatus(200)
}
