import type { ScheduledJobArgs, ScheduledJobConfig } from "@medusajs/medusa"

export default async function tick({ container, data }: ScheduledJobArgs) {
  await (container.resolve("logService") as any).write("tick", (data as any).where)
}

export const config: ScheduledJobConfig = { name: "workshop-tick", schedule: "* * * * * *", data: { where: "in the workshop" } }
