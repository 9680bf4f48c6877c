Object.defineProperty(exports, "__esModule", { value: true });
exports.GET = async (request, response) => response.json({ collection: { id: request.params.id, shown_by: "the shop" } });
