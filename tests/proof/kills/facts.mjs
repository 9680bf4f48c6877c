// What a way has written, as lines that two runs of the same way have alike: every row that came or changed since the run began, without
// its ids and times. Stock is told as what was taken since then. `sql` asks the shop's database.

// Not of the shop: what the server keeps for itself, and events on their way out (a trigger keeps what was told).
const hidden = ["staged_job", "idempotency_key", "payment_provider", "fulfillment_provider"];

const mask = (text) => text
  .replace(/\b([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}\b/g, "<$1>")
  .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g, "<uuid>")
  .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d*)?/g, "<time>");

export async function facts(sql) {
  const tables = (await sql(`select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'
    and c.relname not like 'stheno%' and c.relname <> all('{${hidden}}') order by 1`)).map(([name]) => name);
  const rowsSince = (since) => sql(tables.map((name) => `select '${name}', (to_jsonb(r) - 'display_id')::text from "${name}" r where r.xmin::text::bigint >= ${since}`).join(" union all "));
  const ofLevels = tables.includes("inventory_level") ? "union all select id, stocked_quantity, reserved_quantity from inventory_level" : "";
  const stock = async () => new Map((await sql(`select id, inventory_quantity, null from product_variant ${ofLevels}`)).map(([id, ...amounts]) => [id, amounts.map(Number)]));
  return {
    // Where a run begins.
    async begin() {
      const before = await stock();
      const [[since]] = await sql("select pg_current_xact_id()::text::bigint + 1");
      return {
        since,
        async lines() {
          return (await rowsSince(since)).map(([table, ...text]) => {
            const row = JSON.parse(text.join("|"));
            const [quantity, reserved] = before.get(row.id) ?? [];
            if (table === "product_variant") row.inventory_quantity -= quantity;
            if (table === "inventory_level") { row.stocked_quantity -= quantity; row.reserved_quantity -= reserved; }
            return mask(`${table} ${JSON.stringify(row)}`);
          }).sort();
        },
        // The one row of that table that the run has made.
        async made(table) {
          const found = await sql(`select id from "${table}" where xmin::text::bigint >= ${since}`);
          if (found.length !== 1) throw new Error(`${found.length} rows of ${table}`);
          return found[0][0];
        },
      };
    },
  };
}

// The lines of each that the other lacks.
export function difference(before, after) {
  const left = new Map();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  const more = [];
  for (const line of after) { if (left.get(line)) left.set(line, left.get(line) - 1); else more.push(line); }
  return { less: [...left].flatMap(([line, count]) => Array(count).fill(line)), more };
}

// What must hold of all rows, whatever happened: [sentence, a query that finds what breaks it].
export const rules = [
  ["an order's refunds are what its payments have given back", `select o.id from "order" o where (select coalesce(sum(amount_refunded), 0) from payment where order_id = o.id) <> (select coalesce(sum(amount), 0) from refund where order_id = o.id)`],
  ["a payment gives back no more than it has taken", "select id from payment where amount_refunded > case when captured_at is null then 0 else amount end"],
  ["a payment is taken or called off, not both", "select id from payment where captured_at is not null and canceled_at is not null"],
  ["an order that is refunded has given all back", `select o.id from "order" o where payment_status = 'refunded' and (select sum(amount - amount_refunded) from payment where order_id = o.id) <> 0`],
  ["an order that has refunded a part has given a part back", `select o.id from "order" o where payment_status = 'partially_refunded' and not exists (select 1 from payment where order_id = o.id and amount_refunded > 0)`],
  ["an order that is captured has its money", `select o.id from "order" o where payment_status = 'captured' and exists (select 1 from payment where order_id = o.id and captured_at is null and swap_id is null and cart_id = o.cart_id)`],
  ["a canceled order has no payment left", `select o.id from "order" o join payment p on p.order_id = o.id where o.canceled_at is not null and p.canceled_at is null`],
  ["no unit is packed, shipped or returned that there is not", "select id from line_item where greatest(fulfilled_quantity, shipped_quantity, returned_quantity) > quantity"],
  ["a return that is received says when", "select id from return where (status in ('received', 'requires_action')) <> (received_at is not null)"],
  ["a swap whose difference is taken has a payment that is taken", "select s.id from swap s left join payment p on p.swap_id = s.id where s.payment_status = 'captured' and p.captured_at is null"],
  ["a swap whose difference went back has given it back", `select s.id from swap s where s.payment_status = 'difference_refunded' and -s.difference_due > (select coalesce(sum(amount), 0) from refund r where r.order_id = s.order_id and r.reason = 'swap')`],
  ["a claim that is refunded has given its money back", "select c.id from claim_order c where c.payment_status = 'refunded' and c.refund_amount > (select coalesce(sum(amount), 0) from refund r where r.order_id = c.order_id and r.reason = 'claim')"],
  ["an edit ends once", "select id from order_edit where num_nonnulls(confirmed_at, declined_at, canceled_at) > 1"],
  ["a draft that is done has its order", "select id from draft_order where (status = 'completed') <> (order_id is not null)"],
  ["a cart has one order", `select cart_id from "order" group by cart_id having count(*) > 1`],
];
export const rulesOfLevels = [
  ["a level counts what is reserved", "select l.id from inventory_level l where l.deleted_at is null and l.reserved_quantity <> (select coalesce(sum(r.quantity), 0) from reservation_item r where r.inventory_item_id = l.inventory_item_id and r.location_id = l.location_id and r.deleted_at is null)"],
];
export async function broken(sql, which) {
  const found = await sql(which.map(([sentence, query]) => `select '${sentence.replaceAll("'", "''")}', id from (${query}) as found (id)`).join(" union all "));
  return found.map(([sentence, id]) => `not true that ${sentence}: ${id}`);
}
// The bank's books and the rows of its payments say the same.
export async function disagreements(sql, bank) {
  const wrong = [];
  const known = new Set();
  for (const [id, captured, refunded, canceled] of await sql("select id, case when captured_at is null then 0 else amount end, amount_refunded, canceled_at is not null from payment where provider_id = 'scripted'")) {
    known.add(id);
    const rows = [Number(captured), Number(refunded), canceled === "t"], books = [bank.captured.get(id) ?? 0, bank.refunded.get(id) ?? 0, bank.canceled.has(id)];
    if (String(rows) !== String(books)) wrong.push(`${id}: captured, refunded, canceled are ${rows} in the shop and ${books} at the bank`);
  }
  for (const book of [bank.captured, bank.refunded, bank.canceled]) for (const id of book.keys()) if (!known.has(id)) wrong.push(`${id}: the bank knows a payment that the shop doesn't`);
  const parcels = new Set((await sql("select id from fulfillment where provider_id = 'carrier' and canceled_at is null")).map(([id]) => id));
  for (const [id, state] of bank.parcels) if ((state === "announced") !== parcels.has(id)) wrong.push(`${id}: the carrier's parcel is ${state}, the shop ${parcels.has(id) ? "has" : "lacks"} it`);
  return wrong;
}
