import type { MedusaNextFunction, MedusaRequest, MedusaResponse, MiddlewaresConfig } from "@medusajs/medusa"
import { raw } from "body-parser"

// Denies: a part of the core's API is closed.
function closed(_: MedusaRequest, response: MedusaResponse) {
  response.status(403).json({ message: "The workshop is closed there", type: "not_allowed" })
}

// Changes: what a client says, and what it is told.
function politely(request: MedusaRequest, response: MedusaResponse, next: MedusaNextFunction) {
  response.setHeader("x-workshop", "greets you")
  if (request.method === "POST" && typeof (request.body as any)?.gift_note === "string") (request.body as any).gift_note = (request.body as any).gift_note.trim()
  next()
}

// Registers: services of this request find who asks.
function visitor(request: MedusaRequest, _: MedusaResponse, next: MedusaNextFunction) {
  const maker = request.headers["x-maker"]
  if (maker) request.scope.register({ visitor: { resolve: () => ({ maker }) } as any })
  next()
}

export const config: MiddlewaresConfig = {
  routes: [
    { matcher: "/store/regions/reg_dk", middlewares: [closed] },
    { matcher: "/store/carts", method: "POST", middlewares: [politely] },
    { matcher: "/store/products", method: "GET", middlewares: [visitor] },
    { matcher: "/webhooks/raw", bodyParser: false, middlewares: [raw({ type: "*/*", limit: "10mb" })] },
  ],
}
