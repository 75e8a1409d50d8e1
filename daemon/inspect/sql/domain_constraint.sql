SELECT 'pg_constraint'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       'pg_type'::regclass::oid AS parent_class, t.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.conname AS name, quote_ident(c.conname) AS quoted,
       NULL AS identity,
       regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition,
       c.convalidated AS is_valid
  FROM pg_constraint c
  JOIN pg_type t ON t.oid = c.contypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE c.contypid <> 0 AND c.contype = 'c' AND @user_schema@
