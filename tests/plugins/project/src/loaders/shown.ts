import { asValue } from "awilix"

// What the shop shows of its products besides the usual, and a thing of its own in the container.
export default async function shown(container: any): Promise<void> {
  const store = await import("@medusajs/medusa/dist/api/routes/store/products/index")
  const admin = await import("@medusajs/medusa/dist/api/routes/admin/products/index")
  ;(store as any).allowedStoreProductsFields = [...store.allowedStoreProductsFields, "glaze", "maker_id"]
  ;(store as any).allowedStoreProductsRelations = [...store.allowedStoreProductsRelations, "maker"]
  ;(store as any).defaultStoreProductsFields = [...store.defaultStoreProductsFields, "glaze"]
  ;(admin as any).defaultAdminProductFields = [...admin.defaultAdminProductFields, "glaze", "maker_id"]
  container.register({ workshopName: asValue("The workshop of the Gorgons") })
}
