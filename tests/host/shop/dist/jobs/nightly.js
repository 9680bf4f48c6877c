Object.defineProperty(exports, "__esModule", { value: true });
exports.default = async () => {};
exports.config = { name: "nightly", schedule: "0 3 * * *", data: {} };
