SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, a.attnum AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, a.attname AS name, quote_ident(a.attname) AS quoted,
       NULL AS identity,
       a.attnum AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation THEN @collation:a.attcollation@ END AS collation,
       CASE WHEN a.attstorage <> t.typstorage THEN @storage:a.attstorage@ END AS storage,
       @storage:t.typstorage@ AS type_storage,
       @compression@ AS compression,
       nullif(a.attstattarget, -1) AS statistics,
       @column_option:n_distinct@ AS n_distinct,
       @column_option:n_distinct_inherited@ AS n_distinct_inherited
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relkind IN ('v', 'm') AND @user_schema@
