import { BaseEntity, generateEntityId } from "@medusajs/medusa"
import { BeforeInsert, Column, Entity, Index, JoinColumn, ManyToOne } from "typeorm"
import { Product } from "./product"

@Entity()
export class Review extends BaseEntity {
  @Index()
  @Column({ type: "varchar" })
  product_id: string

  @ManyToOne(() => Product)
  @JoinColumn({ name: "product_id" })
  product?: Product

  @Column({ type: "int" })
  stars: number

  @Column({ type: "text", nullable: true })
  text: string | null

  @BeforeInsert()
  private beforeInsert(): void {
    this.id = generateEntityId(this.id, "rev")
  }
}
