import { AbstractBatchJobStrategy, BatchJobService, ProductService, ProductStatus } from "@medusajs/medusa"

class PublishStrategy extends AbstractBatchJobStrategy {
  static identifier = "workshop-publish"
  static batchType = "publish"
  protected batchJobService_: BatchJobService
  protected productService_: ProductService

  constructor(container: any) {
    super(container)
    this.batchJobService_ = container.batchJobService
    this.productService_ = container.productService
  }

  async prepareBatchJobForProcessing(batchJob: any): Promise<any> {
    return { ...batchJob, context: { ...batchJob.context, prepared: true } }
  }

  async preProcessBatchJob(id: string): Promise<void> {
    await this.atomicPhase_(async (manager) => {
      const job: any = await this.batchJobService_.withTransaction(manager).retrieve(id)
      await this.batchJobService_.withTransaction(manager).update(id, { result: { count: job.context.products.length, advancement_count: 0 } })
    })
  }

  async processJob(id: string): Promise<void> {
    await this.atomicPhase_(async (manager) => {
      const job: any = await this.batchJobService_.withTransaction(manager).retrieve(id)
      for (const product of job.context.products) await this.productService_.withTransaction(manager).update(product, { status: ProductStatus.PUBLISHED })
      await this.batchJobService_.withTransaction(manager).update(id, { result: { advancement_count: job.context.products.length } })
    })
  }

  async buildTemplate(): Promise<string> {
    return ""
  }
}

export default PublishStrategy
