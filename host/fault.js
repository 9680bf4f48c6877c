// Why the project can't be loaded, in one sentence that says what to do.
"use strict";

class Fault extends Error {
  // final: starting again can't heal it.
  constructor(message, { plugin = null, final = true, cause } = {}) {
    super(message);
    this.name = "Fault";
    this.plugin = plugin;
    this.final = final;
    if (cause) this.stack = cause.stack ?? String(cause);
  }
}

module.exports = { Fault };
