Object.defineProperty(exports, "__esModule", { value: true });
exports.config = {
  routes: [
    { matcher: "/store/collections/*", middlewares: [(request, response, next) => (request.headers["x-deny"] ? response.status(403).json({ denied: true }) : next())] },
    { matcher: "/store/hello", bodyParser: { sizeLimit: "1mb" }, middlewares: [(request, response, next) => { request.greeting = "hello"; next(); }] },
  ],
};
