import { User as MedusaUser } from "@medusajs/medusa"
import { Column, Entity } from "typeorm"

@Entity()
export class User extends MedusaUser {
  @Column({ type: "varchar", nullable: true })
  nickname: string | null
}
