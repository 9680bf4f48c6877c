// A server that answers what a test says, and notes what it was asked.
import http from "node:http";

// `answers(request, response)`; { base, asked: [[method, url, headers]], stop() }.
export async function standingIn(answers) {
  const asked = [];
  const server = http.createServer((request, response) => { asked.push([request.method, request.url, request.headers]); answers(request, response); }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return { base: `http://127.0.0.1:${server.address().port}`, asked, stop: () => { server.closeAllConnections(); server.close(); } };
}
// For as long as `body` runs.
export async function standIn(answers, body) {
  const { base, asked, stop } = await standingIn(answers);
  try { return await body(base, asked); } finally { stop(); }
}
export const json = (response, value, status = 200) => { response.writeHead(status, { "content-type": "application/json; charset=utf-8" }); response.end(JSON.stringify(value)); };
