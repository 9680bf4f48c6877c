#!/usr/bin/env node
// Makes route_methods.json: which methods of the package's services, strategies and repositories each core route can reach.
//   node host/tools/route_methods.js ROUTE_METHODS_TSV SERVICE_METHODS_TSV
// The two tables come of a static analysis of 1.20's source; the first row of each says what it leaves out.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const rows = (path) => readFileSync(path, "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
const [route_methods, service_methods] = process.argv.slice(2);

const methods = [...new Set([...rows(service_methods).map(([owner, method]) => `${owner}.${method}`), ...rows(route_methods).map((row) => row[2])])].filter((name) => name !== "-").sort();
const number = new Map(methods.map((name, at) => [name, at]));
const routes = {};
const events = {};
for (const [route, , method] of rows(route_methods)) {
  const [group, name] = route.startsWith("EVENT ") ? [events, route.slice(6)] : [routes, route];
  const reached = (group[name] ??= []);
  if (number.has(method)) reached.push(number.get(method));
}
for (const group of [routes, events]) for (const name of Object.keys(group)) group[name].sort((a, b) => a - b);

const lines = (object) => Object.entries(object).map(([name, reached]) => `  ${JSON.stringify(name)}: ${JSON.stringify(reached)}`).join(",\n");
writeFileSync(join(__dirname, "..", "route_methods.json"), `{"methods": ${JSON.stringify(methods)},\n"routes": {\n${lines(routes)}\n},\n"events": {\n${lines(events)}\n}}\n`);
