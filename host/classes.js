// Which methods of the package's services, strategies and repositories are other ones, after all loaders ran. What counts is what a
// call would reach: a class below the package's, a wrapper, a method put on an instance or on the package's own class.
"use strict";

const { readdirSync } = require("node:fs");
const { isDeepStrictEqual } = require("node:util");
const { join } = require("node:path");

const upper_first = (name) => name[0].toUpperCase() + name.slice(1);
const scripts = (folder) => readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "index.js").map((name) => join(folder, name));

// All members that instances of a class get: { name: value, or the getter of an accessor }.
function members_of(prototype) {
  const members = new Map();
  for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name !== "constructor" && !members.has(name)) members.set(name, { value, get });
    }
  }
  return members;
}
function getter_of(object, name) {
  for (let at = object; at; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found) return found.get;
  }
  return undefined;
}
const differing = (object, members) => [...members].filter(([name, { value, get }]) => (get ? getter_of(object, name) !== get : object[name] !== value)).map(([name]) => name);

// The package's own: { registration: { name, original, members } }. Their files may be loaded once the database is open, and are
// looked at before any service, strategy or repository of a plugin is loaded.
function original_classes(medusa, path) {
  const name_of = medusa("./dist/utils/format-registration-name").default;
  const classes = {};
  for (const folder of ["services", "strategies"]) {
    for (const file of scripts(join(path, "dist", folder))) {
      const original = medusa(file).default;
      if (typeof original !== "function") continue;
      const registration = name_of(file);
      classes[registration] = { name: upper_first(registration), original, members: members_of(original.prototype) };
    }
  }
  return classes;
}
function original_repositories(medusa, path) {
  const name_of = medusa("./dist/utils/format-registration-name").default;
  const repositories = {};
  for (const file of scripts(join(path, "dist", "repositories"))) {
    const original = medusa(file).default;
    if (typeof original !== "object" || original === null) continue;
    const registration = name_of(file);
    const members = members_of(Object.getPrototypeOf(original));
    for (const [name, value] of Object.entries(original)) if (typeof value === "function") members.set(name, { value });
    repositories[registration] = { name: upper_first(registration), original, members, target: original.target };
  }
  return repositories;
}

// What only the base class has, or what makes instances: another one of these may change every method.
const of_all = new Set(["withTransaction", "atomicPhase_", "shouldRetryTransaction_", "activeManager_", "transactionManager_", "manager_"]);
const not_looked_at = new Set(["__configModule__", "__moduleDeclaration__"]);
const same_field = (one, other) => one === other || (typeof one === "function" && String(one) === String(other)) || (one?.constructor === other?.constructor && [Array, Map, Set, Object].includes(one?.constructor) && isDeepStrictEqual(one, other));

// Whether the constructor of a class below the package's leaves the fields that the package's sets.
function same_fields(instance, { original }, container, config) {
  try {
    const plain = new original(container.cradle, config, false); // false: it is not the one that starts workers
    return Object.keys(plain).every((key) => not_looked_at.has(key) || same_field(plain[key], instance[key]));
  } catch {
    return false;
  }
}

// [{ owner: "CartService", members: [...] or "all", by }] of those that differ. `file_of(class, registration)` tells where a class is from.
// Only classes that a route reaches are made: another may start work of its own (the scheduler of jobs does).
function overridden_classes({ container, originals, known_methods, reached, file_of, config }) {
  const found = [];
  for (const [registration, record] of Object.entries(originals)) {
    const { name: owner, original, members } = record;
    if (!reached.has(owner)) continue;
    let instance;
    try {
      instance = container.resolve(registration);
    } catch (error) {
      found.push({ owner, members: "all", by: file_of(undefined, registration), note: `can't be made without a request: ${error.message.split("\n")[0]}` });
      continue;
    }
    const by = () => file_of(instance?.constructor, registration);
    if (instance === null || typeof instance !== "object") { found.push({ owner, members: "all", by: by() }); continue; }
    const other = differing(instance, members);
    const foreign = instance.constructor !== original;
    const whole = other.some((name) => of_all.has(name) || !known_methods.has(`${owner}.${name}`)) || (foreign && !same_fields(instance, record, container, config));
    if (whole) found.push({ owner, members: "all", by: by() });
    else if (other.length) found.push({ owner, members: other, by: by() });
  }
  return found;
}

function made(container, registration) {
  try {
    return container.resolve(registration, { allowUnregistered: true });
  } catch {
    return undefined; // it needs a request; what it is made of is told with its class
  }
}

// The same for repositories. One that replaces what TypeORM gives counts for all that use it.
function overridden_repositories({ container, originals, services, known_methods, reached, file_of }) {
  const found = [];
  for (const [registration, { name: owner, original, members }] of Object.entries(originals)) {
    const used = container.resolve(registration, { allowUnregistered: true });
    if (!used) continue;
    const other = differing(used, members);
    if (!other.length) continue;
    const by = file_of(used, registration);
    const own = other.filter((name) => known_methods.has(`${owner}.${name}`));
    if (own.length) found.push({ owner, members: own, by });
    if (own.length === other.length) continue;
    found.push({ owner, members: "all", by });
    for (const [service, { name }] of Object.entries(services)) {
      const instance = reached.has(name) ? made(container, service) : undefined;
      if (Object.values(instance ?? {}).some((value) => value === used || value === original)) found.push({ owner: name, members: "all", by, through: `${owner}.${other.find((method) => !own.includes(method))}` });
    }
  }
  return found;
}

module.exports = { made, original_classes, original_repositories, overridden_classes, overridden_repositories, members_of, differing };
