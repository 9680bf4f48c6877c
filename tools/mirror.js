// The program behind `stheno start --mirror`, run by node beside the server: hears on descriptor 3 of GETs and what the server has answered,
// sends them to another server, and tells how that one's answers compare. comparison.js stands before it. The first argument is JSON:
//   to                URL of the other server
//   mark              name of a header that says that a request is a copy
//   patience, most    milliseconds for an answer, and bytes of one
//   near              [address, bits, "ipv4" or "ipv6"]: where unencrypted requests may go, as they carry their senders' log-ins
// Frames have a length (four bytes, the highest first). Of a GET there come two: { id, target, headers, status, type, encoding } as JSON, and
// the body as it went out. Back comes { id, outcome, tell }: "equal", "known", "different", "failed", or "left_out" where nothing was sent;
// `tell` are lines for the log. The server holds back what would be too many at once.
const dns = require("node:dns");
const net = require("node:net");
const os = require("node:os");
const zlib = require("node:zlib");
const { promisify } = require("node:util");

try { os.setPriority(10); } catch { /* it may be forbidden; the server goes first all the same */ }

// ---- What is sent

const near = new net.BlockList();
for (const [address, bits, family] of order.near) near.addSubnet(address, bits, family);
// A name may come to mean another address at any time.
const onlyNear = (host, options, done) => dns.lookup(host, options, (error, found, family) => {
  const far = error ? undefined : [found].flat().map((one) => one.address ?? one).find((one) => !near.check(one, net.isIPv6(one) ? "ipv6" : "ipv4"));
  done(error ?? (far ? new Error(`${host} is ${far}, which is no private address: nothing is sent there without https`) : null), found, family);
});

async function ask(target, headers) {
  const over = AbortSignal.timeout(order.patience);
  const answer = await get(order.to, target, { ...headers, "user-agent": "stheno-mirror", [order.mark]: "1" }, { most: order.most, signal: over, ...(order.to.startsWith("https:") ? {} : { lookup: onlyNear }) });
  return answer.failure && over.aborted ? { failure: `no answer within ${order.patience / 1000} s` } : answer;
}

const unpack = { gzip: promisify(zlib.gunzip), br: promisify(zlib.brotliDecompress), deflate: promisify(zlib.inflate) };
const plainBody = async (body, encoding) => (encoding ? unpack[encoding](body, { maxOutputLength: order.most }) : body);

// ---- What is told

// A few lines of a route an hour, each about another kind of path; what comes beyond them is counted.
const hour = 3_600_000, linesAnHour = 3;
const told = new Map(); // by route: { since, kinds, more }
function mayTell(route, kind) {
  const now = Date.now();
  const before = told.get(route);
  const of = before && now - before.since < hour ? before : { since: now, kinds: new Set(), more: before?.more ?? 0 };
  told.set(route, of);
  if (of.kinds.has(kind)) return undefined;
  if (of.kinds.size === linesAnHour) { of.more++; return undefined; }
  of.kinds.add(kind);
  const more = of.more;
  of.more = 0;
  return { more };
}

// A log is kept, and read by many: it tells less than `stheno compare` does. Of whatever may be a person's own, or a client's, no value is shown.
const ofPeople = /(^|\.)(email|first_name|last_name|user_name|phone|company|address_1|address_2|postal_code|city|province|ip|(shipping_|billing_)?address(es)?|customers?|users?|invites?|notes?|gift_cards?|metadata|data|context|token|api_token|password_hash)(\.|\[|$)/;
function shown(path, value) {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isObject(value)) return "an object";
  if (typeof value !== "string") return ofPeople.test(path) && value !== undefined && value !== null ? "a value" : text(value);
  if (path === "body" || ofPeople.test(path)) return `a text of ${value.length} characters`;
  return text(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

const reasonsTold = new Set();
function judge(target, left, right) {
  const route = routeOf(target);
  const tell = [];
  const kinds = new Map(); // what nobody has explained, by kind of path
  let excused = 0;
  for (const one of compare(left, right)) {
    const reason = reasonFor(route, target, one, left, right);
    if (reason) {
      excused++;
      if (!reasonsTold.has(reason)) tell.push({ route, reason });
      reasonsTold.add(reason);
      continue;
    }
    const kind = one.path.replace(/\[\d+\]/g, "[]");
    if (!kinds.has(kind)) kinds.set(kind, one);
  }
  for (const [kind, one] of kinds) {
    const may = mayTell(route, kind);
    if (may) tell.push({ route, path: one.path, left: shown(one.path, one.left), right: shown(one.path, one.right), example: target, more: may.more });
  }
  return { outcome: kinds.size ? "different" : excused ? "known" : "equal", tell };
}

async function mirror({ target, headers, status, type, encoding }, body) {
  if (leftOut(target, headers) || !/^[!-~]+$/.test(target)) return { outcome: "left_out", tell: [] };
  const left = answerOf(status, type, (await plainBody(body, encoding)).toString());
  const right = await ask(target, headers);
  if (!right.failure) return judge(target, left, right);
  return { outcome: "failed", tell: mayTell("", right.failure) ? [{ failure: right.failure }] : [] };
}

// ---- The conversation

const talk = new net.Socket({ fd: 3 });
const frame = (text) => { const bytes = Buffer.from(text), head = Buffer.alloc(4); head.writeUInt32BE(bytes.length); return Buffer.concat([head, bytes]); };
let parts = [], size = 0, wanted = 4, inHead = true, asked;

function takeIn(bytes) {
  if (inHead) { inHead = false; wanted = bytes.readUInt32BE(); return; }
  inHead = true;
  wanted = 4;
  if (!asked) { asked = JSON.parse(bytes.toString()); return; }
  const { id, ...request } = asked;
  asked = undefined;
  // What can't be unpacked within the limit, or sent, is not mirrored.
  mirror(request, bytes).catch(() => ({ outcome: "left_out", tell: [] })).then((result) => talk.write(frame(JSON.stringify({ id, ...result }))));
}
talk.on("data", (part) => {
  parts.push(part);
  size += part.length;
  while (size >= wanted) {
    const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const rest = all.subarray(wanted);
    parts = [rest];
    size = rest.length;
    takeIn(all.subarray(0, wanted));
  }
});
for (const end of ["end", "error"]) talk.on(end, () => process.exit(0));
