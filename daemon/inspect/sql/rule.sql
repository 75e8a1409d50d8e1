SELECT 'pg_rewrite'::regclass::oid AS class_id, r.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, r.rulename AS name, quote_ident(r.rulename) AS quoted,
       NULL AS identity,
       rtrim(pg_get_ruledef(r.oid), ';') AS definition,
       @enabled:r.ev_enabled@ AS enabled
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND @user_schema@
