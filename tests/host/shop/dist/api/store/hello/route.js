Object.defineProperty(exports, "__esModule", { value: true });
exports.GET = async (request, response) => {
  response.json({ greeting: request.greeting, address: request.socket.remoteAddress, ip: request.ip, stheno: Object.keys(request.headers).filter((name) => name.startsWith("x-stheno")), session: request.session.seen ?? 0 });
};
exports.POST = async (request, response) => {
  request.session.seen = (request.session.seen ?? 0) + 1;
  await request.scope.resolve("eventBusModuleService").emit("hello.said", { seen: request.session.seen });
  await request.scope.resolve("eventBusService").emit("order.placed", { id: request.body.order_id });
  response.json({ seen: request.session.seen });
};
