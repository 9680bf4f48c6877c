import { dataSource } from "@medusajs/medusa/dist/loaders/database"
import { LogEntry } from "../models/log-entry"

export const LogEntryRepository = dataSource.getRepository(LogEntry)
export default LogEntryRepository
