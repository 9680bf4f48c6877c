// What a client must never send: a good request, spoilt in one place. `refused` ones must be answered with 4xx and change nothing;
// of the others, which a server may well accept, no answer may be a 500.
const wrong = (kind) => {
  if (Array.isArray(kind) || kind === "array" || kind === "strings") return 7;
  if (typeof kind === "object" || kind === "object") return "text";
  if (/integer|number/.test(kind)) return "seven";
  if (kind === "boolean") return "perhaps";
  if (kind === "date") return "no date";
  if (kind === "anything" || kind === "true or false" || / or |strings/.test(kind)) return undefined;
  return { wrong: "type" };
};

// The places of a body: [path, value, kind], lists by their first element only.
function* places(value, kind, path = []) {
  if (path.length) yield [path, value, kind];
  if (Array.isArray(value)) {
    if (value.length) yield* places(value[0], Array.isArray(kind) ? kind[0] : undefined, [...path, 0]);
  } else if (value && typeof value === "object") {
    const known = kind && typeof kind === "object" && !Array.isArray(kind) ? kind : {};
    for (const [name, member] of Object.entries(value)) yield* places(member, known[name] ?? known[`${name}?`], [...path, name]);
  }
}
// What a kind of number says of its bounds: "integer from 0 to 2147483647", "number of at least 0".
export function bounds(kind) {
  const whole = /^integer from (-?\d+) to (-?\d+)$/.exec(kind), real = /^number of at least (-?\d+)$/.exec(kind);
  if (whole) return { beyond: [Number(whole[1]) - 1, Number(whole[2]) + 1, 0.5] };
  return real ? { beyond: [Number(real[1]) - 1, 1e39] } : undefined;
}
// The places of numbers with bounds, also of those that the body leaves out: [path, bounds].
function* bounded(value, kind, path = []) {
  if (Array.isArray(kind)) {
    if (Array.isArray(value) && value.length) yield* bounded(value[0], kind[0], [...path, 0]);
  } else if (kind && typeof kind === "object") {
    if (!value || typeof value !== "object" || Array.isArray(value)) return;
    for (const [written, member] of Object.entries(kind)) {
      const name = written.replace(/[? (].*/, "");
      if (typeof member !== "string") yield* bounded(value[name], member, [...path, name]);
      else if (bounds(member)) yield [[...path, name], bounds(member)];
    }
  }
}
function replaced(body, path, value) {
  const copy = structuredClone(body);
  const owner = path.slice(0, -1).reduce((at, step) => at[step], copy);
  owner[path.at(-1)] = value;
  return copy;
}
const overlooks = { "GET /admin/customers/:id": "fields" };
const dotted = (path) => path.join(".");
// Text that no compression makes short enough for an index.
const long = Array.from({ length: 9000 }, (_, index) => ((index * 7919 + ((index * index) % 104729)) % 36).toString(36)).join("");

function* ofBody(request, route) {
  const spoilt = (title, body, refused) => ({ title, refused, request: { ...request, headers: { ...request.headers, "content-type": "application/json" }, body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body) } });
  yield spoilt("broken JSON", '{"a":', true);
  yield spoilt("a megabyte", `{"a":"${"x".repeat(1 << 20)}"}`, true);
  yield spoilt("broken UTF-8", Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]), true);
  const body = JSON.parse(request.body ?? "{}");
  if (!route.body || Array.isArray(body)) return;
  const open = "..." in route.body;
  if (!open) yield spoilt("an unknown member", { ...body, nonsense: 1 }, true);
  for (const [name, kind] of Object.entries(route.body)) {
    if (!/[?(]|^\.\.\.$/.test(name) && kind !== "anything") { const { [name]: _, ...rest } = body; yield spoilt(`without ${name}`, rest, true); }
    const bad = wrong(kind);
    if (bad !== undefined) yield spoilt(`${name} of a wrong type`, { ...body, [name.replace(/[? (].*/, "")]: bad }, true);
  }
  for (const [path, { beyond }] of bounded(body, route.body)) for (const number of beyond) yield spoilt(`${dotted(path)} ${number}`, replaced(body, path, number), true);
  for (const [path, value, kind] of places(body, route.body)) {
    const bad = path.length > 1 && typeof path.at(-1) === "string" && kind !== undefined ? wrong(kind) : undefined;
    if (bad !== undefined) yield spoilt(`${dotted(path)} of a wrong type`, replaced(body, path, bad), true);
    if (typeof value === "string") {
      yield spoilt(`${dotted(path)} with a zero byte`, replaced(body, path, `${value}\u0000`), false);
      yield spoilt(`${dotted(path)} too long`, replaced(body, path, `${value}${long}`), false);
      yield spoilt(`${dotted(path)} empty`, replaced(body, path, ""), false);
      yield spoilt(`${dotted(path)} unknown`, replaced(body, path, "nothing_here"), false);
    }
    if (typeof value === "number") {
      for (const number of [-1, 1e15, 0.5, 2 ** 31]) yield spoilt(`${dotted(path)} ${number}`, replaced(body, path, number), false);
    }
    yield spoilt(`${dotted(path)} null`, replaced(body, path, null), false);
  }
}

function* ofPath(request, route) {
  const [path, query] = request.path.split("?");
  const parts = path.split("/"), names = route.path.split("/");
  for (const [index, name] of names.entries()) {
    if (!name.startsWith(":")) continue;
    const other = (part) => ({ ...request, path: [...parts.slice(0, index), part, ...parts.slice(index + 1)].join("/") + (query === undefined ? "" : `?${query}`) });
    yield { title: `${name} unknown`, refused: false, request: other("nothing_here") };
    yield { title: `${name} with a zero byte`, refused: false, request: other("x%00y") };
    yield { title: `${name} with a broken escape`, refused: true, request: other("x%zz") };
    yield { title: `${name} too long`, refused: false, request: other("x".repeat(4000)) };
  }
}

function* ofQuery(request, route) {
  if (!route.query) return;
  const [path, query] = request.path.split("?");
  const asking = (title, more, refused) => ({ title: `?${title}`, refused, request: { ...request, path: `${path}?${query === undefined ? "" : `${query}&`}${more}` } });
  const free = (name) => !new RegExp(`(^|&)${name}[=[]`).test(query ?? "");
  if (!("..." in route.query)) yield asking("nonsense=1", "nonsense=1", true);
  for (const [written, kind] of Object.entries(route.query)) {
    const name = written.replace(/[? (].*/, "");
    if (!free(name)) continue;
    if (["limit", "offset"].includes(name)) {
      // Of a single row nobody minds them.
      yield asking(`${name}=-1`, `${name}=-1`, route.answers?.limit !== undefined);
      yield asking(`${name}=text`, `${name}=text`, route.answers?.limit !== undefined);
      yield asking(`${name} huge`, `${name}=99999999999999999999`, false);
      yield asking(`${name}=0.5`, `${name}=0.5`, false);
    }
    // Quirk: some of 1.20's routes take these and look at none of them.
    if (["order", "expand", "fields"].includes(name)) yield asking(`${name}=nonsense`, `${name}=nonsense`, request.method === "GET" && route.answers !== undefined && overlooks[route.name] !== name && (name !== "order" || route.answers.limit !== undefined));
    if (kind && typeof kind === "object" && "lt?" in kind) yield asking(`${name}[lt]=nonsense`, `${name}[lt]=nonsense`, kind["lt?"] === "date");
    for (const value of ["nonsense", "", "null", "%00", "a%00b", "x".repeat(3000)]) yield asking(`${name}=${value.slice(0, 10)}`, `${name}=${value}`, false);
    yield asking(`${name} as a list`, `${name}[]=a&${name}[]=b`, false);
    yield asking(`${name} as an object`, `${name}[a][b]=c`, false);
    yield asking(`${name} as a list of objects`, `${name}[0][a]=b`, false);
  }
}

// `route`: as `stheno routes --json` describes it.
export function* mutants(request, route) {
  yield* ofPath(request, route);
  yield* ofQuery(request, route);
  if (request.method === "POST" || (request.method === "DELETE" && route.body)) yield* ofBody(request, route);
}
