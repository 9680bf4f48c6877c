// Contentful's content management API as its plugin sees it: one space, its content types, entries and assets.
import { newId, openDouble, Refused } from "./double.mjs";

export const contentfulKeys = { token: "contentful-double", space: "shop", environment: "master" };

export async function openContentful() {
  const fields = (names) => names.map((id) => ({ id, name: id, type: "Symbol" }));
  const types = new Map([["product", ["title", "variants", "options", "medusaId", "type", "collection", "tags", "handle", "subtitle", "description", "thumbnail", "images", "objectMedusa"]], ["productVariant", ["title", "sku", "prices", "options", "medusaId"]]]
    .map(([id, names]) => [id, { sys: { id, type: "ContentType", version: 1 }, name: id, fields: fields(names) }]));
  const entries = new Map(), assets = new Map();
  const root = `/spaces/${contentfulKeys.space}`, environment = `${root}/environments/${contentfulKeys.environment}`;
  const found = (map, id) => map.get(id) ?? (() => { throw new Refused(404, { sys: { type: "Error", id: "NotFound" }, message: "The resource could not be found." }); })();
  const link = (id, linkType) => ({ sys: { type: "Link", linkType, id } });
  const save = (map, type) => ({ params, body, headers }) => {
    const before = map.get(params.id);
    const sys = { id: params.id, type, version: (before?.sys.version ?? 0) + 1, publishedVersion: before?.sys.publishedVersion, space: link(contentfulKeys.space, "Space"), environment: link(contentfulKeys.environment, "Environment"), contentType: before?.sys.contentType ?? link(headers["x-contentful-content-type"], "ContentType") };
    map.set(params.id, { sys, fields: body.fields });
    return map.get(params.id);
  };
  const publish = (map) => ({ params }) => { const one = found(map, params.id); one.sys = { ...one.sys, publishedVersion: one.sys.version, version: one.sys.version + 1 }; return one; };
  const double = await openDouble({
    [`GET ${root}`]: () => ({ sys: { id: contentfulKeys.space, type: "Space" }, name: "Shop" }),
    [`GET ${environment}`]: () => ({ sys: { id: contentfulKeys.environment, type: "Environment", space: link(contentfulKeys.space, "Space") }, name: "master" }),
    [`GET ${environment}/content_types/:id`]: ({ params }) => found(types, params.id),
    [`GET ${environment}/entries/:id`]: ({ params }) => found(entries, params.id),
    [`PUT ${environment}/entries/:id`]: save(entries, "Entry"),
    [`PUT ${environment}/entries/:id/published`]: publish(entries),
    [`DELETE ${environment}/entries/:id/published`]: ({ params }) => { const one = found(entries, params.id); one.sys = { ...one.sys, publishedVersion: undefined, version: one.sys.version + 1 }; return one; },
    [`PUT ${environment}/entries/:id/archived`]: ({ params }) => { const one = found(entries, params.id); one.sys = { ...one.sys, archivedVersion: one.sys.version }; return one; },
    [`POST ${environment}/assets`]: ({ body }) => { const id = newId("asset"); assets.set(id, { sys: { id, type: "Asset", version: 1 }, fields: body.fields }); return assets.get(id); },
    [`GET ${environment}/assets/:id`]: ({ params }) => found(assets, params.id),
    [`PUT ${environment}/assets/:id/published`]: publish(assets),
  }, { before: ({ headers }) => { if (headers.authorization !== `Bearer ${contentfulKeys.token}`) throw new Refused(401, { sys: { type: "Error", id: "AccessTokenInvalid" }, message: "The access token is invalid." }); } });
  return { ...double, hosts: ["api.contentful.com", "upload.contentful.com"], entries, assets };
}
