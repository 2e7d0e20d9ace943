#pragma once

namespace muster::profile {

/// A query of PostgreSQL's catalogue: one row `type name: definition` for everything that
/// migrations make. Columns are sorted by name, as their order is lost when one is dropped and
/// added again.
inline constexpr const char* postgres_schema_query = R"sql(
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_(toast|temp)'
), relations AS (
  SELECT c.oid, c.relkind, format('%s.%s', s.nspname, c.relname) AS name
  FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
)
SELECT format('schema %s: ', nspname) FROM spaces
UNION ALL
SELECT format('%s %s: %s', CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                           WHEN 'c' THEN 'type' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
              r.name,
              string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                                   CASE WHEN a.attnotnull THEN 'not null' END,
                                   'identity ' || nullif(a.attidentity::text, ''),
                                   'generated ' || nullif(a.attgenerated::text, ''),
                                   'default ' || pg_get_expr(d.adbin, d.adrelid)),
                         ', ' ORDER BY a.attname))
FROM relations r
LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') GROUP BY r.oid, r.relkind, r.name
UNION ALL
SELECT format('definition of %s: %s', name, pg_get_viewdef(oid))
FROM relations WHERE relkind IN ('v', 'm')
UNION ALL
SELECT format('index %s: %s', r.name, pg_get_indexdef(r.oid))
FROM relations r WHERE relkind IN ('i', 'I')
UNION ALL
SELECT format('sequence %s: %s %s %s %s', r.name, s.seqtypid::regtype, s.seqincrement, s.seqmin,
              s.seqmax)
FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid
UNION ALL
SELECT format('constraint %s of %s: %s', k.conname, coalesce(r.name, k.contypid::regtype::text),
              pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN spaces s ON s.oid = k.connamespace
LEFT JOIN relations r ON r.oid = k.conrelid
UNION ALL
SELECT format('trigger %s of %s: %s', t.tgname, r.name, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('policy %s of %s: %s %s %s', p.polname, r.name, p.polcmd,
              pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT format('function %s.%s(%s): %s %s %s', s.nspname, p.proname,
              pg_get_function_identity_arguments(p.oid), p.prokind,
              pg_get_function_result(p.oid), md5(p.prosrc))
FROM pg_proc p JOIN spaces s ON s.oid = p.pronamespace
UNION ALL
SELECT format('type %s.%s: enum %s', s.nspname, t.typname,
              (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
               FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t JOIN spaces s ON s.oid = t.typnamespace WHERE t.typtype = 'e'
UNION ALL
SELECT format('domain %s.%s: %s %s', s.nspname, t.typname,
              format_type(t.typbasetype, t.typtypmod), t.typdefault)
FROM pg_type t JOIN spaces s ON s.oid = t.typnamespace WHERE t.typtype = 'd'
UNION ALL
SELECT format('extension %s: ', extname) FROM pg_extension
UNION ALL
SELECT format('event trigger %s: %s %s', evtname, evtevent, evtfoid::regproc) FROM pg_event_trigger
)sql";

}  // namespace muster::profile
