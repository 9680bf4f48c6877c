import type { SubscriberArgs, SubscriberConfig } from "@medusajs/medusa"

export default async function onMaker({ data, container }: SubscriberArgs<{ name: string }>) {
  await (container.resolve("logService") as any).write("maker.created in a function", data.name)
}

export const config: SubscriberConfig = { event: "maker.created" }
