// Migrations of the core, the plugins and the project as one list, by the package's own code and TypeORM's table `migrations`. Those
// of the core that the server has applied stand there already.
"use strict";

const { join } = require("node:path");
const { Fault } = require("./fault.js");
const { open_project, configuration, use_database, plugins_of } = require("./project.js");

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

// Modules with a database of their own migrate it themselves. What 1.20 does besides, linking modules of the second generation,
// starts every module, a worker of the queue among them, and makes no table for those of the first.
async function act(action, opened) {
  const { data_source, migrations, config } = opened;
  if (action === "show") return { pending: await opened.pending(), applied: await opened.applied() };
  const before = await opened.applied();
  if (action === "run") {
    await data_source.runMigrations();
    await migrations.runIsolatedModulesMigration?.(config);
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
  use_database(project, start.settings?.database_url);
  let opened;
  try {
    opened = await open_database(project);
    const result = await act(start.action, opened);
    link.last("migrations", result, () => process.exit(0));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`The migrations of the project can't be ${start.action === "revert" ? "reverted" : start.action === "show" ? "shown" : "run"}: ${String(error?.message ?? error).split("\n")[0]}`, { cause: error });
  } finally {
    await opened?.data_source.destroy().catch(() => {});
  }
}

module.exports = { migrate };
