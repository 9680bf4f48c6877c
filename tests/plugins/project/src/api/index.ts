import { registerOverriddenValidators } from "@medusajs/medusa"
import { AdminPostProductsReq as MedusaAdminPostProductsReq } from "@medusajs/medusa/dist/api/routes/admin/products/create-product"
import { AdminPostProductsProductReq as MedusaAdminPostProductsProductReq } from "@medusajs/medusa/dist/api/routes/admin/products/update-product"
import { AdminUpdateUserRequest as MedusaAdminUpdateUserRequest } from "@medusajs/medusa/dist/api/routes/admin/users/update-user"
import { StorePostCartReq as MedusaStorePostCartReq } from "@medusajs/medusa/dist/api/routes/store/carts/create-cart"
import { json, Router } from "express"
import { IsIn, IsOptional, IsString, MaxLength } from "class-validator"

const glazes = ["plain", "black", "crackled"]

class AdminPostProductsReq extends MedusaAdminPostProductsReq {
  @IsIn(glazes)
  @IsOptional()
  glaze?: string

  @IsString()
  @IsOptional()
  maker_id?: string
}
class AdminPostProductsProductReq extends MedusaAdminPostProductsProductReq {
  @IsIn(glazes)
  @IsOptional()
  glaze?: string

  @IsString()
  @IsOptional()
  maker_id?: string
}
class AdminUpdateUserRequest extends MedusaAdminUpdateUserRequest {
  @IsString()
  @MaxLength(10)
  @IsOptional()
  nickname?: string
}
class StorePostCartReq extends MedusaStorePostCartReq {
  @IsString()
  @IsOptional()
  gift_note?: string
}

for (const validator of [AdminPostProductsReq, AdminPostProductsProductReq, AdminUpdateUserRequest, StorePostCartReq]) registerOverriddenValidators(validator)

// The older form of routes: a router of Express.
export default function legacy(): Router {
  const router = Router()
  router.use("/workshop", json())
  router.post("/workshop/echo/:word", (request: any, response) => {
    response.status(202).json({ word: request.params.word, body: request.body, query: request.query, workshop: request.scope.resolve("workshopName"), session: typeof request.session })
  })
  router.get("/workshop/fails", () => { throw new Error("The kiln is cold") })
  return router
}
