// Webshipper's API (JSON:API, version 2) as its plugin sees it: rates, orders, drop points, and shipments of which it tells the shop.
import { createHmac } from "node:crypto";
import { newId, openDouble, Refused } from "./double.mjs";

export const webshipperKeys = { account: "double", token: "webshipper-double", webhook: "webshipper-hooks" };

export async function openWebshipper() {
  const rates = new Map([["1", { name: "Parcel", require_drop_point: false, carrier_id: 7, is_return: false }], ["2", { name: "Parcel shop", require_drop_point: true, carrier_id: 7, is_return: false }]]
    .map(([id, attributes]) => [id, { id, type: "shipping_rates", attributes }]));
  const orders = new Map(), shipments = [];
  const found = (map, id) => map.get(id) ?? (() => { throw new Refused(404, { errors: [{ status: "404", title: "Record not found" }] }); })();
  const related = (id, name) => ({ links: { related: `https://${webshipperKeys.account}.api.webshipper.io/v2/orders/${id}/${name}` } });
  const double = await openDouble({
    "GET /v2/shipping_rates": () => ({ data: [...rates.values()] }),
    "GET /v2/shipping_rates/:id": ({ params }) => ({ data: found(rates, params.id) }),
    "POST /v2/orders": ({ body }) => {
      const id = newId("ws");
      const order = { id, type: "orders", attributes: { status: "pending", ...body.data.attributes }, relationships: { ...body.data.relationships, documents: related(id, "documents"), labels: related(id, "labels") } };
      orders.set(id, order);
      return { data: order };
    },
    "GET /v2/orders/:id": ({ params }) => ({ data: found(orders, params.id) }),
    "PATCH /v2/orders/:id": ({ params, body }) => { const order = found(orders, params.id); Object.assign(order.attributes, body.data.attributes); return { data: order }; },
    "GET /v2/orders/:id/:documents": ({ params }) => ({ data: [{ id: "1", type: "documents", attributes: { document_type: params.documents, base64: "JVBERi0=" } }] }),
    "POST /v2/shipments": ({ body }) => { const shipment = { id: newId("shipment"), ...body.data }; shipments.push(shipment); return { data: shipment }; },
    "POST /v2/drop_point_locators": ({ body }) => ({ data: { attributes: { drop_points: [{ drop_point_id: "dp_1", name: "Kiosk", zip: body.data.attributes.delivery_address.zip }] } } }),
  }, { before: ({ headers }) => { if (headers.authorization !== `Bearer ${webshipperKeys.token}`) throw new Refused(401, { errors: [{ status: "401", title: "Unauthorized" }] }); } });
  return {
    ...double, hosts: ["*.api.webshipper.io"], orders, shipments,
    // Webshipper's message that an order's parcel is on its way.
    notify(base, order, { number = "TRACK-1", secret = webshipperKeys.webhook } = {}) {
      const body = JSON.stringify({ data: { id: "9", type: "shipments", attributes: { tracking_links: [{ url: `https://track.test/${number}`, number }] }, relationships: { order: { links: { related: `https://${webshipperKeys.account}.api.webshipper.io/v2/orders/${order}` } } } } });
      const mark = createHmac("sha256", secret).update(body).digest("base64");
      return fetch(`${base}/webshipper/shipments`, { method: "POST", body, headers: { "content-type": "application/vnd.api+json", "x-webshipper-hmac-sha256": mark } });
    },
  };
}
