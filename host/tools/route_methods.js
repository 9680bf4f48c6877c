#!/usr/bin/env node
// Makes route_methods.json: which methods of the package's services, strategies and repositories each core route can reach, and which
// entities its answer shows.
//   node host/tools/route_methods.js ROUTE_METHODS_TSV SERVICE_METHODS_TSV MODELS OPENAPI_YAML ...
// The two tables come of a static analysis of 1.20's source; the first row of each says what it leaves out. MODELS is the folder
// dist/models of the package. The npm package js-yaml is taken from the working directory.
"use strict";
const { readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const rows = (path) => readFileSync(path, "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
const [route_methods, service_methods, models, ...descriptions] = process.argv.slice(2);

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

// Entities that an answer's schema names, not what they hold in turn.
const entities = new Set(readdirSync(models).filter((name) => name.endsWith(".d.ts")).map((name) => name.slice(0, -5).replace(/(^|-)(\w)/g, (_, dash, letter) => letter.toUpperCase())));
const other_names = { PricedProduct: "Product", PricedVariant: "ProductVariant", PricedShippingOption: "ShippingOption", OAuth: "Oauth" };
const yaml = createRequire(join(process.cwd(), "package.json"))("js-yaml");
const shows = {};
for (const file of descriptions) {
  const { paths, components: { schemas } } = yaml.load(readFileSync(file, "utf8"));
  const named = (node, seen) => {
    if (node === null || typeof node !== "object") return [];
    if (!node.$ref) return Object.values(node).flatMap((part) => named(part, seen));
    const name = node.$ref.split("/").pop();
    const entity = other_names[name] ?? name;
    if (entities.has(entity)) return [entity];
    return seen.has(name) ? [] : named(schemas[name], new Set([...seen, name]));
  };
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { responses = {} }] of Object.entries(operations)) {
      const good = Object.entries(responses).filter(([status]) => status.startsWith("2")).map(([, response]) => response);
      shows[`${method.toUpperCase()} ${path.replace(/\{\w+\}/g, ":")}`] = [...new Set(named(good, new Set()))].sort();
    }
  }
}
// Routes that nobody describes show what anybody wants.
const shown = Object.fromEntries(Object.keys(routes).map((route) => [route, shows[route.replace(/:\w+/g, ":")]]).filter(([, names]) => names));

const lines = (object) => Object.entries(object).map(([name, reached]) => `  ${JSON.stringify(name)}: ${JSON.stringify(reached)}`).join(",\n");
writeFileSync(join(__dirname, "..", "route_methods.json"), `{"methods": ${JSON.stringify(methods)},\n"routes": {\n${lines(routes)}\n},\n"events": {\n${lines(events)}\n},\n"shows": {\n${lines(shown)}\n}}\n`);
