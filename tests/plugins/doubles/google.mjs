// Google's login (OAuth 2): a page on which somebody agrees, the exchange of the code, and who it is.
import { newId, openDouble, Refused } from "./double.mjs";

export const googleKeys = { id: "google-client", secret: "google-double" };

export async function openGoogle() {
  const codes = new Map(), tokens = new Map();
  const exchange = ({ body }) => {
    const person = codes.get(body.code);
    codes.delete(body.code);
    if (!person || body.client_id !== googleKeys.id || body.client_secret !== googleKeys.secret) throw new Refused(400, { error: "invalid_grant" });
    const token = newId("token");
    tokens.set(token, person);
    return { access_token: token, token_type: "Bearer", expires_in: 3600 };
  };
  const profile = ({ headers, query }) => {
    const person = tokens.get(query.get("access_token") ?? headers.authorization?.replace(/^Bearer /, ""));
    if (!person) throw new Refused(401, { error: "invalid_token" });
    return { sub: person.email, name: `${person.first} ${person.last}`, given_name: person.first, family_name: person.last, email: person.email, email_verified: true };
  };
  const double = await openDouble({
    "POST /token": exchange, "POST /oauth2/v4/token": exchange, "POST /o/oauth2/token": exchange,
    "GET /oauth2/v3/userinfo": profile, "GET /oauth2/v1/userinfo": profile, "GET /v1/userinfo": profile, "GET /oauth2/v2/userinfo": profile,
  });
  return {
    ...double, hosts: ["oauth2.googleapis.com", "www.googleapis.com", "accounts.google.com", "openidconnect.googleapis.com"],
    // Somebody agrees on the page to which the shop has sent them: the code that they come back with.
    agree(address, person) {
      const url = new URL(address);
      if (url.searchParams.get("client_id") !== googleKeys.id) throw new Error(`not sent by the shop: ${address}`);
      const code = newId("code");
      codes.set(code, person);
      return code;
    },
  };
}
