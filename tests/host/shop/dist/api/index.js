Object.defineProperty(exports, "__esModule", { value: true });
const { Router, json } = require("express");
const cors = require("cors");
const { registerOverriddenValidators, AdminPostCollectionsReq } = require("@medusajs/medusa");
class Extended extends AdminPostCollectionsReq {}
Object.defineProperty(Extended, "name", { value: "AdminPostCollectionsReq" });
registerOverriddenValidators(Extended);
exports.default = () => {
  const router = Router();
  router.use(cors({ origin: false }), json());
  router.use("/legacy", (request, response) => response.json({ legacy: true }));
  router.post("/store/carts/:id/complete", (request, response, next) => next());
  return router;
};
