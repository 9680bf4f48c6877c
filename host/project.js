// The project on the disk: its packages, its plugins, and what is wrong with them, in words that say what to do.
"use strict";

const { existsSync, readFileSync, readdirSync, realpathSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join, resolve } = require("node:path");
const { Fault } = require("./fault.js");

const longest_wait = 20_000; // milliseconds, for a connection
const newest_old = "1.20.11"; // what a shop is told to install
const parts = ["admin", "api", "jobs", "loaders", "migrations", "models", "repositories", "services", "setup", "strategies", "subscribers", "workflows"];

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

// { path, require, medusa: { path, version, require } }. `medusa.require` finds what the package itself would.
function open_project(given) {
  const path = realpathSync(given); // as Node names the files that it loads
  const project = createRequire(join(path, "package.json"));
  let file;
  try {
    file = project.resolve("@medusajs/medusa/package.json");
  } catch (cause) {
    throw new Fault(`@medusajs/medusa is not installed in ${path}, and the project's plugins and code need it. Run \`npm install\` there.`, { plugin: "@medusajs/medusa", cause });
  }
  const { version } = json(file);
  const [major, minor] = version.split(".").map(Number);
  if (major > 1) throw new Fault(`@medusajs/medusa ${version} in ${path} is of the second generation, and this server takes the place of 1.20. Install ${newest_old}: \`npm install @medusajs/medusa@${newest_old}\`.`, { plugin: "@medusajs/medusa" });
  if (major < 1 || minor < 20) throw new Fault(`@medusajs/medusa ${version} in ${path} is older than 1.20. Install ${newest_old}: \`npm install @medusajs/medusa@${newest_old}\`.`, { plugin: "@medusajs/medusa" });
  const medusa = createRequire(file);
  for (const [name, wanted] of [["typeorm", "typeorm@0.3.16"], ["medusa-interfaces", "medusa-interfaces"]]) {
    try {
      medusa.resolve(name);
    } catch (cause) {
      throw new Fault(`${name} is not installed in ${path}, and @medusajs/medusa needs it. Run \`npm install ${wanted}\` there.`, { plugin: name, cause });
    }
  }
  return { path, require: project, medusa: { path: dirname(file), version, require: medusa } };
}

// The configuration, of which the package's own loader makes the same; that one would end the process at an error.
function configuration(project) {
  const { getConfigFile } = project.medusa.require("medusa-core-utils");
  const { configModule, error } = getConfigFile(project.path, "medusa-config");
  if (error) throw new Fault(`medusa-config can't be loaded: ${String(error.message).split("\n")[0]}`, { cause: error });
  return { projectConfig: {}, ...configModule, modules: configModule?.modules ?? {}, plugins: configModule?.plugins ?? [] };
}

// What the server decides of the configuration, for whoever loads it by the package's loader: its own database where the project names
// none, and how many connections are the child's share of `database_extra.max`.
function use_settings(project, { database_url, connections, worker_mode } = {}) {
  if (!database_url && !connections && !worker_mode) return;
  const loader = project.medusa.require("./dist/loaders/config");
  const load = loader.default;
  loader.default = (folder) => {
    const config = load(folder);
    const { projectConfig } = config;
    if (database_url) projectConfig.database_url = database_url;
    if (worker_mode) projectConfig.worker_mode = worker_mode;
    if (connections) {
      const { database_extra, database_driver_options: driver } = projectConfig;
      const { services, modules } = shares(connections, config);
      // Who finds none for so long fails: with few of them, requests could wait for each other's.
      projectConfig.database_extra = { connectionTimeoutMillis: longest_wait, ...database_extra, max: services };
      projectConfig.database_driver_options = { ...driver, pool: { ...driver?.pool, max: Math.min(driver?.pool?.max ?? modules, modules) } };
    }
    return config;
  };
  if (connections) end_idle_connection(project);
}

// Medusa has two pools: that of TypeORM, which its services ask, and one of knex, which modules that the server has no part of may
// use. Together they are the child's. Services need two, since a transaction may ask beside itself.
function shares(connections, config) {
  if (!foreign_modules(config).length) return { services: connections, modules: 1 };
  const modules = Math.max(Math.floor(connections / 3), 1);
  return { services: Math.max(connections - modules, 2), modules };
}

// Links of modules ask once for their database, while they are loaded and TypeORM has one connection. Where no module uses that pool
// later, its connection ends before anything else is loaded; it would stay for half a minute, one above the child's share.
function end_idle_connection(project) {
  const { require: of_medusa } = project.medusa;
  const loader = of_medusa("./dist/loaders/medusa-app");
  const load = loader.default;
  loader.default = async (given) => {
    const loaded = await load(given);
    const { container, configModule } = given;
    const name = of_medusa("@medusajs/utils").ContainerRegistrationKeys.PG_CONNECTION;
    if (foreign_modules(configModule).length || !container.hasRegistration(name)) return loaded;
    const knex = container.resolve(name);
    await knex.destroy();
    knex.initialize(); // whoever asks for it finds it as it was
    return loaded;
  };
}

// Modules that the server has no part of, { key, name }: those of the second generation, which 1.20 takes beside its own, a project's,
// and 1.20's with a database of their own.
const native_modules = new Set(["event-bus-local", "event-bus-redis", "cache-inmemory", "cache-redis", "inventory", "stock-location"].map((name) => `@medusajs/${name}`));
const elsewhere = ({ resources, options }, { projectConfig }) => resources === "isolated" && Boolean(options?.database?.url) && options.database.url !== projectConfig?.database_url;
function foreign_modules(config) {
  const defaults = { inventoryService: "@medusajs/inventory", stockLocationService: "@medusajs/stock-location" };
  return Object.entries(config.modules ?? {}).flatMap(([key, module]) => {
    const name = (typeof module === "string" ? module : module?.resolve) || (module && defaults[key]);
    return name && (!native_modules.has(name) || (defaults[key] && elsewhere(module, config))) ? [{ key, name }] : [];
  });
}

// Where a plugin lies, as 1.20 looks for it: { name, version, folder, resolve, options }.
function find_plugin(project, entry, at) {
  const wanted = typeof entry === "string" ? entry : entry?.resolve;
  const options = typeof entry === "string" ? {} : entry?.options;
  if (typeof wanted !== "string") throw new Fault(`plugins[${at}] in medusa-config has no \`resolve\`.`);
  const local = resolve(project.path, "plugins", wanted);
  if (!existsSync(resolve(project.path, wanted)) && existsSync(local)) {
    if (!existsSync(join(local, "package.json"))) throw new Fault(`The plugin ${wanted} in ${local} has no package.json.`, { plugin: wanted });
    const { name, version } = json(join(local, "package.json"));
    return { name: name ?? wanted, version: version ?? "", folder: local, resolve: local, options };
  }
  let file;
  try {
    file = project.require.resolve(`${wanted}/package.json`);
  } catch (cause) {
    throw new Fault(`The plugin ${wanted} is in medusa-config and not installed in ${project.path}. Run \`npm install ${wanted}\` there, or take it out of medusa-config.`, { plugin: wanted, cause });
  }
  const folder = dirname(file);
  const { name, version } = json(file);
  const built = join(folder, "dist");
  return { name, version, folder, resolve: existsSync(built) && !process.env.DEV_MODE ? built : join(folder, process.env.DEV_MODE ? "src" : ""), options };
}

// All plugins in the order in which 1.20 loads them; the project itself is the last.
function plugins_of(project, config) {
  if (!Array.isArray(config.plugins)) throw new Fault("`plugins` in medusa-config is no list.");
  const plugins = config.plugins.map((entry, at) => find_plugin(project, entry, at));
  plugins.push({ name: "project-plugin", version: "", folder: project.path, resolve: join(project.path, "dist"), options: config, own: true });
  return plugins;
}

// What of a plugin there is to load.
const parts_of = (plugin) => parts.filter((part) => existsSync(join(plugin.resolve, part)) || existsSync(join(plugin.resolve, `${part}.js`)));

// As a person calls it: the project's own files by their path, others by the plugin's name and the path in it.
function named(project, plugins, path) {
  const owner = plugins.find((plugin) => !plugin.own && path.startsWith(`${plugin.folder}/`));
  if (owner) return `${owner.name}/${path.slice(owner.folder.length + 1)}`;
  return path.startsWith(`${project.path}/`) ? path.slice(project.path.length + 1) : path;
}

// What 1.20 passes over in silence: [{ plugin, text }].
function silent_faults(project, plugins) {
  const found = [];
  for (const plugin of plugins) {
    const who = plugin.own ? null : plugin.name;
    if (!plugin.own && !parts_of(plugin).length) found.push({ plugin: who, text: `The plugin ${plugin.name}@${plugin.version} has no services, subscribers, api, loaders, models or strategies: its package came without code.` });
    const api = join(plugin.resolve, "api");
    if (!existsSync(api)) continue;
    // `middlewares.js` of the file routes and `medusa-middleware.js` of the older way.
    const files = readdirSync(api).filter((file) => /^(middlewares\.(js|cjs|ts)|medusa-middleware\.js)$/.test(file));
    if (existsSync(join(api, "index.js"))) files.push("index.js");
    for (const file of files) {
      try {
        project.require(join(api, file));
      } catch (error) {
        found.push({ plugin: who, text: `${named(project, plugins, join(api, file))} can't be loaded, so what it adds is missing: ${String(error?.message ?? error).split("\n")[0]}` });
      }
    }
  }
  return found;
}

module.exports = { open_project, configuration, use_settings, foreign_modules, plugins_of, parts_of, named, silent_faults };
