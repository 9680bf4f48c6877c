import { Product as MedusaProduct } from "@medusajs/medusa"
import { Column, Entity, JoinColumn, ManyToOne } from "typeorm"
import { Maker } from "./maker"

@Entity()
export class Product extends MedusaProduct {
  @Column({ type: "varchar", nullable: true })
  glaze: string | null

  @Column({ type: "varchar", nullable: true })
  maker_id: string | null

  @ManyToOne(() => Maker, (maker) => maker.products)
  @JoinColumn({ name: "maker_id" })
  maker?: Maker
}
