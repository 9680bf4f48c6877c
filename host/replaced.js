// Small replacements inside the package, made before its loaders run. Each touches what one file of the package sees, and nothing
// that a plugin gets by `require`.
"use strict";

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

module.exports = { load_with, no_access_log, session_with };
