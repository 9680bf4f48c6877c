// Entities that the project has extended or added, and what of TypeORM changes rows on their way: listeners, transformers, subscribers.
"use strict";

const { readdirSync } = require("node:fs");
const { join } = require("node:path");

const parts = ["columns", "relations", "entityListeners", "joinColumns", "joinTables", "indices", "uniques", "generations"];

// Before the project is loaded: the package's own models, { name, module, original }.
function original_models(medusa, path) {
  const storage = medusa("typeorm").getMetadataArgsStorage();
  const folder = join(path, "dist", "models");
  return readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "index.js").flatMap((file) => {
    const module = medusa(join(folder, file));
    return Object.entries(module).filter(([, value]) => typeof value === "function" && storage.tables.some(({ target }) => target === value)).map(([name, original]) => ({ name, module, original }));
  });
}

// Decorators that the project's code puts on classes of the package: { class: [{ property, by }] }. `at_work` tells whose code runs.
// The package puts some there late itself, for feature flags.
function watch_decorators(medusa, models, at_work) {
  const storage = medusa("typeorm").getMetadataArgsStorage();
  const classes = new Set(models.map(({ original }) => original));
  const added = new Map();
  for (const part of parts) {
    if (!Array.isArray(storage[part])) continue;
    const { push } = storage[part];
    storage[part].push = function (...items) {
      for (const { target, propertyName } of items) {
        const by = classes.has(target) && at_work();
        if (by) added.set(target, [...(added.get(target) ?? []), { property: propertyName, by }]);
      }
      return push.apply(this, items);
    };
  }
  return { added, stop: () => { for (const part of parts) if (Array.isArray(storage[part])) delete storage[part].push; } };
}

// `type` is PostgreSQL's name of it.
const described_column = (column) => ({
  property: column.propertyName, column: column.databaseName, type: column.entityMetadata.connection.driver.normalizeType(column), nullable: column.isNullable, select: column.isSelect,
  array: column.isArray, primary: column.isPrimary, transformer: Boolean(column.transformer), generated: column.isGenerated,
  ...(column.default === undefined ? {} : { default: typeof column.default === "function" ? column.default() : column.default }),
  ...(column.enum ? { enum: column.enum.map(String) } : {}),
});
const joins = (columns) => columns.map((column) => ({ column: column.databaseName, referenced: column.referencedColumn?.databaseName ?? null }));
const described_relation = (relation) => ({
  property: relation.propertyName, type: relation.relationType, entity: relation.inverseEntityMetadata.name, table: relation.inverseEntityMetadata.tableName,
  inverse: relation.inverseRelation?.propertyName ?? null, eager: relation.isEager, owning: relation.isOwning, join_columns: joins(relation.joinColumns),
  ...(relation.junctionEntityMetadata ? {
    join_table: relation.junctionEntityMetadata.tableName,
    own_columns: joins(relation.isOwning ? relation.junctionEntityMetadata.ownerColumns : relation.junctionEntityMetadata.inverseColumns),
    other_columns: joins(relation.isOwning ? relation.junctionEntityMetadata.inverseColumns : relation.junctionEntityMetadata.ownerColumns),
  } : {}),
});
// { extended, added }: of each entity what the package's own lacks.
function changed_entities({ data_source, models, decorated, medusa, file_of }) {
  const originals = new Set(models.map(({ original }) => original));
  const extended = models.flatMap(({ name, module, original }) => {
    const used = module[name];
    const own = decorated.get(original) ?? [];
    if ((used === original && !own.length) || !data_source.hasMetadata(used)) return [];
    const metadata = data_source.getMetadata(used);
    const base = used !== original && data_source.hasMetadata(original) ? data_source.getMetadata(original) : metadata;
    const late = new Set(own.map(({ property }) => property));
    const is_new = (list) => { const known = new Set(list.map(({ propertyName }) => propertyName)); return ({ propertyName }) => late.has(propertyName) || !known.has(propertyName); };
    return [{
      name, table: metadata.tableName, by: used === original ? own[0].by : file_of(used),
      columns: metadata.columns.filter(is_new(base.columns)).filter(({ relationMetadata }) => !relationMetadata).map(described_column),
      relations: metadata.relations.filter(is_new(base.relations)).map(described_relation),
      listeners: metadata.listeners.filter(is_new(base.listeners)).map(({ type }) => type),
    }];
  });
  const added = data_source.entityMetadatas.filter(({ target, tableType }) => tableType === "regular" && typeof target === "function" && !originals.has(target) && !models.some(({ name, module }) => module[name] === target) && !module_entity(medusa, target))
    .map((metadata) => ({ name: metadata.name, table: metadata.tableName, by: file_of(metadata.target), columns: metadata.columns.filter(({ relationMetadata }) => !relationMetadata).map(described_column), relations: metadata.relations.map(described_relation) }));
  return { extended, added };
}
// Entities of the package's own modules (inventory, stock location).
function module_entity(medusa, target) {
  return ["@medusajs/inventory", "@medusajs/stock-location"].some((name) => {
    try {
      return Object.values(medusa.cache[medusa.resolve(name)]?.exports?.default?.models ?? {}).includes(target);
    } catch {
      return false;
    }
  });
}

// TypeORM's subscribers: [{ entity (null: all), reads, by }].
function entity_subscribers({ data_source, file_of }) {
  return data_source.subscribers.map((subscriber) => {
    const target = subscriber.listenTo?.();
    return { entity: target && data_source.hasMetadata(target) ? data_source.getMetadata(target).name : null, reads: typeof subscriber.afterLoad === "function", by: file_of(subscriber.constructor) };
  });
}

// From which core entities each of `names` can be reached by relations: { name: [entities] }.
function containing(data_source, names) {
  const above = new Map(); // entity: those with a relation to it
  for (const { name, relations } of data_source.entityMetadatas) {
    for (const { inverseEntityMetadata } of relations) {
      if (!above.has(inverseEntityMetadata.name)) above.set(inverseEntityMetadata.name, new Set());
      above.get(inverseEntityMetadata.name).add(name);
    }
  }
  return Object.fromEntries(names.map((name) => {
    const found = new Set();
    const left = [name];
    while (left.length) for (const entity of above.get(left.pop()) ?? []) if (!found.has(entity)) { found.add(entity); left.push(entity); }
    found.delete(name);
    return [name, [...found]];
  }));
}

// Entities whose services load relations of their own accord and show them.
const loads_by_itself = new Set(["Cart", "ClaimOrder", "DraftOrder", "Order", "OrderEdit", "Return", "Swap"]);

// Classes of entities by a route: { route: { name: "always" or "expand" } } for those of `names` that its answer holds, or holds if it
// is asked to. `shows`: the entities at the top of each route's answer; `relations_of`: what a route loads, as paths.
function displays({ data_source, names, shows, relations_of }) {
  const wanted = new Set(names);
  const by_name = new Map();
  for (const metadata of data_source.entityMetadatas) by_name.set(metadata.name, [...(by_name.get(metadata.name) ?? []), metadata]);
  const relations = (name) => (by_name.get(name) ?? []).flatMap((metadata) => metadata.relations);
  const reachable = (root, follow) => {
    const seen = new Set([root]);
    const left = [root];
    while (left.length) for (const relation of relations(left.pop())) if (follow(relation) && !seen.has(relation.inverseEntityMetadata.name)) { seen.add(relation.inverseEntityMetadata.name); left.push(relation.inverseEntityMetadata.name); }
    return seen;
  };
  const eager = (relation) => relation.isEager;
  const all = () => true;
  const found = {};
  for (const [route, roots] of Object.entries(shows)) {
    const always = new Set();
    const possible = new Set();
    for (const root of roots) {
      for (const name of reachable(root, all)) possible.add(name);
      for (const name of loads_by_itself.has(root) ? reachable(root, all) : reachable(root, eager)) always.add(name);
      for (const path of relations_of(route)) {
        let at = root;
        for (const property of path.split(".")) {
          at = relations(at).find(({ propertyName }) => propertyName === property)?.inverseEntityMetadata.name;
          if (!at) break;
          for (const name of reachable(at, eager)) always.add(name);
        }
      }
    }
    const of_route = Object.fromEntries([...possible].filter((name) => wanted.has(name)).map((name) => [name, always.has(name) ? "always" : "expand"]));
    if (Object.keys(of_route).length) found[route] = of_route;
  }
  return found;
}

// Columns and relations that rows may be without, and that nobody changes on their way.
const is_plain = ({ listeners, columns }) => !listeners.length && columns.every(({ transformer, nullable, generated, default: value }) => !transformer && (nullable || generated || value !== undefined));

module.exports = { original_models, watch_decorators, changed_entities, entity_subscribers, containing, displays, is_plain };
