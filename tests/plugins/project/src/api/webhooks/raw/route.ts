import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

export async function POST(request: MedusaRequest, response: MedusaResponse) {
  const body = request.body as Buffer
  response.json({ raw: Buffer.isBuffer(body), bytes: body.length, text: body.toString("utf8").slice(0, 40), cookie: request.headers.cookie ?? null })
}
