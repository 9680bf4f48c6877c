import { TransactionBaseService } from "@medusajs/medusa"
import { MedusaError } from "@medusajs/utils"
import { Maker } from "../models/maker"
import MakerRepository from "../repositories/maker"

class MakerService extends TransactionBaseService {
  protected readonly makerRepository_: typeof MakerRepository
  protected readonly eventBusService_: any

  constructor(container: any) {
    super(container)
    this.makerRepository_ = container.makerRepository
    this.eventBusService_ = container.eventBusService
  }

  async list(town?: string): Promise<Maker[]> {
    const repository = this.activeManager_.withRepository(this.makerRepository_)
    return town ? await repository.inTown(town) : await repository.find({ order: { name: "ASC" } })
  }

  async retrieve(id: string, relations: string[] = []): Promise<Maker> {
    const maker = await this.activeManager_.withRepository(this.makerRepository_).findOne({ where: { id }, relations })
    if (!maker) throw new MedusaError(MedusaError.Types.NOT_FOUND, `No maker is called ${id}`)
    return maker
  }

  // The row and what is told of it: both, or neither.
  async create(data: { name: string; town?: string }): Promise<Maker> {
    return await this.atomicPhase_(async (manager) => {
      const repository = manager.withRepository(this.makerRepository_)
      const maker = await repository.save(repository.create(data))
      await this.eventBusService_.withTransaction(manager).emit("maker.created", { id: maker.id, name: maker.name })
      if (data.name === "Nobody") throw new MedusaError(MedusaError.Types.INVALID_DATA, "Nobody makes nothing")
      return maker
    })
  }

  async delete(id: string): Promise<void> {
    await this.atomicPhase_(async (manager) => { await manager.withRepository(this.makerRepository_).delete({ id }) })
  }
}

export default MakerService
