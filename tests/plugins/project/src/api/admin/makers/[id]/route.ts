import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function DELETE(request: MedusaRequest, response: MedusaResponse) {
  await (request.scope.resolve("makerService") as any).delete(request.params.id)
  response.sendStatus(204)
}
