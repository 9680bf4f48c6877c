import { BaseEntity, generateEntityId } from "@medusajs/medusa"
import { BeforeInsert, Column, Entity, OneToMany } from "typeorm"
import { Product } from "./product"

@Entity()
export class Maker extends BaseEntity {
  @Column({ type: "varchar" })
  name: string

  @Column({ type: "varchar", nullable: true })
  town: string | null

  @OneToMany(() => Product, (product) => product.maker)
  products?: Product[]

  @BeforeInsert()
  private beforeInsert(): void {
    this.id = generateEntityId(this.id, "maker")
  }
}
