import { dataSource } from "@medusajs/medusa/dist/loaders/database"
import { OnboardingState } from "../models/onboarding"

export default dataSource.getRepository(OnboardingState)
