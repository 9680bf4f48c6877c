import { BaseEntity, generateEntityId } from "@medusajs/medusa"
import { BeforeInsert, Column, Entity } from "typeorm"

// What subscribers and jobs have heard, so that a test can see it.
@Entity()
export class LogEntry extends BaseEntity {
  @Column({ type: "varchar" })
  what: string

  @Column({ type: "varchar" })
  about: string

  @BeforeInsert()
  private beforeInsert(): void {
    this.id = generateEntityId(this.id, "log")
  }
}
