import { Cart as MedusaCart } from "@medusajs/medusa"
import { Column, Entity } from "typeorm"

@Entity()
export class Cart extends MedusaCart {
  @Column({ type: "varchar", nullable: true })
  gift_note: string | null
}
