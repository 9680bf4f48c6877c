import { dataSource } from "@medusajs/medusa/dist/loaders/database"
import { Maker } from "../models/maker"

export const MakerRepository = dataSource.getRepository(Maker).extend({
  async inTown(town: string): Promise<Maker[]> {
    return await this.find({ where: { town }, order: { name: "ASC" } })
  },
})
export default MakerRepository
