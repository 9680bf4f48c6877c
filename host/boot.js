// Loads the project by the package's own loaders into an Express app, and lets it listen on the socket of the server.
"use strict";

const { existsSync, readdirSync, unlinkSync } = require("node:fs");
const http = require("node:http");
const { join } = require("node:path");
const { Fault } = require("./fault.js");
const { open_project, configuration, use_settings, plugins_of, silent_faults } = require("./project.js");
const { collect_nothing, load_with, no_access_log, session_with } = require("./replaced.js");
const { session_store } = require("./sessions.js");
const events = require("./events.js");
const found = require("./found.js");
const { routes_of } = require("./routing.js");
const providers = require("./providers.js");

const longest_goodbye = 4500, longest_request = 2500; // milliseconds

// What code finds of the program that runs it: `medusa start`.
function look_like_medusa(project) {
  try {
    const Module = require("node:module");
    const main = new Module(project.require.resolve("@medusajs/medusa/cli.js"));
    main.filename = main.id;
    main.paths = project.medusa.require.resolve.paths("express");
    process.mainModule = main;
    process.argv = [process.argv[0], main.filename, "start"];
  } catch {
    // It is a kindness to packages that look for their program's folder; nothing else needs it.
  }
}

// The server shows the dashboard, and has it built. By this, which nobody else reads, @medusajs/admin does neither; it would end the
// process where there is no build.
function leave_dashboard() {
  process.env.COMMAND_INITIATED_BY = "develop";
}

// A package that ends the process leaves no word; it is named.
function name_who_ends(original, told_end) {
  const { exit } = process;
  process.exit = (code) => {
    const file = original.file_at_work();
    if (file) told_end(`${original.named(file)} has ended the process (process.exit(${code ?? ""}))`, original.plugin_of(file));
    return exit.call(process, code);
  };
}

// What `medusa start` loads before anything else: compiled plugins count on it.
function load_helpers(require) {
  for (const name of ["core-js/stable", "regenerator-runtime/runtime"]) {
    try {
      require(name);
    } catch {
      // A release that has no such package needs none.
    }
  }
}

const upper_first = (text) => text[0].toUpperCase() + text.slice(1);

// A fault of loading, as a person needs it.
function explained(error, project, plugins) {
  if (error instanceof Fault) return error;
  const text = String(error?.stack ?? error);
  const plugin = plugins.find(({ folder, own }) => !own && text.includes(`${folder}/`)) ?? plugins.find(({ own, resolve }) => own && text.includes(`${resolve}/`));
  const who = plugin ? (plugin.own ? "the project's own code" : `the plugin ${plugin.name}`) : "Medusa";
  const message = String(error?.message ?? error).split("\n")[0];
  const name = plugin && !plugin.own ? plugin.name : null;
  if (error?.code === "MODULE_NOT_FOUND") {
    const missing = /Cannot find module '([^'./][^']*)'/.exec(message)?.[1].split("/");
    const package_ = missing?.slice(0, missing[0].startsWith("@") ? 2 : 1).join("/");
    if (package_ === "@medusajs/framework") return new Fault(`${upper_first(who)} is made for the second generation of Medusa. Install a version of it for 1.20.`, { plugin: name, cause: error });
    if (package_) return new Fault(`${package_} is not installed in ${project.path}, and ${who} needs it. Run \`npm install ${package_}\` there.`, { plugin: name, cause: error });
  }
  return new Fault(`The project can't be loaded. ${upper_first(who)} says: ${message}`, { plugin: name, final: false, cause: error });
}

// The address that the server has seen is the one that the app sees; the outside has no say in it, since the server removes
// headers of these names.
function take_peer(request) {
  const peer = request.headers["x-stheno-peer"];
  Object.defineProperty(request.socket, "remoteAddress", { value: peer, configurable: true, writable: true });
  for (const name of Object.keys(request.headers)) if (name.startsWith("x-stheno-")) delete request.headers[name];
  const raw = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) if (!/^x-stheno-/i.test(request.rawHeaders[at])) raw.push(request.rawHeaders[at], request.rawHeaders[at + 1]);
  request.rawHeaders = raw;
}

function listen(app, path) {
  const server = http.createServer({ maxHeaderSize: 64 * 1024, keepAlive: false }, (request, response) => {
    take_peer(request);
    app(request, response);
  });
  // The server before it has these limits, and keeps its connections.
  Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0, timeout: 0 });
  if (existsSync(path)) unlinkSync(path);
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(path, () => done(server));
  });
}

async function boot({ link, start, tell, told_end, whenStopped }) {
  const project = open_project(start.project);
  const { require: of_medusa, version } = project.medusa;
  link.notice("hello", { node: process.version, medusa: version });
  look_like_medusa(project);
  leave_dashboard();
  collect_nothing(of_medusa);
  load_helpers(of_medusa);
  use_settings(project, start.settings);

  let plugins = [];
  try {
    const config = configuration(project);
    plugins = plugins_of(project, config);
    const settings = { ...start, config };
    tell(`Loading ${plugins.length - 1} plugin${plugins.length === 2 ? "" : "s"} and the project by @medusajs/medusa ${version}`);

    // 1. Before anything of the project is loaded: what of the package is ours to replace, and what its parts are.
    load_with(of_medusa, "./dist/loaders/express", {
      "morgan": no_access_log,
      "express-session": start.sessions === "from_server" ? session_with((session, options) => session_store(session, options, link)) : (session) => session,
    });
    const policy = events.prepare(of_medusa, settings);
    const original = found.originals({ medusa: of_medusa, path: project.medusa.path, project, plugins, tell_work: (names) => link.notice("at_work", { names }) });
    name_who_ends(original, told_end);

    // 2. The project.
    const app = of_medusa("express")();
    const loaded = await of_medusa("./dist/loaders").default({ directory: project.path, expressApp: app });
    const { container } = loaded;

    // 3. What the project has changed, and so what the child answers.
    const warnings = silent_faults(project, plugins);
    for (const { text } of warnings) console.warn(text);
    const what = found.found({ container, original, project, plugins, medusa: of_medusa, config, data_source: loaded.dbConnection });
    const routing = routes_of(what, require("./route_methods.json"));

    // 4. Who asks the child.
    const subscribers = await events.connect({ link, container, settings, policy, batch_jobs: routing.batch_jobs });
    link.on("invalidate", async ({ keys }) => {
      const cache = container.resolve("cacheService");
      for (const key of keys) await cache.invalidate(key);
    });
    const offers = await providers.serve({ path: start.asks, container, medusa: of_medusa, package_of: what.package_of });
    const server = await listen(app, start.http);
    whenStopped(() => stop(server, loaded));
    return {
      ...routing,
      entities: { extended: what.extended, added: what.added, lists: what.lists },
      subscribers,
      providers: offers,
      plugins: plugins.filter(({ own }) => !own).map(({ name, version: of }) => ({ name, version: of })),
      jobs: jobs_of(plugins),
      flags: container.resolve("featureFlagRouter").listFlags().filter(({ value }) => value).map(({ key }) => key),
      warnings,
      memory: process.memoryUsage.rss(),
    };
  } catch (error) {
    throw explained(error, project, plugins);
  }
}

// Files of scheduled jobs, by their names.
function jobs_of(plugins) {
  return plugins.flatMap(({ resolve }) => {
    const folder = join(resolve, "jobs");
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".js")).map((file) => file.slice(0, -3)) : [];
  });
}

async function stop(server, { prepareShutdown, shutdown }) {
  setTimeout(() => process.exit(0), longest_goodbye).unref();
  try {
    // Requests may end; connections that wait for the next one don't hold it up.
    const idle = setInterval(() => server.closeIdleConnections?.(), 50);
    await Promise.race([new Promise((done) => { server.close(done); server.closeIdleConnections?.(); }), new Promise((done) => setTimeout(done, longest_request))]);
    clearInterval(idle);
    await prepareShutdown?.();
    await shutdown?.();
  } catch (error) {
    console.error(error);
  }
  process.exit(0);
}

module.exports = { boot };
