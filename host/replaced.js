// Small replacements inside the package, made before its loaders run. But for the last, each touches what one file of the package sees,
// and nothing that a plugin gets by `require`.
"use strict";

const Module = require("node:module");

// Loads `file` of the package while its `name` is `replacement`.
function load_with(require, file, replacements) {
  const restored = [];
  for (const [name, change] of Object.entries(replacements)) {
    const original = require(name); // fills the cache
    const cached = require.cache[require.resolve(name)];
    restored.push(() => { cached.exports = original; });
    cached.exports = change(original);
  }
  try {
    return require(file);
  } finally {
    for (const restore of restored) restore();
  }
}

// Requests are in the server's access log; the package would write each a second time.
const no_access_log = (morgan) => Object.setPrototypeOf(() => (request, response, next) => next(), morgan);

// express-session with a store of ours where the package gives none (no redis_url).
function session_with(store_of) {
  return (session) => Object.setPrototypeOf((options) => session({ ...options, store: options?.store ?? store_of(session, options) }), session);
}

// This server collects nothing, whatever is set, and so neither does what runs beside it. The package would start a process of Node for
// every few of some forty events of a start, also where it is told not to collect, and each takes as much time as a tenth of the start.
function collect_nothing(require) {
  let file;
  try {
    file = require.resolve("medusa-telemetry");
  } catch {
    return; // a release that has none
  }
  const nothing = new Module(file);
  Object.assign(nothing, { filename: file, loaded: true });
  nothing.exports = { track() {}, trackFeatureFlag() {}, trackInstallation() {}, setTelemetryEnabled() {}, flush: undefined };
  Object.defineProperty(nothing.exports, "Telemeter", { enumerable: true, get: () => Module.createRequire(file)("./telemeter").default });
  require.cache[file] = nothing;
}

module.exports = { collect_nothing, load_with, no_access_log, session_with };
