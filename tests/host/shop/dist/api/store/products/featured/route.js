Object.defineProperty(exports, "__esModule", { value: true });
exports.GET = async (request, response) => response.json({ featured: [] });
