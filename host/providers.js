"use strict";
async function serve() { return []; }
module.exports = { serve };
