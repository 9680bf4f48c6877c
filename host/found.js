// What the project and its plugins have changed of the package, collected after all loaders ran, for routing.js. Some of it is
// remembered before: what the package was like, and who adds what while plugins are loaded.
"use strict";

const Module = require("node:module");
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { made, original_classes, original_repositories, overridden_classes, overridden_repositories } = require("./classes.js");
const { CoreRoutes } = require("./core_routes.js");
const { original_models, watch_decorators, changed_entities, entity_subscribers, containing, displays, is_plain } = require("./entities.js");
const { foreign_modules, named } = require("./project.js");
const { walk, known_functions } = require("./stack.js");

// Lists and functions that the package's route files export: { file: { name: value } }.
function exports_below(medusa, folders) {
  const found = new Map();
  for (const [file, { exports }] of Object.entries(medusa.cache)) {
    if (!folders.some((folder) => file.startsWith(folder)) || exports === null || typeof exports !== "object") continue;
    const values = {};
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exports))) if (typeof value === "function") values[name] = value;
      else if (Array.isArray(value)) values[name] = [...value];
    found.set(file, values);
  }
  return found;
}

class Originals {
  constructor({ medusa, path, project, plugins, tell_work }) {
    Object.assign(this, { medusa, path, project, plugins, tell_work });
    medusa("./dist/loaders");
    this.models = original_models(medusa, path);
    this.decorators = watch_decorators(medusa, this.models, () => this.at_work());
    this.exports = exports_below(medusa, [join(path, "dist/api/")]);
    this.validators = []; // { name, by }
    this.owners = new Map(); // of routers
    this.working = new Set(); // loaders
    this.registrations = new Map(); // names registered while plugins were loaded: by whom
    this.watch_validators();
    this.watch_routers();
    this.watch_plugins();
  }

  // The file of the project or a plugin that is at work, by the stack of calls.
  file_at_work() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 50;
    const stack = new Error().stack;
    Error.stackTraceLimit = limit;
    for (const [, file] of stack.matchAll(/\(?(\/[^():]+):\d+:\d+\)?/g)) if (this.plugin_of(file)) return file;
    return undefined;
  }
  at_work() {
    const file = this.file_at_work();
    return file && this.named(file);
  }
  plugin_of(file) {
    return this.plugins.find(({ folder, resolve, own }) => (own ? file.startsWith(`${resolve}/`) : file.startsWith(`${folder}/`)));
  }
  named(file) {
    return named(this.project, this.plugins, file);
  }

  watch_validators() {
    const module = this.medusa("./dist/utils/validator");
    const register = module.registerOverriddenValidators;
    if (typeof register !== "function") return;
    module.registerOverriddenValidators = (validator) => {
      this.validators.push({ name: validator.name, by: this.at_work() });
      return register(validator);
    };
  }
  // Which plugin each router is of: of the file routes by the loader's folder, of `api/index` by whoever exports it.
  watch_routers() {
    const { owners, plugins } = this;
    const { RoutesLoader } = this.medusa("./dist/loaders/helpers/routing");
    const load = RoutesLoader.prototype.load;
    RoutesLoader.prototype.load = function () {
      if (this.router) owners.set(this.router, { file: join(this.rootDir, "middlewares.js"), folder: this.rootDir });
      return load.call(this);
    };
    const apis = new Set(plugins.map(({ resolve }) => `${resolve}/api`));
    const loaders = new Set(plugins.map(({ resolve }) => `${resolve}/loaders`));
    const loader = join(this.path, "dist/loaders/plugins.js");
    const load_module = Module._load;
    // It stays, since others may have put theirs around it.
    Module._load = (request, parent, ...more) => {
      const loaded = load_module.call(Module, request, parent, ...more);
      if (this.loaded || parent?.filename !== loader || typeof loaded?.default !== "function") return loaded;
      if (loaders.has(dirname(request))) return { ...loaded, default: this.watched(loaded.default, request) };
      if (!apis.has(request)) return loaded;
      return { ...loaded, default: (...given) => {
        const routers = loaded.default(...given);
        const file = Module._resolveFilename(request, parent);
        for (const router of [routers].flat().filter(Boolean)) owners.set(router, { file, folder: file });
        return routers;
      } };
    };
  }
  // A loader that does not end is named by the server, which waits for it: it knows of each that is at work.
  watched(loader, file) {
    return async (...given) => {
      const name = this.named(file);
      this.working.add(name);
      this.tell_work([...this.working]);
      try {
        return await loader(...given);
      } finally {
        this.working.delete(name);
        this.tell_work([...this.working]);
      }
    };
  }
  watch_plugins() {
    const loader = this.medusa("./dist/loaders/plugins");
    const load = loader.default;
    loader.default = async (given) => {
      const { app, container } = given;
      this.classes = original_classes(this.medusa, this.path);
      this.repositories = original_repositories(this.medusa, this.path);
      const register = container.register;
      container.register = (...of) => {
        const names = typeof of[0] === "string" ? [of[0]] : Object.keys(of[0]);
        const by = this.at_work();
        for (const name of names) this.registrations.set(name, by);
        return register.apply(container, of);
      };
      const begin = app._router.stack.length;
      const logins = { ...this.medusa("passport")._strategies };
      try {
        return await load(given);
      } finally {
        container.register = register;
        this.layers = app._router.stack.slice(begin);
        const now = this.medusa("passport")._strategies;
        this.changed_logins = Object.keys(logins).filter((name) => now[name] !== logins[name]);
        this.changed_exports = this.compare_exports();
        this.loaded = true;
        this.decorators.stop();
      }
    };
  }

  // [{ file, name }] of exports of the package's route files that are others now.
  compare_exports() {
    const changed = [];
    for (const [file, before] of this.exports) {
      const { exports } = this.medusa.cache[file] ?? {};
      for (const [name, value] of Object.entries(before)) {
        const now = exports?.[name];
        if (Array.isArray(value) ? !Array.isArray(now) || now.length !== value.length || now.some((item, at) => item !== value[at]) : now !== value) changed.push({ file, name, list: Array.isArray(value) });
      }
    }
    return changed;
  }
}

const originals = (given) => new Originals(given);

// Files by the classes and repositories that they export.
function files_of_exports({ medusa, plugins }) {
  const files = new Map();
  const of_plugin = (file) => plugins.some(({ folder, resolve, own }) => file.startsWith(`${own ? resolve : folder}/`));
  for (const [file, module] of Object.entries(medusa.cache)) {
    if (!of_plugin(file)) continue;
    const { exports } = module;
    for (const value of [exports, ...(exports && typeof exports === "object" ? Object.values(exports) : [])]) if ((typeof value === "function" || typeof value?.target === "function") && !files.has(value)) files.set(value, file);
  }
  return files;
}

// Strategies of batch jobs that aren't the package's: [{ type, by }].
function batch_strategies({ container, path, medusa, file_of }) {
  const folder = join(path, "dist/strategies/batch-jobs/");
  const own = new Set(Object.entries(medusa.cache).filter(([file]) => file.startsWith(folder)).map(([, { exports }]) => exports?.default));
  return Object.keys(container.registrations).filter((name) => name.startsWith("batchType_")).flatMap((name) => {
    const made_by = made(container, name)?.constructor;
    return own.has(made_by) ? [] : [{ type: name.slice("batchType_".length), by: file_of(made_by, name) }];
  });
}

function found({ container, original, project, plugins, medusa, config, data_source }) {
  const classes = files_of_exports({ medusa, plugins });
  const file_of = (made_by, registration) => {
    const file = classes.get(made_by);
    if (file) return original.named(file);
    return original.registrations.get(registration) ?? "something that the project loads";
  };
  const package_of = (class_) => {
    const file = classes.get(class_);
    const plugin = file && plugins.find(({ folder, resolve, own }) => file.startsWith(`${own ? resolve : folder}/`));
    return plugin ? (plugin.own ? null : plugin.name) : null;
  };
  const map = require("./route_methods.json");
  const known_methods = new Set(map.methods);
  const reached = new Set([...Object.values(map.routes), ...Object.values(map.events)].flat().map((at) => map.methods[at].split(".")[0]));

  // A plugin that keeps files or searches is told apart (see `foreign`).
  const { fileService, searchService, ...classes_of_core } = original.classes;
  const overridden = [
    ...overridden_classes({ container, originals: classes_of_core, known_methods, reached, file_of, config }),
    ...overridden_repositories({ container, originals: original.repositories ?? {}, services: original.classes, known_methods, reached, file_of }),
  ];

  // What route files name.
  let routes;
  const core = () => (routes ??= new CoreRoutes(join(project.medusa.path, "dist/api/routes")));
  const named_by = [];
  for (const { name, by } of original.validators) named_by.push({ routes: core().naming(name), why: `${by ?? "the project"} registers the validator ${name}` });
  for (const name of original.changed_logins ?? []) {
    const area = /^(admin|store)-/.exec(name)?.[1];
    const all = Object.keys(map.routes).filter((route) => !area || route.includes(` /${area}`));
    named_by.push({ routes: all, why: `something that the project loads replaces the login ${name}` });
  }
  let everything;
  for (const { file, name, list } of original.changed_exports ?? []) {
    const of_package = file.slice(project.medusa.path.length + 1);
    const why = `something that the project loads changes ${name} of @medusajs/medusa/${of_package}`;
    if (!of_package.startsWith("dist/api/routes/")) everything ??= why;
    else named_by.push({ routes: list ? core().naming(name) : [...core().of_file(file), ...core().naming(name)], why });
  }

  const middleware = container.resolve("middlewareService");
  const legacy = {
    authentication: [...(middleware.preAuthentication_ ?? []), ...(middleware.postAuthentication_ ?? [])].length,
    cart_creation: (middleware.preCartCreation_ ?? []).length,
    routers: Object.entries(middleware.routers ?? {}).flatMap(([path, routers]) => (["store/carts", "store/customers"].includes(path) ? routers.map((router) => ({ path: `/${path}`, router })) : [])),
  };
  const legacy_by = plugins.filter(({ resolve }) => existsSync(join(resolve, "api", "medusa-middleware.js"))).map(({ resolve }) => original.named(join(resolve, "api/medusa-middleware.js"))).join(", ") || "a plugin";
  const known = known_functions(medusa);
  const owner_of = (router) => original.owners.get(router);
  const layers = [
    ...walk(original.layers ?? [], known, owner_of),
    ...legacy.routers.flatMap(({ path, router }) => walk(router.stack ?? [], known, owner_of, { segments: path.split("/").filter(Boolean), exact: false })),
  ].map(({ handle, owner, ...layer }) => ({ ...layer, by: owner ? original.named(layer.route ? owner.folder : owner.file) : classes.has(handle) ? original.named(classes.get(handle)) : "a plugin" }));

  const { extended, added } = changed_entities({ data_source, models: original.models, decorated: original.decorators.added, medusa, file_of });
  const subscribers = entity_subscribers({ data_source, file_of });
  const names = [...extended.map(({ name }) => name), ...subscribers.map(({ entity }) => entity).filter(Boolean)];
  const plain = extended.filter(is_plain).map(({ name }) => name);
  let shown = {};
  if (plain.length) {
    const lists = new Map();
    for (const file of original.exports.keys()) for (const [name, value] of Object.entries(medusa.cache[file]?.exports ?? {})) if (Array.isArray(value)) lists.set(name, value);
    const relations = core().relations((name) => lists.get(name));
    shown = displays({ data_source, names: plain, shows: map.shows, relations_of: (route) => relations.get(route) ?? [] });
  }
  const foreign = (registration, name) => {
    if (!container.hasRegistration(registration)) return undefined;
    const made_by = made(container, registration)?.constructor;
    if (made_by && (made_by === original.classes[registration]?.original || package_of(made_by) === name)) return undefined;
    return package_of(made_by) ?? file_of(made_by, registration);
  };

  const modules = foreign_modules(config);
  const module_of = (key) => modules.find((module) => module.key === key)?.name;
  return {
    overridden, named_by, everything, layers, extended, added, subscribers,
    legacy: { authentication: legacy.authentication ? legacy_by : undefined, cart_creation: legacy.cart_creation ? legacy_by : undefined },
    containing: containing(data_source, names), plain, shown,
    foreign: { file: foreign("fileService", "@medusajs/file-local"), search: foreign("searchService"), inventory: module_of("inventoryService"), stock_location: module_of("stockLocationService"), modules: modules.filter(({ key }) => !["eventBus", "cacheService"].includes(key)).map(({ name }) => name) },
    notifications: container.hasRegistration("notificationProviders") ? [container.resolve("notificationProviders")].flat().map(({ constructor }) => package_of(constructor) ?? file_of(constructor)) : [],
    batch: batch_strategies({ container, path: project.medusa.path, medusa, file_of }),
    lists: (original.changed_exports ?? []).filter(({ list }) => list).map(({ file, name }) => ({ name, values: medusa.cache[file].exports[name] })),
    package_of, file_of,
  };
}

module.exports = { originals, found };
