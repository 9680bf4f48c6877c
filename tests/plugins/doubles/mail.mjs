// Services that send mail and messages, as their clients see them: SendGrid, Resend, Slack's hooks, Segment's collector. They keep what they were given.
import { newId, openDouble, raw, Refused } from "./double.mjs";

export const mailKeys = { sendgrid: "SG.double", resend: "re_double", segment: "segment-double" };
const need = (wanted) => ({ headers }) => { if (headers.authorization !== wanted) throw new Refused(401, { message: "unknown key" }); };

export async function openSendgrid() {
  const mails = [];
  const double = await openDouble({ "POST /v3/mail/send": ({ body }) => { mails.push(body); return raw({ status: 202, headers: { "x-message-id": newId("mail") } }); } }, { before: need(`Bearer ${mailKeys.sendgrid}`) });
  return { ...double, hosts: ["api.sendgrid.com"], mails };
}

export async function openResend() {
  const mails = [];
  const double = await openDouble({ "POST /email": ({ body }) => { mails.push(body); return { id: newId("mail") }; } }, { before: need(`Bearer ${mailKeys.resend}`) });
  return { ...double, hosts: ["api.resend.com"], mails };
}

export async function openSlack() {
  const messages = [];
  const double = await openDouble({ "POST /services/:team/:channel/:secret": ({ body }) => { messages.push(body); return raw({ headers: { "content-type": "text/html" }, bytes: Buffer.from("ok") }); } });
  return { ...double, hosts: ["hooks.slack.com"], messages };
}

export async function openSegment() {
  const calls = [];
  const double = await openDouble({ "POST /v1/batch": ({ body }) => { calls.push(...body.batch); return { success: true }; } },
    { before: need(`Basic ${Buffer.from(`${mailKeys.segment}:`).toString("base64")}`) });
  return { ...double, hosts: ["api.segment.io"], calls };
}
