import { ProductService as MedusaProductService } from "@medusajs/medusa"
import { Lifetime } from "awilix"

class ProductService extends MedusaProductService {
  static LIFE_TIME = Lifetime.SCOPED
  protected readonly visitor_: { maker?: string } | undefined

  constructor(container: any) {
    super(container)
    // Registered by a middleware, for requests that name a maker.
    try { this.visitor_ = container.visitor } catch { /* any other request */ }
  }

  async create(product: any): Promise<any> {
    return await super.create({ ...product, glaze: product.glaze ?? "plain" })
  }

  async retrieve(id: string, config?: any): Promise<any> {
    const product: any = await super.retrieve(id, config)
    if (product.glaze === "crackled") product.subtitle = `${product.subtitle ?? ""} (handle with care)`
    return product
  }

  // Called inside the core, by all lists.
  protected prepareListQuery_(selector: any, config: any): any {
    if (this.visitor_?.maker) selector.maker_id = this.visitor_.maker
    return super.prepareListQuery_(selector, config)
  }
}

export default ProductService
