import { dataSource } from "@medusajs/medusa/dist/loaders/database"
import { Review } from "../models/review"

export const ReviewRepository = dataSource.getRepository(Review)
export default ReviewRepository
