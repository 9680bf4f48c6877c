import type { SubscriberArgs, SubscriberConfig } from "@medusajs/medusa"

export default async function onProduct({ data, container }: SubscriberArgs<{ id: string }>) {
  const product: any = await (container.resolve("productService") as any).retrieve(data.id)
  await (container.resolve("logService") as any).write("a product in a function", product.title)
}

export const config: SubscriberConfig = { event: ["product.created", "product.updated"], context: { subscriberId: "workshop-products" } }
