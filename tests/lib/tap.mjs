// A wire between a server and PostgreSQL at which a test listens. `each(direction, piece)` hears every piece that passes, "to" the
// database or "from" it, in order for each connection, and answers what of it is passed on; it may wait meanwhile.
import net from "node:net";

export async function tap(url, each) {
  const { hostname, port } = new URL(url);
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    const pass = (from, to, direction) => {
      let before = Promise.resolve();
      from.on("data", (piece) => { before = before.then(() => each(direction, piece)).then((left) => { if (left.length && to.writable) to.write(left); }); });
      // What has come through reaches the other side before its end does.
      from.on("close", () => before.then(() => to.end()));
      from.on("error", () => {});
    };
    pass(near, far, "to");
    pass(far, near, "from");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const through = new URL(url);
  through.port = server.address().port;
  return { url: through.toString(), stop: () => server.close() };
}
