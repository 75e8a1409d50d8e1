SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.relname AS name, quote_ident(c.relname) AS quoted,
       format('%I.%I', n.nspname, c.relname) AS identity,
       quote_ident(s.srvname) AS server, @foreign_options:f.ftoptions@ AS options,
       CASE WHEN c.relispartition THEN i.parents END AS partition_of,
       CASE WHEN NOT c.relispartition THEN i.parents END AS parents
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_table f ON f.ftrelid = c.oid
  JOIN pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN (@inheritance@) i ON i.inhrelid = c.oid
 WHERE @user_schema@
