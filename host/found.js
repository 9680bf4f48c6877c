"use strict";
const originals = () => ({});
const found = () => ({ everything: "not looked at yet" });
module.exports = { originals, found };
