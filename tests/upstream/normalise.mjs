// Brings the recordings of two servers to one form: ids by order of appearance, times, tokens and session ids masked,
// arrays that 1.20 gives in no order sorted.
const id = /\b([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}\b/g;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

// Arrays without an ORDER BY in 1.20, by the name they have in answers: the order of their items is not compared.
export const unorderedArrays = new Set([
  "images", "tags", "options", "values", "prices", "collection_products", "categories", "sales_channels", "profiles",
  "countries", "payment_providers", "fulfillment_providers", "tax_rates", "currencies", "variants",
  "tax_lines", "adjustments", "discounts", "gift_cards", "payment_sessions", "payments", "shipping_methods", "groups", "rules", "conditions", "regions",
  "fulfillments", "items", "refunds", "returns", "claims", "swaps", "edits", "tracking_links", "gift_card_transactions", "billing_addresses", "shipping_addresses",
  "requirements", "category_children", "details",
]);

const headersThatMatter = ["content-type", "set-cookie", "vary", "access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers",
  "access-control-allow-methods", "access-control-allow-headers", "location", "cache-control", "idempotency-key"];

// Set by 1.20 some time after the answer, by a subscriber: whether an answer shows it already is chance.
const later = new Set(["usage_count"]);

function sorted(value, masked, name) {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, masked));
    return name && unorderedArrays.has(name) ? items.map((item) => [masked(item), item]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item) : items;
  }
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, later.has(key) ? "<later>" : sorted(item, masked, key)]));
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
  // Items are told apart by what they hold, and by ids that were seen before.
  const masked = (value) => JSON.stringify(value).replace(id, (whole, prefix) => numbers.get(whole) ?? `${prefix}_`).replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"time"');
  const text = (value) => (time.test(value) ? "<time>" : value.replace(jwt, (token) => claims(token).replace(id, number)).replace(id, number));
  const walk = (value) => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), walk(item)]));
    return value;
  };
  const cookie = (value) => value.replace(/=s%3A[^;]+/, "=<session>").replace(/Expires=[^;]+/i, "Expires=<time>");
  return steps.map(({ title, status, headers, json, text: body }) => ({
    title, status,
    headers: Object.fromEntries(headersThatMatter.filter((name) => headers[name] !== undefined).map((name) => [name, name === "set-cookie" ? headers[name].map(cookie) : name === "idempotency-key" ? "<key>" : headers[name]])),
    body: json === undefined ? text(body) : walk(sorted(json, masked)),
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
    return found;
  }
  return JSON.stringify(real) === JSON.stringify(ours) ? [] : [{ path, real, ours }];
}
