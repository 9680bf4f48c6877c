Object.defineProperty(exports, "__esModule", { value: true });
const { Router } = require("express");
exports.default = (root, options) => {
  const router = Router();
  router.get("/store/purses/:id", (request, response) => response.json({ purse: request.params.id, colour: options.purse }));
  return router;
};
