// Certificates for a test: an authority of its own, servers and clients that it vouches for, and one that nobody vouches for.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./processes.mjs";

const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });

// Each has { cert, key } as paths; `text(path)` is what stands in one.
export function certificates() {
  const directory = temporaryDirectory("certificates");
  const path = (name) => join(directory, name);
  const newKey = (name, subject, ...more) => openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", path(`${name}.key`), "-subj", subject, ...more);
  const alone = (name, subject, extensions) => {
    newKey(name, subject, "-x509", "-days", "2", "-out", path(`${name}.crt`), ...extensions.flatMap((extension) => ["-addext", extension]));
    return { cert: path(`${name}.crt`), key: path(`${name}.key`) };
  };
  const authority = alone("authority", "/CN=test authority", []);
  const signed = (name, subject, alternatives) => {
    newKey(name, subject, "-out", path(`${name}.csr`));
    writeFileSync(path(`${name}.ext`), alternatives ? `subjectAltName=${alternatives}\n` : "basicConstraints=CA:FALSE\n");
    openssl("x509", "-req", "-days", "2", "-in", path(`${name}.csr`), "-CA", authority.cert, "-CAkey", authority.key, "-CAcreateserial", "-extfile", path(`${name}.ext`), "-out", path(`${name}.crt`));
    return { cert: path(`${name}.crt`), key: path(`${name}.key`) };
  };
  return {
    directory, authority,
    server: signed("server", "/CN=localhost", "DNS:localhost,IP:127.0.0.1"),
    elsewhere: signed("elsewhere", "/CN=elsewhere.example", "DNS:elsewhere.example"), // vouched for, under another name
    client: signed("client", "/CN=shop"),
    selfSigned: alone("self", "/CN=localhost", ["subjectAltName=DNS:localhost,IP:127.0.0.1"]),
    text: (file) => readFileSync(file, "utf8"),
  };
}
