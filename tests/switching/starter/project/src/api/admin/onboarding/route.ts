import { MedusaRequest, MedusaResponse } from "@medusajs/medusa"
import { EntityManager } from "typeorm"
import OnboardingService from "../../../services/onboarding"

export async function GET(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const service: OnboardingService = request.scope.resolve("onboardingService")
  response.json({ status: await service.retrieve() })
}

export async function POST(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const service: OnboardingService = request.scope.resolve("onboardingService")
  const manager: EntityManager = request.scope.resolve("manager")
  response.json({ status: await manager.transaction((transaction) => service.withTransaction(transaction).update(request.body as never)) })
}
