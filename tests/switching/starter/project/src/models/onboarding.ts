import { BaseEntity } from "@medusajs/medusa"
import { Column, Entity } from "typeorm"

@Entity()
export class OnboardingState extends BaseEntity {
  @Column({ type: "varchar", nullable: true })
  current_step: string | null

  @Column({ type: "boolean" })
  is_complete: boolean
}
