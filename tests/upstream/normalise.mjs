// Brings the recordings of two servers to one form: ids by order of appearance, times, tokens and session ids masked,
// arrays that 1.20 gives in no order sorted.
import { createHash } from "node:crypto";

const id = /\b([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}\b/g;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const code = /^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/; // of a gift card, at random
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/; // an idempotency key that a server has made
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

// Arrays without an ORDER BY in 1.20, by the name they have within a row: the order of their items is not compared. Lists of
// rows have an order.
export const unorderedArrays = new Set([
  "images", "tags", "options", "values", "prices", "collection_products", "categories", "sales_channels", "profiles",
  "countries", "changes", "payment_providers", "fulfillment_providers", "tax_rates", "currencies",
  "tax_lines", "adjustments", "discounts", "gift_cards", "payment_sessions", "payments", "shipping_methods", "groups", "rules", "conditions", "regions",
  "fulfillments", "items", "refunds", "returns", "claims", "swaps", "edits", "tracking_links", "gift_card_transactions", "billing_addresses", "shipping_addresses",
  "requirements", "category_children", "details", "products", "customer_groups", "location_levels", "inventory_levels", "reservations", "returnable_items",
]);

const headersThatMatter = ["content-type", "set-cookie", "vary", "access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers",
  "access-control-allow-methods", "access-control-allow-headers", "location", "cache-control", "idempotency-key"];

// Set by 1.20 some time after the answer, by a subscriber: whether an answer shows it already is chance.
const later = new Set(["usage_count"]);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// What a value holds, as a text in which neither the order of members nor that of unordered arrays shows. `label` says what
// stands for an id; `see(key, id, content)` is told of each id and of what the object holds in which it stands.
function content(value, label, see, name) {
  if (typeof value === "string") return time.test(value) || code.test(value) || uuid.test(value) ? '"random"' : JSON.stringify(value.replace(id, label));
  if (Array.isArray(value)) {
    const items = value.map((item) => content(item, label, see));
    return `[${(name && unorderedArrays.has(name) ? items.sort() : items).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const text = `{${Object.keys(value).sort().map((key) => `${key}:${content(value[key], label, see, key)}`).join()}}`;
  if (see) for (const [key, item] of Object.entries(value)) if (typeof item === "string") for (const [whole] of item.matchAll(id)) see(key, whole, text);
  return text;
}

// Names for the ids of an answer that no earlier answer had, made from what stands around them: two servers' ids for one thing
// get one name, so that arrays can be brought to one order.
function nameUnknown(value, known) {
  let names = new Map();
  const label = (whole, prefix) => known.get(whole) ?? names.get(whole) ?? `${prefix}_`;
  for (let round = 0; round < 3; round++) {
    const around = new Map();
    content(value, label, (key, whole, text) => {
      if (known.has(whole)) return;
      if (!around.has(whole)) around.set(whole, new Set());
      around.get(whole).add(createHash("md5").update(`${key} ${text}`).digest("base64"));
    });
    names = new Map([...around].map(([whole, texts]) => [whole, `${whole.slice(0, whole.lastIndexOf("_"))}_${createHash("md5").update([...texts].sort().join()).digest("base64")}`]));
  }
  return label;
}

function sorted(value, label, name) {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, label));
    return name && unorderedArrays.has(name) ? items.map((item) => [content(item, label), item]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item) : items;
  }
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, later.has(key) ? "<later>" : sorted(item, label, key)]));
  return value;
}

function claims(token) {
  try {
    const { iat, exp, ...rest } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    return `<jwt ${JSON.stringify({ ...rest, ...(exp ? { seconds: exp - iat } : {}) })}>`;
  } catch { return "<jwt?>"; }
}

export function normalise(steps) {
  const numbers = new Map(), counts = new Map();
  const number = (whole, prefix) => {
    if (!numbers.has(whole)) { counts.set(prefix, (counts.get(prefix) ?? 0) + 1); numbers.set(whole, `${prefix}_#${counts.get(prefix)}`); }
    return numbers.get(whole);
  };
  const text = (value) => (time.test(value) ? "<time>" : code.test(value) ? "<code>" : uuid.test(value) ? "<key>" : value.replace(jwt, (token) => claims(token).replace(id, number)).replace(id, number));
  // Ids are counted in the order of the members' names, so that it does not matter in which order the members stand.
  const countIds = (value) => {
    if (typeof value === "string") text(value);
    else if (Array.isArray(value)) value.forEach(countIds);
    else if (isObject(value)) Object.keys(value).sort().forEach((key) => { text(key); countIds(value[key]); });
  };
  const walk = (value) => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), walk(item)]));
    return value;
  };
  const inOneForm = (json) => {
    const label = nameUnknown(json, numbers);
    const value = isObject(json) ? Object.fromEntries(Object.entries(json).map(([key, item]) => [key, sorted(item, label)])) : json;
    countIds(value);
    return walk(value);
  };
  const cookie = (value) => value.replace(/=s%3A[^;]+/, "=<session>").replace(/Expires=[^;]+/i, "Expires=<time>");
  return steps.map(({ title, status, headers, json, text: body }) => ({
    title, status,
    headers: Object.fromEntries(headersThatMatter.filter((name) => headers[name] !== undefined).map((name) => [name, name === "set-cookie" ? headers[name].map(cookie) : name === "idempotency-key" ? "<key>" : headers[name]])),
    body: json === undefined ? text(body) : inOneForm(json),
  }));
}

// [{ path, real, ours }]
export function compare(real, ours, path = "body") {
  if (real && ours && typeof real === "object" && typeof ours === "object" && Array.isArray(real) === Array.isArray(ours)) {
    const found = [];
    if (Array.isArray(real) && real.length !== ours.length) found.push({ path: `${path}.length`, real: real.length, ours: ours.length });
    const keys = Array.isArray(real) ? [...real.keys()].slice(0, ours.length) : [...new Set([...Object.keys(real), ...Object.keys(ours)])];
    for (const key of keys) {
      const next = Array.isArray(real) ? `${path}[${key}]` : `${path}.${key}`;
      if (!Object.hasOwn(ours, key)) found.push({ path: next, real: real[key], ours: undefined });
      else if (!Object.hasOwn(real, key)) found.push({ path: next, real: undefined, ours: ours[key] });
      else found.push(...compare(real[key], ours[key], next));
    }
    // The order of members: of those that both have, without what is alike at both ends.
    if (isObject(real)) {
      const one = Object.keys(real).filter((key) => Object.hasOwn(ours, key)), other = Object.keys(ours).filter((key) => Object.hasOwn(real, key));
      const from = one.findIndex((key, index) => key !== other[index]), to = one.findLastIndex((key, index) => key !== other[index]) + 1;
      if (to > 0) found.push({ path: `${path}.order of members`, real: one.slice(from, to).join(" "), ours: other.slice(from, to).join(" ") });
    }
    return found;
  }
  return JSON.stringify(real) === JSON.stringify(ours) ? [] : [{ path, real, ours }];
}
