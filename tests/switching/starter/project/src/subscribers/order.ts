import { OrderService, SubscriberArgs, SubscriberConfig } from "@medusajs/medusa"
import { EntityManager } from "typeorm"

// Who has heard of which order.
export default async function heard({ data, container }: SubscriberArgs<{ id: string }>): Promise<void> {
  const manager: EntityManager = container.resolve("manager")
  await manager.query(`INSERT INTO "order_heard" ("order_id", "process") VALUES ($1, $2)`, [data.id, process.pid])
}

export const config: SubscriberConfig = { event: OrderService.Events.PLACED }
