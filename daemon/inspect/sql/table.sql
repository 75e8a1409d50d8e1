SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.relname AS name, quote_ident(c.relname) AS quoted,
       format('%I.%I', n.nspname, c.relname) AS identity,
       CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END AS persistence,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN i.parents END AS partition_of,
       CASE WHEN NOT c.relispartition THEN i.parents END AS parents,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
       (SELECT string_agg(format('%s=%L', quote_ident(split_part(r, '=', 1)),
                                 substr(r, strpos(r, '=') + 1)), ', ' ORDER BY r COLLATE "C")
          FROM unnest(c.reloptions) r
         WHERE split_part(r, '=', 1) <> 'user_catalog_table') AS options,
       CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS access_method,
       quote_ident(ts.spcname) AS tablespace,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,
       CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
                           WHEN 'i' THEN 'INDEX' END AS replica_identity
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (@inheritance@) i ON i.inhrelid = c.oid
  LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
 WHERE c.relkind IN ('r', 'p') AND @user_schema@
