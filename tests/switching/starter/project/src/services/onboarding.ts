import { TransactionBaseService } from "@medusajs/medusa"
import { OnboardingState } from "../models/onboarding"
import OnboardingRepository from "../repositories/onboarding"

// How far the shop's owner has come with the dashboard's first steps: one row.
export default class OnboardingService extends TransactionBaseService {
  private readonly repository: typeof OnboardingRepository

  constructor(container: { onboardingRepository: typeof OnboardingRepository }) {
    super(container as never)
    this.repository = container.onboardingRepository
  }

  async retrieve(): Promise<OnboardingState> {
    const [state] = await this.activeManager_.withRepository(this.repository).find({ take: 1 })
    return state
  }

  async update(change: Partial<OnboardingState>): Promise<OnboardingState> {
    return this.atomicPhase_(async (manager) => manager.withRepository(this.repository).save({ ...(await this.retrieve()), ...change }))
  }
}
