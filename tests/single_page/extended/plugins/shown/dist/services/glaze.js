class GlazeService {}
exports.default = GlazeService;
