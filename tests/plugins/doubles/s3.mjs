// A store of objects that speaks S3 (path style): put, get, delete, uploads in parts, presigned addresses. It checks each signature
// (version 4), and shows without one only what was put there for everybody.
import { createHash, createHmac } from "node:crypto";
import { newId, openDouble, raw, Refused } from "./double.mjs";

export const s3Keys = { access: "AKIADOUBLE", secret: "s3-double-secret", region: "eu-west-1" };

const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const denied = (message) => { throw new Refused(403, { Code: "AccessDenied", message }); };

// What the signature of a request must be, from what it says of itself.
function signatureOf({ method, target, headers }, { signed, scope, date, payload }) {
  const [path, query = ""] = target.split("?");
  const pairs = query.split("&").filter((pair) => pair && !pair.startsWith("X-Amz-Signature=")).map((pair) => (pair.includes("=") ? pair : `${pair}=`)).sort();
  const lines = signed.map((name) => `${name}:${String(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`).join("");
  const canonical = [method, path, pairs.join("&"), lines, signed.join(";"), payload].join("\n");
  const [day, region, service] = scope.split("/");
  const key = hmac(hmac(hmac(hmac(`AWS4${s3Keys.secret}`, day), region), service), "aws4_request");
  return createHmac("sha256", key).update(["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")).digest("hex");
}

// Who asks: "owner" by a good header or a good presigned address, "anybody" without either.
function asker(ask) {
  const { query, headers } = ask;
  if (query.has("X-Amz-Signature")) {
    const [access, ...scope] = query.get("X-Amz-Credential").split("/");
    const date = query.get("X-Amz-Date");
    const made = Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
    if (Date.now() > made + Number(query.get("X-Amz-Expires")) * 1000) denied("Request has expired");
    const wanted = signatureOf(ask, { signed: query.get("X-Amz-SignedHeaders").split(";"), scope: scope.join("/"), date, payload: "UNSIGNED-PAYLOAD" });
    if (access !== s3Keys.access || wanted !== query.get("X-Amz-Signature")) denied("The presigned address was not made with the key");
    return "owner";
  }
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(headers.authorization ?? "");
  if (!found) return "anybody";
  const payload = headers["x-amz-content-sha256"];
  const wanted = signatureOf(ask, { signed: found[3].split(";"), scope: found[2], date: headers["x-amz-date"], payload });
  if (found[1] !== s3Keys.access || wanted !== found[4]) denied("The request was not signed with the key");
  if (/^[0-9a-f]{64}$/.test(payload) && payload !== sha256(ask.bytes)) denied("The body is not the one that was signed");
  return "owner";
}

// The body without the frames of aws-chunked.
function contentOf({ bytes, headers }) {
  if (!/aws-chunked/.test(headers["content-encoding"] ?? "")) return bytes;
  const parts = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    const length = parseInt(bytes.subarray(at, end).toString(), 16);
    if (!length) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}

const xml = (name, members) => raw({
  headers: { "content-type": "application/xml" },
  bytes: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><${name}>${Object.entries(members).map(([key, value]) => `<${key}>${value}</${key}>`).join("")}</${name}>`),
});

export async function openS3() {
  const objects = new Map(); // "bucket/key" → { bytes, type, acl }
  const uploads = new Map(); // id → { name, type, acl, parts }
  const owner = (ask) => { if (asker(ask) !== "owner") denied("Access Denied"); };
  const nameOf = ({ params }) => `${params.bucket}/${params.key}`;
  const tag = (bytes) => `"${createHash("md5").update(bytes).digest("hex")}"`;
  const double = await openDouble({
    "PUT /:bucket/:key*": (ask) => {
      owner(ask);
      const bytes = contentOf(ask);
      if (ask.query.has("uploadId")) uploads.get(ask.query.get("uploadId")).parts.set(Number(ask.query.get("partNumber")), bytes);
      else objects.set(nameOf(ask), { bytes, type: ask.headers["content-type"], acl: ask.headers["x-amz-acl"] ?? "private" });
      return raw({ headers: { etag: tag(bytes) } });
    },
    "POST /:bucket/:key*": (ask) => {
      owner(ask);
      if (ask.query.has("uploads")) {
        const id = newId("upload");
        uploads.set(id, { name: nameOf(ask), type: ask.headers["content-type"], acl: ask.headers["x-amz-acl"] ?? "private", parts: new Map() });
        return xml("InitiateMultipartUploadResult", { Bucket: ask.params.bucket, Key: ask.params.key, UploadId: id });
      }
      const { name, type, acl, parts } = uploads.get(ask.query.get("uploadId"));
      const bytes = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
      objects.set(name, { bytes, type, acl });
      return xml("CompleteMultipartUploadResult", { Location: `http://${ask.headers.host}/${name}`, Bucket: ask.params.bucket, Key: ask.params.key, ETag: tag(bytes) });
    },
    "GET /:bucket/:key*": (ask) => {
      const who = asker(ask), object = objects.get(nameOf(ask));
      if (who === "anybody" && object?.acl !== "public-read") denied("Access Denied");
      if (!object) throw new Refused(404, { Code: "NoSuchKey", message: "The specified key does not exist." });
      return raw({ headers: { "content-type": object.type ?? "binary/octet-stream", etag: tag(object.bytes) }, bytes: object.bytes });
    },
    "DELETE /:bucket/:key*": (ask) => {
      owner(ask);
      objects.delete(nameOf(ask));
      return raw({ status: 204 });
    },
  });
  return { ...double, objects };
}
