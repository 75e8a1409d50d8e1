SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.relname AS name, quote_ident(c.relname) AS quoted,
       format('%I.%I', n.nspname, c.relname) AS identity,
       rtrim(pg_get_viewdef(c.oid), ';') AS definition,
       @table_options@ AS options,
       CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS access_method,
       quote_ident(ts.spcname) AS tablespace,
       c.relispopulated AS is_populated
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
 WHERE c.relkind = 'm' AND @user_schema@
