import { Maker } from "./models/maker"

declare module "@medusajs/medusa/dist/models/product" {
  interface Product { maker_id: string | null; maker?: Maker; glaze: string | null }
}
declare module "@medusajs/medusa/dist/models/cart" {
  interface Cart { gift_note: string | null; points?: number }
}
declare module "@medusajs/medusa/dist/models/user" {
  interface User { nickname: string | null }
}
