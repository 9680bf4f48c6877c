Object.defineProperty(exports, "__esModule", { value: true });
exports.default = () => {
  const variants = require("@medusajs/medusa/dist/api/routes/admin/variants/index.js");
  variants.defaultAdminVariantRelations = [...variants.defaultAdminVariantRelations, "options"];
};
