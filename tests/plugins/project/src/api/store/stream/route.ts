import type { MedusaRequest, MedusaResponse } from "@medusajs/medusa"

// Server-sent events, one after the other.
export async function GET(request: MedusaRequest, response: MedusaResponse) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" })
  response.flushHeaders()
  for (const word of ["clay", "fire", "pot"]) {
    response.write(`data: ${word}\n\n`)
    await new Promise((done) => setTimeout(done, 150))
  }
  response.end()
}
