// Odd HTTP requests, several hundred, by kind: [{ name, bytes }]. Bytes are Latin-1 text. No request says when it ends the
// connection, unless that is what it tries; who plays them sends an ordinary one behind each.
const end = "\r\n\r\n";
const shown = (text) => (text.length > 60 ? `${JSON.stringify(text.slice(0, 12))}..., ${text.length} bytes` : JSON.stringify(text));

// One header line, or several, in an ordinary GET.
const get = (lines) => `GET /a?b=c HTTP/1.1\r\nHost: x\r\n${lines}${end}`;
const post = (lines, body = "") => `POST /a HTTP/1.1\r\nHost: x\r\n${lines}${end}${body}`;
const chunked = (body) => post("Transfer-Encoding: chunked", body);
const first = (line) => `${line}\r\nHost: x${end}`;

const kinds = {
  "request line": [
    "GET / HTTP/1.1", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1", "GET /\tHTTP/1.1", " GET / HTTP/1.1", "\tGET / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/1.1\t",
    "GET / HTTP/1.0", "GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/1.10", "GET / HTTP/2.0", "GET / HTTP/2", "GET / HTTP/3.0", "GET / HTTP/01.1", "GET / HTTP/1.", "GET / HTTP/1", "GET / HTTP/",
    "GET / HTTP/ 1.1", "GET / HTTP/1 .1", "GET / http/1.1", "GET / HTTPS/1.1", "GET / HTTP1.1", "GET / RTSP/1.0", "GET / ICE/1.0", "GET / XTTP/1.1", "GET / HTTP/1.1 HTTP/1.1", "GET / HTTP/a.b", "GET / HTTP/-1.1",
    "GET /", "GET", "", "/", "GET  HTTP/1.1", "GET HTTP/1.1", "GET / x HTTP/1.1", "GET /a b HTTP/1.1", "HTTP/1.1 200 OK", "GET / HTTP/1.1\r", "GET\r / HTTP/1.1", "GET /\r HTTP/1.1", "GET /\0 HTTP/1.1", "G\0ET / HTTP/1.1",
    "GET / HTTP/1.1\0", "\0GET / HTTP/1.1", "\x16\x03\x01\x02", "PRI * HTTP/2.0",
  ].map((line) => [shown(line), first(line)]),

  "method": [
    "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT",
    "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE", "QUERY", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER",
    "REDIRECT", "RECORD", "FLUSH", "get", "Get", "GETT", "GE", "G", "POSTS", "FOO", "BREW", "PUT_", "P@ST", "GET,POST", "{}", "\"GET\"", "GÉT", "GET:", "-", "M-SEARCHES", "OPTIONSS", "HEADER", "DELETED", "PATCHED", "TRACE1", "X".repeat(5000),
  ].map((method) => [shown(method), first(`${method} /a HTTP/1.1`)]),

  "target": [
    "/a", "//a", "//a//b", "/a/../b", "/%00", "/%", "/%zz", "/a%20b", "/a?b", "/a?b?c", "/?", "?", "?a=b", "*", "a", "a/b", ".", "..", "/a#b", "/#", "#", "/a?b#c", "/a;b=c", "/a\\b", "/<a>", "/\"a\"", "/{a}", "/|", "/^", "/`", "/a,b", "/@", "/a:80", ":80", "/~",
    "http://x", "http://x/", "http://x/a?b=c", "http://x?b=c", "HTTP://x/a", "https://x/a", "ftp://x/a", "ws://x/a", "a://x/a", "abcdefgh://x/a", "1://x/a", "http:/x/a", "http:x", "http:///a", "http://", "http:", "http://u:p@x/a", "http://u@v@x/a", "http://x:80/a",
    "http://x:port/a", "http://[::1]/a", "http://[::1]:80/a", "http://x y/a", "http://x#a", "http://x/#a", "http://@/a", "http://x@/a", "x:443", "example.com", "[::1]:443", "localhost", "mailto:a@b", "/é", "/\x80", "/\xff", "/\x7f", "/\x01", "/\x1f", "/\x0b", "/\x0c", "/a?\xff", "/a?é",
    "/\u00c3\u00a4", "/a?\u00c3\u00a4=\u00c3\u00a4", `/${"a".repeat(8000)}`, `/${"a".repeat(15_900)}`, `/${"a".repeat(17_000)}`, `/?${"a=b&".repeat(3000)}`,
  ].map((target) => [shown(target), first(`GET ${target} HTTP/1.1`)]),

  "OPTIONS and CONNECT": [
    ["OPTIONS *", first("OPTIONS * HTTP/1.1")], ["OPTIONS **", first("OPTIONS ** HTTP/1.1")], ["OPTIONS http://x", first("OPTIONS http://x HTTP/1.1")],
    ["CONNECT x:443", first("CONNECT x:443 HTTP/1.1")], ["CONNECT /", first("CONNECT / HTTP/1.1")], ["CONNECT x", first("CONNECT x HTTP/1.1")], ["CONNECT with a length", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"],
  ],

  "header line": [
    "A: b", "A:b", "A:", "A: ", "A:\tb", "A: b ", "A: b\t", "A:  b  c  ", "A: \t b \t ", "A:\t", "A: b\tc", "A : b", "A\t: b", "A b: c", ": b", ":", " A: b", "\tA: b", "A", "A b", "A\r\nB: c", "a\0b: c", "A: b\0c", "A: \0", "A: b\x01c", "A: b\x7fc", "A: b\x0bc", "A: b\x0cc", "A: b\x1fc",
    "A: \x80", "A: \xff", "A: é", "A: \u00c3\u00a4", "Ä: b", "\x80: b", "A\x7f: b", "A(: b", "A): b", "A<: b", "A@: b", "A,: b", "A;: b", "A\\: b", "A\": b", "A/: b", "A[: b", "A]: b", "A?: b", "A=: b", "A{: b", "A}: b", "!: b", "#: b", "$: b", "%: b", "&: b", "': b", "*: b", "+: b", "-: b", ".: b", "^: b", "_: b", "`: b", "|: b", "~: b", "0: b",
    "A: b: c", "A:: b", "A: :", "A: \"b", "A: b\"", "A: (b", "A: b,c", "A: b;c=\"d", "A: 'b", `A: ${"b".repeat(8000)}`, `A: ${"b".repeat(20_000)}`, `${"A".repeat(8000)}: b`, `${"A".repeat(20_000)}: b`, `A:${" ".repeat(8000)}b`, `A: b${" ".repeat(8000)}`, "__proto__: b", "constructor: b", "toString: b", "A_B: c", "A-B: c", "a-b: c\r\nA-B: d",
  ].map((line) => [shown(line), get(line)]),

  "folded line": [
    "A: b\r\n c", "A: b\r\n\tc", "A: b\r\n  \t c", "A:\r\n b", "A: \r\n b", "A:\r\n\tb", "A:\r\n ", "A: b\r\n ", "A: b\r\n \r\nC: d", "A: b\r\n c: d", "A: b\r\n c\r\n d", "A: b\r\n c\r\n\td\r\n e", "A\r\n : b", "A\r\n: b", "A: b \r\n c", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\r\n , identity", "Transfer-Encoding: gzip,\r\n chunked", "Content-Length:\r\n 3", "Content-Length: 1\r\n 2", "Connection:\r\n close",
    "Host: x\r\n y", "X: y\r\n Transfer-Encoding: chunked", "X: y\r\n\tContent-Length: 3", "Upgrade:\r\n websocket", "Expect:\r\n 100-continue",
  ].flatMap((lines) => [[`GET ${shown(lines)}`, get(lines)], [`POST ${shown(lines)}`, post(lines, "abc")]]),
  "folded behind the request line": [["a blank line of spaces first", `GET / HTTP/1.1\r\n Host: x${end}`], ["a tab first", `GET / HTTP/1.1\r\n\tHost: x${end}`], ["a lone blank", `GET / HTTP/1.1\r\n \r\nHost: x${end}`]],

  "line end": [
    ["LF throughout", "GET / HTTP/1.1\nHost: x\n\n"], ["LF behind the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n"], ["LF behind a header", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"], ["LF for the empty line", "GET / HTTP/1.1\r\nHost: x\r\n\n"], ["LF CR", "GET / HTTP/1.1\n\rHost: x\n\r\n\r"],
    ["CR throughout", "GET / HTTP/1.1\rHost: x\r\r"], ["CR behind the request line", "GET / HTTP/1.1\rHost: x\r\n\r\n"], ["CR behind a header", "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n"], ["CR at the end", "GET / HTTP/1.1\r\nHost: x\r\n\rX"], ["CR CR LF", "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n"], ["CR CR LF behind a header", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n"],
    ["CR in a value", get("A: b\rc")], ["CR before a value", get("A:\rb")], ["CR before the end of a value", get("A: b\r\r")], ["LF in a value", get("A: b\nc")], ["LF in a value, then a header", get("A: b\nTransfer-Encoding: chunked")], ["CR in a name", get("A\rB: c")], ["LF in a name", get("A\nB: c")], ["CR in a target", first("GET /a\rb HTTP/1.1")], ["LF in a target", first("GET /a\nb HTTP/1.1")],
    ["an empty line first", `\r\n${first("GET / HTTP/1.1")}`], ["two empty lines first", `\r\n\r\n${first("GET / HTTP/1.1")}`], ["three empty lines first", `\r\n\r\n\r\n${first("GET / HTTP/1.1")}`], ["twenty empty lines first", `${"\r\n".repeat(20)}${first("GET / HTTP/1.1")}`], ["LF first", `\n${first("GET / HTTP/1.1")}`], ["CR first", `\r${first("GET / HTTP/1.1")}`], ["many LF first", `${"\n".repeat(12)}${first("GET / HTTP/1.1")}`],
    ["a blank first", ` \r\n${first("GET / HTTP/1.1")}`], ["an empty line behind a body", post("Content-Length: 3", "abc\r\n")], ["LF behind a body", post("Content-Length: 3", "abc\n")], ["three empty lines behind a body", post("Content-Length: 3", "abc\r\n\r\n\r\n")], ["vertical tab as line end", "GET / HTTP/1.1\x0bHost: x\r\n\r\n"], ["NEL as line end", "GET / HTTP/1.1\x85Host: x\r\n\r\n"],
  ],

  "length": [
    "3", "0", "00", "03", "003", "+3", "-3", "-0", "3.0", "3e0", "0x3", "3 ", " 3", "3\t", "\t3", "3 3", "3 0", "3,3", "3, 3", "3,4", "3;", "3a", "a3", "a", "", " ", "'3'", "\"3\"", "3\0", "\x003", "३", "²", "3\x0b", "3,", ",3", "18446744073709551615", "18446744073709551616", "18446744073709551619", "99999999999999999999999", "9007199254740993",
  ].map((value) => [shown(value), post(`Content-Length: ${value}`, "abc")]),
  "lengths": [
    ["the same twice", post("Content-Length: 3\r\nContent-Length: 3", "abc")], ["two", post("Content-Length: 3\r\nContent-Length: 4", "abcd")], ["an empty one too", post("Content-Length: 3\r\nContent-Length:", "abc")], ["an empty one first", post("Content-Length:\r\nContent-Length: 3", "abc")], ["in capitals", post("CONTENT-LENGTH: 3", "abc")],
    ["on GET", get("Content-Length: 0")], ["a body on GET", `${get("Content-Length: 3")}abc`], ["a body on HEAD", "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"], ["a body on DELETE", "DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"], ["a body on OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"], ["a body on TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"], ["POST without one", post("A: b")], ["name_with_underscore", post("Content_Length: 3")], ["a blank before the colon", post("Content-Length : 3", "abc")], ["in the name's middle", post("Content-\x00Length: 3", "abc")], ["a body on HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"],
  ],

  "transfer encoding": [
    "chunked", "Chunked", "CHUNKED", "chunked ", " chunked", "\tchunked", "chunked\t", "chunked, ", "chunked,", ",chunked", ", chunked", "chunked;", "chunked;a=b", "chunked a", "chunkeda", "xchunked", "chunke", "chunked chunked", "chunked, chunked", "chunked,chunked", "gzip", "gzip, chunked", "gzip,chunked", "gzip ,chunked", "gzip;q=1, chunked", "chunked, gzip", "identity", "identity, chunked", "chunked, identity", "deflate", "trailers", "", " ", "\"chunked\"", "'chunked'", "chunked\0", "\x0bchunked", "\x0cchunked", "chunked\x0b", "chunkéd", "x-chunked", "chunked\x80", "gzip, , chunked", "gzip chunked", "chunked\r\n\tX", "c\x02hunked",
  ].map((value) => [shown(value), post(`Transfer-Encoding: ${value}`, "3\r\nabc\r\n0\r\n\r\n")]),
  "transfer encodings": [
    ["twice chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"], ["gzip, then chunked", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"], ["chunked, then gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip"], ["chunked, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"], ["identity, then chunked", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"], ["empty, then chunked", "Transfer-Encoding:\r\nTransfer-Encoding: chunked"], ["chunked, then empty", "Transfer-Encoding: chunked\r\nTransfer-Encoding:"],
    ["a length first", "Content-Length: 3\r\nTransfer-Encoding: chunked"], ["a length behind", "Transfer-Encoding: chunked\r\nContent-Length: 3"], ["length 0 first", "Content-Length: 0\r\nTransfer-Encoding: chunked"], ["length 0 behind", "Transfer-Encoding: chunked\r\nContent-Length: 0"], ["a length with identity", "Content-Length: 3\r\nTransfer-Encoding: identity"], ["a length with gzip", "Content-Length: 3\r\nTransfer-Encoding: gzip"], ["a length with empty", "Content-Length: 3\r\nTransfer-Encoding:"], ["empty with a length", "Transfer-Encoding:\r\nContent-Length: 3"],
    ["a blank before the colon", "Transfer-Encoding : chunked"], ["a blank before the name", " Transfer-Encoding: chunked"], ["underscore", "Transfer_Encoding: chunked"], ["in capitals", "TRANSFER-ENCODING: chunked"], ["no blank", "Transfer-Encoding:chunked"], ["Content-Encoding: chunked", "Content-Encoding: chunked"], ["TE", "TE: trailers\r\nTransfer-Encoding: chunked"], ["Connection: Transfer-Encoding", "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked"], ["a NUL in the name", "Transfer-\0Encoding: chunked"],
  ].flatMap(([name, lines]) => [[name, post(lines, "3\r\nabc\r\n0\r\n\r\n")], [`${name}, GET`, `${get(lines)}3\r\nabc\r\n0\r\n\r\n`]]),
  "transfer encoding of HTTP/1.0": [["chunked", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"], ["chunked and kept alive", "POST / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"], ["with a length", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc"]],

  "chunk size": [
    "3", "03", "003", "00000003", "000000003", "0000000000000003", "00000000000000003", `${"0".repeat(40)}3`, "3 ", "3\t", " 3", "\t3", "3  ", "3 ;a", "3; a", "3;", "3;a", "3;a=b", "3;a=\"b\"", "3;a=\"b", "3;a=\"b;c\"", "3;a=\"\\\"\"", "3;a=b;c=d", "3;;", "3;=", "3;a=", "3;=b", "3;a b", "3;a\tb", "3;\"a\"", "3;a=b c", "3;a=\"b\"c", "3;\xff", "3;a=\xff", "3;a=\"\xff\"", "3;a\0", "3;a=\"\0\"", "3;a\x7f", "3;a=\"b\nc\"", "3;a\rb", "3;a\nb", "3;(a)", "3;a=\"\t\"", "3;a=\"\\\xff\"", "3;{", "3;a=\"b\" ", "3;a ", "3;a =b",
    "3 3", "0x3", "x3", "+3", "-3", "3.", "3a", "a", "A", "", " ", "g", "3g", "3h", "3\0", "\x003", "3,", "3:", "3\r", "fffffffffffffffff", "ffffffffffffffff", "10000000000000003", "100000003", "ffffffff",
  ].map((size) => [shown(size), chunked(`${size}\r\nabc\r\n0\r\n\r\n`)]),
  "last chunk": ["0", "00", "0000000000", "0 ", "0\t", " 0", "0 5", "0;a", "0;a=b", "0;", "0 ;a", "-0", "+0", "0x0", "0\0", "0.", "0,"].map((size) => [shown(size), chunked(`3\r\nabc\r\n${size}\r\n\r\n`)]),
  "chunk framing": [
    ["one byte too many", "3\r\nabcd\r\n0\r\n\r\n"], ["one byte too few", "3\r\nab\r\n0\r\n\r\n"], ["LF behind the size", "3\nabc\r\n0\r\n\r\n"], ["CR behind the size", "3\rabc\r\n0\r\n\r\n"], ["LF behind the data", "3\r\nabc\n0\r\n\r\n"], ["CR behind the data", "3\r\nabc\r0\r\n\r\n"], ["nothing behind the data", "3\r\nabc0\r\n\r\n"], ["LF behind the last", "3\r\nabc\r\n0\n\r\n"], ["LF at the end", "3\r\nabc\r\n0\r\n\n"], ["CR at the end", "3\r\nabc\r\n0\r\n\rX"], ["LF LF at the end", "3\r\nabc\r\n0\n\n"], ["an empty line before the size", "\r\n3\r\nabc\r\n0\r\n\r\n"], ["an empty line between chunks", "3\r\nabc\r\n\r\n0\r\n\r\n"], ["no body at all", "0\r\n\r\n"], ["many chunks", `${"1\r\na\r\n".repeat(50)}0\r\n\r\n`], ["bytes above 127", "2\r\n\xff\x00\r\n0\r\n\r\n"], ["CR LF as data", "2\r\n\r\n\r\n0\r\n\r\n"], ["CR CR LF behind the size", "3\r\r\nabc\r\n0\r\n\r\n"], ["two bytes of LF behind the data", "3\r\nabc\n\n0\r\n\r\n"],
    ["a long extension", `3;${"a".repeat(15_000)}\r\nabc\r\n0\r\n\r\n`], ["a longer extension", `3;${"a".repeat(17_000)}\r\nabc\r\n0\r\n\r\n`], ["many extensions", `${`1;${"a".repeat(4000)}\r\na\r\n`.repeat(5)}0\r\n\r\n`],
  ].map(([name, body]) => [name, chunked(body)]),
  "trailer": [
    "A: b", "A:b", "A:", "A", "A : b", ": b", " A: b", "A: b\r\n c", "A: b\r\n\tc", "A: b\nC: d", "A: b\rC: d", "A: b\0", "A: \xff", "Ä: b", "A: b\r\nC: d", "Content-Length: 3", "Content-Length: 0", "Content-Length: a", "content-length: 5\r\nA: b", "A: b\r\nContent-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Host: y", "Connection: close", "Connection: keep-alive", "Connection: upgrade", "Upgrade: websocket", "Expect: 100-continue", "Cookie: a=b", "Trailer: A", "GET / HTTP/1.1", "A b: c", "A: b\x01", "A: b\x7f", "A(: b", "Content-Length : 3", "Content-Length:\r\n 3", `A: ${"b".repeat(15_000)}`, `A: ${"b".repeat(17_000)}`, Array.from({ length: 100 }, (_, i) => `A${i}: b`).join("\r\n"),
  ].map((lines) => [shown(lines), chunked(`3\r\nabc\r\n0\r\n${lines}\r\n\r\n`)]),

  "host": [
    ["none", `GET / HTTP/1.1${end}`], ["none, with a header", `GET / HTTP/1.1\r\nA: b${end}`], ["empty", `GET / HTTP/1.1\r\nHost:${end}`], ["blank", `GET / HTTP/1.1\r\nHost:  ${end}`], ["two", `GET / HTTP/1.1\r\nHost: x\r\nHost: y${end}`], ["the same twice", `GET / HTTP/1.1\r\nHost: x\r\nHost: x${end}`], ["empty first", `GET / HTTP/1.1\r\nHost:\r\nHost: y${end}`], ["two in one", `GET / HTTP/1.1\r\nHost: x, y${end}`], ["a port", `GET / HTTP/1.1\r\nHost: x:80${end}`], ["a path", `GET / HTTP/1.1\r\nHost: x/a${end}`], ["user and password", `GET / HTTP/1.1\r\nHost: u:p@x${end}`], ["IPv6", `GET / HTTP/1.1\r\nHost: [::1]:80${end}`], ["in capitals", `GET / HTTP/1.1\r\nHOST: x${end}`], ["Latin-1", `GET / HTTP/1.1\r\nHost: \xe4${end}`], ["a blank within", `GET / HTTP/1.1\r\nHost: x y${end}`], ["none, HTTP/1.0", `GET / HTTP/1.0${end}`], ["two, HTTP/1.0", `GET / HTTP/1.0\r\nHost: x\r\nHost: y${end}`], ["none, absolute form", `GET http://x/ HTTP/1.1${end}`], ["another than the absolute form's", `GET http://x/ HTTP/1.1\r\nHost: y${end}`], ["last of many", `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(20)}Host: x${end}`], ["none, POST with a body", `POST / HTTP/1.1\r\nContent-Length: 3${end}abc`],
  ],

  "HTTP/1.0": [
    ["alone", `GET / HTTP/1.0${end}`], ["kept alive", `GET / HTTP/1.0\r\nConnection: keep-alive${end}`], ["Keep-Alive", `GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nKeep-Alive: timeout=5${end}`], ["close", `GET / HTTP/1.0\r\nConnection: close${end}`], ["Expect", `POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3${end}abc`], ["Expect something", `GET / HTTP/1.0\r\nExpect: something${end}`], ["POST without a length", `POST / HTTP/1.0${end}`], ["HEAD", `HEAD / HTTP/1.0${end}`], ["Upgrade", `GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket${end}`],
  ],

  "connection": [
    "close", "Close", "CLOSE", "keep-alive", "Keep-Alive", "close, keep-alive", "keep-alive, close", "keep-alive,close", "close,", ",close", "close ", " close", "\tclose", "close\t", "xclose", "closex", "close x", "upgrade", "Upgrade", "close, upgrade", "upgrade, close", "upgrade, keep-alive", "TE", "TE, close", "close;a", "\"close\"", "", " ", ",", "a, b, c, close", "close close", "keep-alive keep-alive", "close\r\nConnection: keep-alive", "keep-alive\r\nConnection: close", "Host", "Transfer-Encoding", "Content-Length", "\x80",
  ].flatMap((value) => [[shown(value), get(`Connection: ${value}`)], [`${shown(value)}, HTTP/1.0`, `GET / HTTP/1.0\r\nConnection: ${value}${end}`]]),
  "proxy connection": [["close", get("Proxy-Connection: close")], ["keep-alive", `GET / HTTP/1.0\r\nProxy-Connection: keep-alive${end}`], ["upgrade", get("Proxy-Connection: upgrade\r\nUpgrade: a")]],

  "upgrade": [
    ["websocket", get("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13")], ["h2c", get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")], ["without Connection", get("Upgrade: websocket")], ["Connection without Upgrade", get("Connection: upgrade")], ["empty", get("Connection: upgrade\r\nUpgrade:")], ["with a body", post("Connection: upgrade\r\nUpgrade: a\r\nContent-Length: 3", "abc")], ["with chunks", post("Connection: upgrade\r\nUpgrade: a\r\nTransfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")], ["two", get("Connection: upgrade\r\nUpgrade: a\r\nUpgrade: b")], ["and close", get("Connection: upgrade, close\r\nUpgrade: a")], ["TLS/1.0", get("Connection: upgrade\r\nUpgrade: TLS/1.0")],
  ],

  "expect": [
    "100-continue", "100-Continue", "100-CONTINUE", " 100-continue", "100-continue ", "100-continue, b", "b, 100-continue", "100-continue\r\nExpect: 100-continue", "100-continue\r\nExpect: b", "b\r\nExpect: 100-continue", "100", "100-continu", "100-continues", "x100-continue", "200-ok", "", " ", "\"100-continue\"", "100-continue;a", "100-continue=b",
  ].flatMap((value) => [[`${shown(value)}, a body`, post(`Expect: ${value}\r\nContent-Length: 3`, "abc")], [`${shown(value)}, none`, get(`Expect: ${value}`)]]),
  "expect with chunks": [["100-continue", post("Expect: 100-continue\r\nTransfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")], ["something", post("Expect: b\r\nTransfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")]],

  "repeated line": [
    "Cookie", "X-A", "Accept", "Authorization", "Content-Type", "User-Agent", "Referer", "Origin", "If-None-Match", "If-Modified-Since", "If-Match", "X-Forwarded-For", "X-Medusa-Access-Token", "Access-Control-Request-Headers", "Idempotency-Key", "Set-Cookie", "Age", "ETag", "Expires", "From", "If-Unmodified-Since", "Last-Modified", "Location", "Max-Forwards", "Proxy-Authorization", "Retry-After", "Server", "Date", "Vary", "Range", "Cache-Control", "Accept-Encoding",
  ].map((name) => [name, get(`${name}: a\r\n${name.toLowerCase()}: b\r\n${name.toUpperCase()}:`)]),
  "blanks around a value": ["X-Medusa-Access-Token", "X-Publishable-Api-Key", "Authorization", "Cookie", "Origin", "Content-Type", "Accept", "User-Agent", "Host2", "Idempotency-Key"].flatMap((name) => [" a", "a ", "  a  ", "\ta\t", " \t a b \t ", "a\t \t", "\t"].map((value) => [`${name}:${shown(value)}`, get(`${name}:${value}`)])),

  "size": [
    ["many headers", get(Array.from({ length: 200 }, (_, i) => `A${i}: b`).join("\r\n"))], ["300 headers", get(Array.from({ length: 300 }, (_, i) => `A${i}: b`).join("\r\n"))], ["1,000 headers", get(Array.from({ length: 1000 }, (_, i) => `A${i}: b`).join("\r\n"))], ["2,100 headers", get(Array.from({ length: 2100 }, () => "A:").join("\r\n"))], ["a head of 15 kB", get(`A: ${"b".repeat(15_000)}`)], ["a head of 17 kB", get(`A: ${"b".repeat(17_000)}`)], ["a head of 17 kB in lines", get(Array.from({ length: 170 }, (_, i) => `A${i}: ${"b".repeat(94)}`).join("\r\n"))], ["a head of 17 kB without end", `GET / HTTP/1.1\r\nA: ${"b".repeat(17_000)}`], ["a target of 17 kB without end", `GET /${"a".repeat(17_000)}`], ["a method of 17 kB", "A".repeat(17_000)],
  ],

  "pipeline": [
    ["two", `${first("GET /1 HTTP/1.1")}${first("GET /2 HTTP/1.1")}`], ["ten", Array.from({ length: 10 }, (_, i) => first(`GET /${i} HTTP/1.1`)).join("")], ["a body, then another", `${post("Content-Length: 3", "abc")}${first("GET /2 HTTP/1.1")}`], ["chunks, then another", `${chunked("3\r\nabc\r\n0\r\n\r\n")}${first("GET /2 HTTP/1.1")}`], ["close, then another", `${get("Connection: close")}${first("GET /2 HTTP/1.1")}`], ["a good one, then nonsense", `${first("GET /1 HTTP/1.1")}nonsense${end}`], ["a good one, then none with a host", `${first("GET /1 HTTP/1.1")}GET /2 HTTP/1.1${end}`], ["nonsense, then a good one", `nonsense${end}${first("GET /2 HTTP/1.1")}`], ["more body than told", post("Content-Length: 3", "abcdef")], ["less body than told", post("Content-Length: 2000", "abc")], ["more chunks than told", chunked("3\r\nabc\r\n0\r\n\r\n3\r\nabc\r\n0\r\n\r\n")], ["HTTP/1.0 between", `${first("GET /1 HTTP/1.1")}GET /2 HTTP/1.0${end}${first("GET /3 HTTP/1.1")}`], ["HEAD, then GET", `${first("HEAD /1 HTTP/1.1")}${first("GET /2 HTTP/1.1")}`], ["an upgrade, then another", `${get("Connection: upgrade\r\nUpgrade: a")}${first("GET /2 HTTP/1.1")}`], ["Expect, then another", `${post("Expect: 100-continue\r\nContent-Length: 3", "abc")}${first("GET /2 HTTP/1.1")}`], ["a smuggled request in chunks", chunked(`0\r\n\r\n${first("GET /smuggled HTTP/1.1")}`)], ["a request as the body of another", post("Content-Length: 30", first("GET /inner HTTP/1.1"))],
  ],

  "not HTTP": [
    ["TLS", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"], ["HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], ["SSH", "SSH-2.0-OpenSSH_9.2\r\n"], ["SMTP", "EHLO x\r\n"], ["proxy protocol", `PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n${first("GET / HTTP/1.1")}`], ["NULs", "\0".repeat(100)], ["BOM", `\xef\xbb\xbf${first("GET / HTTP/1.1")}`], ["binary", String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))], ["JSON", "{\"a\": 1}"], ["redis", "*1\r\n$4\r\nPING\r\n"], ["RTSP", "OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"], ["ICE", "SOURCE /a ICE/1.0\r\n\r\n"],
  ],
};

export const requests = Object.entries(kinds).flatMap(([kind, cases]) => cases.map(([name, bytes]) => ({ name: `${kind}: ${name}`, bytes })));
