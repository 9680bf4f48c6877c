// The link to the server: frames of a length (four bytes, the highest first) and a JSON text, both ways on one socket. Made once by
// bootstrap.js. A frame with "id" is a request and is answered; one without is a notice.
"use strict";

const most = 16 * 1024 * 1024; // bytes of one frame

// What arrives in parts, as whole frames' texts. Joins each part once, so that a long frame costs what its length says.
class Frames {
  constructor(each) {
    this.each = each;
    this.parts = [];
    this.size = 0;
    this.needed = 4;
    this.head = true;
  }
  // False for a frame that is too long.
  add(part) {
    this.parts.push(part);
    this.size += part.length;
    while (this.size >= this.needed) {
      const bytes = this.parts.length === 1 ? this.parts[0] : Buffer.concat(this.parts);
      const taken = bytes.subarray(0, this.needed);
      this.parts = bytes.length > this.needed ? [bytes.subarray(this.needed)] : [];
      this.size -= this.needed;
      this.needed = this.head ? taken.readUInt32BE(0) : 4;
      if (this.head && this.needed > most) return false;
      this.head = !this.head;
      if (this.head) this.each(taken.toString("utf8"));
    }
    return true;
  }
}

function frame(value) {
  const text = Buffer.from(JSON.stringify(value));
  if (text.length > most) throw new Error(`A message of ${text.length} bytes is too long for the link`);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
}

// An error as the other side gets it.
const described = (error) => ({
  type: typeof error?.type === "string" ? error.type : "unexpected_state",
  message: typeof error?.message === "string" ? error.message : String(error),
  ...(error?.code === undefined ? {} : { code: String(error.code) }),
});

class Link {
  constructor(socket, rest) {
    this.socket = socket;
    this.handlers = new Map();
    this.waiting = new Map(); // requests of ours, by id
    this.next = 1;
    const frames = new Frames((text) => this.take(JSON.parse(text)));
    const add = (part) => { if (!frames.add(part)) process.exit(1); };
    if (rest?.length) add(rest);
    socket.on("data", add);
  }

  // What is done with the requests or notices of a method: an async function of their arguments.
  on(method, handler) {
    this.handlers.set(method, handler);
  }

  request(method, given) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      try {
        this.send({ id, method, arguments: given });
      } catch (error) {
        this.waiting.delete(id);
        reject(error);
      }
    });
  }

  notice(method, given) {
    this.send({ method, arguments: given });
  }

  // The last notice: what follows runs once it is written.
  last(method, given, then) {
    this.socket.write(frame({ method, arguments: given }), then);
  }

  send(message) {
    if (!this.socket.destroyed) this.socket.write(frame(message));
  }

  take(message) {
    if (message.method === undefined) {
      const waiting = this.waiting.get(message.id);
      if (!waiting) return;
      this.waiting.delete(message.id);
      if (message.error) waiting.reject(Object.assign(new Error(message.error.message), { type: message.error.type }));
      else waiting.resolve(message.answer);
      return;
    }
    void this.handle(message);
  }

  async handle({ id, method, arguments: given }) {
    let reply;
    try {
      const handler = this.handlers.get(method);
      if (!handler) throw new Error(`The host knows no method ${method}`);
      reply = { id, answer: (await handler(given ?? {})) ?? null };
    } catch (error) {
      reply = { id, error: described(error) };
      if (id === undefined) console.error(error);
    }
    if (id === undefined) return;
    try {
      this.send(reply);
    } catch (error) {
      this.send({ id, error: described(error) });
    }
  }
}

module.exports = { Link, Frames, frame, described };
