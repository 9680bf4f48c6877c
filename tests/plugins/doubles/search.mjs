// Search engines as their clients see them: Meilisearch and Algolia. They keep documents and find words in what these hold.
import { openDouble, raw, Refused } from "./double.mjs";

export const searchKeys = { meilisearch: "meili-double", algolia: { application: "DOUBLE", key: "algolia-double" } };

const textOf = (value) => (typeof value === "string" ? value : value && typeof value === "object" ? Object.values(value).map(textOf).join(" ") : "");
const matches = (query) => (document) => String(query ?? "").toLowerCase().split(/\s+/).every((word) => textOf(document).toLowerCase().includes(word));

export async function openMeilisearch() {
  const indexes = new Map(); // name → { primaryKey, settings, documents }
  let tasks = 0;
  const task = (indexUid, type) => raw({ status: 202, headers: { "content-type": "application/json" }, bytes: Buffer.from(JSON.stringify({ taskUid: ++tasks, indexUid, status: "enqueued", type, enqueuedAt: new Date().toISOString() })) });
  const make = (name, primaryKey = null) => { if (!indexes.has(name)) indexes.set(name, { primaryKey, settings: {}, documents: new Map() }); return indexes.get(name); };
  const index = (name) => indexes.get(name) ?? (() => { throw new Refused(404, { message: `Index \`${name}\` not found.`, code: "index_not_found", type: "invalid_request", link: "" }); })();
  const add = ({ params, body }) => {
    const { documents } = make(params.index, "id");
    for (const document of body) documents.set(document.id, { ...documents.get(document.id), ...document });
    return task(params.index, "documentAdditionOrUpdate");
  };
  const double = await openDouble({
    "GET /indexes/:index": ({ params }) => ({ uid: params.index, primaryKey: index(params.index).primaryKey, createdAt: "2024-01-01T00:00:00Z", updatedAt: "2024-01-01T00:00:00Z" }),
    "POST /indexes": ({ body }) => { make(body.uid, body.primaryKey); return task(body.uid, "indexCreation"); },
    "PATCH /indexes/:index/settings": ({ params, body }) => { Object.assign(make(params.index).settings, body); return task(params.index, "settingsUpdate"); },
    "POST /indexes/:index/documents": add,
    "PUT /indexes/:index/documents": add,
    "DELETE /indexes/:index/documents/:id": ({ params }) => { index(params.index).documents.delete(params.id); return task(params.index, "documentDeletion"); },
    "DELETE /indexes/:index/documents": ({ params }) => { index(params.index).documents.clear(); return task(params.index, "documentDeletion"); },
    "POST /indexes/:index/search": ({ params, body }) => {
      const { documents, settings } = index(params.index);
      const shown = ({ ...document }) => (settings.displayedAttributes ? Object.fromEntries(Object.entries(document).filter(([name]) => settings.displayedAttributes.includes(name))) : document);
      const found = [...documents.values()].filter(matches(body.q)).map(shown);
      const offset = body.offset ?? 0, limit = body.limit ?? 20;
      return { hits: found.slice(offset, offset + limit), query: body.q ?? "", processingTimeMs: 1, limit, offset, estimatedTotalHits: found.length };
    },
  }, { before: ({ headers }) => { if (headers.authorization !== `Bearer ${searchKeys.meilisearch}`) throw new Refused(403, { message: "The provided API key is invalid.", code: "invalid_api_key", type: "auth", link: "" }); } });
  return { ...double, indexes };
}

export async function openAlgolia() {
  const indexes = new Map(); // name → { settings, objects }
  const index = (name) => { if (!indexes.has(name)) indexes.set(name, { settings: {}, objects: new Map() }); return indexes.get(name); };
  const task = (more = {}) => ({ taskID: 1, updatedAt: "2024-01-01T00:00:00Z", ...more });
  const double = await openDouble({
    "PUT /1/indexes/:index/settings": ({ params, body }) => { Object.assign(index(params.index).settings, body); return task(); },
    "GET /1/indexes/:index/task/:id": () => ({ status: "published", pendingTask: false }),
    "POST /1/indexes/:index/batch": ({ params, body }) => {
      const { objects } = index(params.index);
      for (const { action, body: object } of body.requests) {
        if (action === "deleteObject") objects.delete(object.objectID);
        else objects.set(object.objectID, /^partial/.test(action) ? { ...objects.get(object.objectID), ...object } : object);
      }
      return task({ objectIDs: body.requests.map(({ body: object }) => object.objectID) });
    },
    "DELETE /1/indexes/:index/:id": ({ params }) => { index(params.index).objects.delete(params.id); return task({ deletedAt: "2024-01-01T00:00:00Z" }); },
    "POST /1/indexes/:index/query": ({ params, body }) => {
      const found = [...index(params.index).objects.values()].filter(matches(body.query));
      const offset = body.offset ?? 0, length = body.length ?? body.hitsPerPage ?? 20;
      return { hits: found.slice(offset, offset + length), nbHits: found.length, offset, length, processingTimeMS: 1, query: body.query ?? "", exhaustiveNbHits: true, params: "" };
    },
  }, { before: ({ headers, query }) => { if ((headers["x-algolia-api-key"] ?? query.get("x-algolia-api-key")) !== searchKeys.algolia.key) throw new Refused(403, { message: "Invalid Application-ID or API key", status: 403 }); } });
  return { ...double, hosts: [`${searchKeys.algolia.application.toLowerCase()}-dsn.algolia.net`, `${searchKeys.algolia.application}-dsn.algolia.net`, "*.algolia.net", "*.algolianet.com"], indexes };
}
