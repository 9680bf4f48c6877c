// Migrations of the core, the plugins and the project as one list, by the package's own code and TypeORM's table `migrations`. Those
// of the core that the server has applied stand there already.
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { Fault } = require("./fault.js");
const { open_project, configuration, use_settings, foreign_modules, plugins_of } = require("./project.js");
const { collect_nothing } = require("./replaced.js");

// Names of the package's own migrations, as TypeORM has them, and of its modules'.
function own_names(project, flags, { getEnabledMigrations }) {
  const classes = getEnabledMigrations([join(project.medusa.path, "dist/migrations/*.js")], (flag) => flags.isFeatureEnabled(flag));
  for (const name of ["@medusajs/inventory", "@medusajs/stock-location"]) {
    try {
      for (const migration of project.medusa.require(name).default.migrations ?? []) classes.push(...Object.values(migration));
    } catch {
      // It is not installed.
    }
  }
  return new Set(classes.filter((value) => typeof value === "function").map((Migration) => new Migration().name ?? Migration.name));
}

async function open_database(project) {
  const { require: of_medusa } = project.medusa;
  const config = of_medusa("./dist/loaders/config").default(project.path);
  const flags = of_medusa("./dist/loaders/feature-flags").default(config);
  const migrations = of_medusa("./dist/commands/utils/get-migrations");
  const { coreMigrations } = migrations.default(project.path, flags);
  const { migrations: of_modules } = migrations.getModuleSharedResources(config, flags);
  const { createContainer, asValue } = of_medusa("awilix");
  const container = createContainer();
  container.register("db_entities", asValue([]));
  const data_source = await of_medusa("./dist/loaders/database").default({
    container, configModule: config, customOptions: { migrations: coreMigrations.concat(of_modules), logging: ["error", "warn"] },
  });
  const { MigrationExecutor } = of_medusa("typeorm");
  // Without a runner of its own the executor gives one back before it has used it.
  const executor = new MigrationExecutor(data_source, data_source.createQueryRunner());
  // The core's own are the server's to tell.
  const own = own_names(project, flags, migrations);
  const names = (list) => list.map(({ name }) => name).filter((name) => !own.has(name));
  return {
    data_source, config, migrations,
    applied: async () => {
      const known = new Set((await executor.getAllMigrations()).map(({ name }) => name));
      return names(await executor.getExecutedMigrations()).filter((name) => known.has(name));
    },
    pending: async () => names(await executor.getPendingMigrations()),
  };
}

// Modules with a database of their own migrate it themselves, and the tables of 1.20's own modules are in the one list. Where there are
// others, 1.20 starts all of them: each that shares the database migrates its tables then, and links between two of them get theirs.
// The event bus is told to leave the queue's jobs to who has subscribers.
async function migrate_modules(project, config) {
  const { require: of_medusa } = project.medusa;
  const { runIsolatedModulesMigration: migrate_isolated } = of_medusa("./dist/commands/utils/get-migrations");
  await migrate_isolated?.(config);
  if (!foreign_modules(config).length) return;
  const load = existsSync(join(project.medusa.path, "dist/loaders/medusa-app.js")) && of_medusa("./dist/loaders/medusa-app").loadMedusaApp;
  if (!load) return; // this release doesn't do so
  const { asValue } = of_medusa("awilix");
  const { createMedusaContainer } = of_medusa("@medusajs/utils");
  const quiet = { ...config, projectConfig: { ...config.projectConfig, worker_mode: "server" } };
  const container = createMedusaContainer();
  container.register({ featureFlagRouter: asValue(of_medusa("./dist/loaders/feature-flags").default(config)), logger: asValue(of_medusa("./dist/loaders/logger").default) });
  await of_medusa("./dist/loaders/pg-connection").default({ configModule: quiet, container });
  const { runMigrations: migrate } = await load({ configModule: quiet, container }, { registerInContainer: false });
  await migrate?.({ database: { clientUrl: config.projectConfig.database_url } });
}

async function act(action, opened, project) {
  const { data_source, migrations, config } = opened;
  if (action === "show") return { pending: await opened.pending(), applied: await opened.applied() };
  const before = await opened.applied();
  if (action === "run") {
    await data_source.runMigrations();
    await migrate_modules(project, config);
    return { done: (await opened.applied()).filter((name) => !before.includes(name)) };
  }
  if (action !== "revert") throw new Fault(`Migrations can be run, shown and reverted, and the server asks for ${action}`);
  await data_source.undoLastMigration({ transaction: "all" });
  await migrations.revertIsolatedModulesMigration?.(config);
  const after = await opened.applied();
  return { done: before.filter((name) => !after.includes(name)) };
}

async function migrate({ link, start }) {
  const project = open_project(start.project);
  link.notice("hello", { node: process.version, medusa: project.medusa.version });
  plugins_of(project, configuration(project)); // tells what is not installed
  collect_nothing(project.medusa.require);
  use_settings(project, start.settings);
  let opened;
  try {
    opened = await open_database(project);
    const result = await act(start.action, opened, project);
    link.last("migrations", result, () => process.exit(0));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`The migrations of the project can't be ${start.action === "revert" ? "reverted" : start.action === "show" ? "shown" : "run"}: ${String(error?.message ?? error).split("\n")[0]}`, { cause: error });
  } finally {
    await opened?.data_source.destroy().catch(() => {});
  }
}

module.exports = { migrate };
