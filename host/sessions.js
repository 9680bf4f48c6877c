// The store of express-session where there is no Redis: the server keeps the sessions, and is asked over the link.
"use strict";

function session_store(session, options, link) {
  // The server keeps how long a session lives; what else its cookie is like is for express-session to say, each time it is sent.
  const { maxAge, ...cookie } = options?.cookie ?? {};
  function with_cookie(data) {
    const lifetime = data.cookie?.originalMaxAge ?? maxAge ?? null;
    return { ...data, cookie: { ...cookie, originalMaxAge: lifetime, ...(lifetime ? { expires: new Date(Date.now() + lifetime).toISOString() } : {}), ...data.cookie } };
  }
  class ServerStore extends session.Store {
    constructor() {
      super();
      this.fresh = new Set(); // ids that were made here and not saved yet
      const generate = this.generate;
      // express-session sets `generate` on the store: what it makes is new, and may not revive a session that was ended.
      Object.defineProperty(this, "generate", {
        configurable: true,
        get: () => this.made ?? generate,
        set: (make) => {
          this.made = (request) => {
            make(request);
            if (this.fresh.size > 10_000) this.fresh.clear();
            this.fresh.add(request.sessionID);
          };
        },
      });
    }
    get(id, done) {
      link.request("session.get", { id }).then((data) => done(null, data ? with_cookie(data) : undefined), done);
    }
    set(id, data, done = () => {}) {
      const { maxAge, originalMaxAge } = data.cookie ?? {};
      const lifetime = maxAge ?? originalMaxAge;
      const fresh = this.fresh.delete(id);
      link.request("session.set", { id, data: JSON.parse(JSON.stringify(data)), seconds: typeof lifetime === "number" ? Math.ceil(lifetime / 1000) : null, new: fresh }).then(() => done(null), done);
    }
    touch(id, data, done) {
      this.set(id, data, done);
    }
    destroy(id, done = () => {}) {
      this.fresh.delete(id);
      link.request("session.destroy", { id }).then(() => done(null), done);
    }
  }
  return new ServerStore();
}

module.exports = { session_store };
