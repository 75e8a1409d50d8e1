SELECT 'pg_statistic_ext'::regclass::oid AS class_id, s.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, s.stxrelid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, s.stxname AS name, quote_ident(s.stxname) AS quoted,
       format('%I.%I', n.nspname, s.stxname) AS identity,
       -- Its columns in the order of their names, for they have no other that means something.
       coalesce(replace(pg_get_statisticsobjdef(s.oid), ' ON ' || k.by_place, ' ON ' || k.by_name),
                pg_get_statisticsobjdef(s.oid)) AS definition,
       nullif(s.stxstattarget, -1) AS target
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 CROSS JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS by_place,
                            string_agg(quote_ident(a.attname), ', '
                                       ORDER BY a.attname COLLATE "C") AS by_name
                       FROM pg_attribute a
                      WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) k
 WHERE @user_schema@
