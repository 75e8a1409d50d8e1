SELECT 'pg_statistic_ext'::regclass::oid AS class_id, s.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, s.stxrelid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, s.stxname AS name, quote_ident(s.stxname) AS quoted,
       format('%I.%I', n.nspname, s.stxname) AS identity,
       pg_get_statisticsobjdef(s.oid) AS definition,
       nullif(s.stxstattarget, -1) AS target
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE @user_schema@
