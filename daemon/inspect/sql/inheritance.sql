-- From whom a table inherits that is no partition. Its key is that of partition.sql.
SELECT 'pg_inherits'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.relname AS name, quote_ident(c.relname) AS quoted,
       format('%I.%I', n.nspname, c.relname) AS identity,
       i.parents
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN (@inheritance@) i ON i.inhrelid = c.oid
 WHERE NOT c.relispartition AND c.relkind IN ('r', 'f') AND @user_schema@
