// What a database's schema is, as lines that can be compared: columns, keys, indexes, enums, and what else hangs on
// tables. What carries the prefix "stheno_" is this server's own and left out.
import { sql } from "./services.mjs";

// Each row: the table (or ""), and one fact about it.
const facts = `
select t, fact from (
  select 1 part, c.relname t, a.attnum::int n, '' k, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end, 'default ' || replace(pg_get_expr(d.adbin, d.adrelid), E'\\n', ' '),
      nullif(a.attidentity::text || a.attgenerated::text, '')) fact
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p', 'm')
  union all
  select 2, t.relname, 0, k.conname, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    from pg_constraint k join pg_class t on t.oid = k.conrelid where t.relnamespace = 'public'::regnamespace
  union all
  select 3, t.relname, 0, i.relname, case when x.indisunique then 'unique index ' else 'index ' end || i.relname || regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING btree', '')
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint k where k.conindid = i.oid)
  union all
  select 4, t.relname, 0, g.tgname, 'trigger ' || g.tgname || ' ' || pg_get_triggerdef(g.oid)
    from pg_trigger g join pg_class t on t.oid = g.tgrelid where t.relnamespace = 'public'::regnamespace and not g.tgisinternal
  union all
  select 5, '', 0, t.typname, 'enum ' || t.typname || ': ' || string_agg(e.enumlabel, ', ' order by e.enumsortorder)
    from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.typname
  union all
  select 6, '', 0, s.relname, concat_ws(' ', 'sequence', s.relname, 'start', q.seqstart, 'increment', q.seqincrement, 'owned by ' ||
      (select d.refobjid::regclass::text || '.' || a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.objid = s.oid and d.deptype in ('a', 'i') limit 1))
    from pg_class s join pg_sequence q on q.seqrelid = s.oid where s.relnamespace = 'public'::regnamespace
  union all
  select 7, '', 0, p.proname, 'function ' || p.proname
    from pg_proc p where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all
  select 8, '', 0, extname, 'extension ' || extname from pg_extension where extname <> 'plpgsql'
) all_facts where t !~ '^stheno_' and k !~ '^stheno_' order by t, part, n, k collate "C"`;

const shorter = [[/character varying/g, "varchar"], [/timestamp with time zone/g, "timestamptz"], [/timestamp without time zone/g, "timestamp"]];

// A map from a table ("" for what belongs to none) to its facts, in one order for all databases; and the rows of `migrations`.
export async function schemaOf(database) {
  const tables = new Map();
  for (const [table, ...rest] of await sql(database, facts)) {
    if (!tables.has(table)) tables.set(table, []);
    tables.get(table).push(shorter.reduce((text, [from, to]) => text.replace(from, to), rest.join("|")));
  }
  tables.set("migrations rows", (await sql(database, 'select "timestamp" || \' \' || name from migrations order by id')).map(([row]) => row));
  return tables;
}

// The lines by which the second differs from the first, as "table: + fact" and "table: - fact". The order of a table's columns depends on
// when its flags were turned on, with the real one too; that of the migrations counts.
export function schemaDifferences(expected, actual) {
  const found = [];
  for (const table of new Set([...expected.keys(), ...actual.keys()])) {
    const wanted = expected.get(table) ?? [], present = actual.get(table) ?? [];
    const lines = [...wanted.filter((fact) => !present.includes(fact)).map((fact) => `- ${fact}`), ...present.filter((fact) => !wanted.includes(fact)).map((fact) => `+ ${fact}`)];
    if (!lines.length && table === "migrations rows" && wanted.join() !== present.join()) lines.push(`another order: ${present.join(", ")}`);
    found.push(...lines.map((line) => `${table || "everywhere"}: ${line}`));
  }
  return found;
}
