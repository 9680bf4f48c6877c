import { TransactionBaseService } from "@medusajs/medusa"
import LogEntryRepository from "../repositories/log-entry"

class LogService extends TransactionBaseService {
  protected readonly logEntryRepository_: typeof LogEntryRepository

  constructor(container: any) {
    super(container)
    this.logEntryRepository_ = container.logEntryRepository
  }

  async write(what: string, about: string): Promise<void> {
    const repository = this.activeManager_.withRepository(this.logEntryRepository_)
    await repository.save(repository.create({ what, about }))
  }

  async list(): Promise<{ what: string; about: string }[]> {
    const entries = await this.activeManager_.withRepository(this.logEntryRepository_).find({ order: { what: "ASC", about: "ASC" } })
    return entries.map(({ what, about }) => ({ what, about }))
  }
}

export default LogService
