-- Their place is the table's: nothing needs them.
SELECT NULL::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       NULL AS schema, o.name AS name, o.name AS quoted, NULL AS identity,
       o.options
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
 CROSS JOIN LATERAL (
       SELECT 'toast' AS name,
              (SELECT string_agg(format('toast.%s=%L', quote_ident(split_part(r, '=', 1)),
                                        substr(r, strpos(r, '=') + 1)), ', ' ORDER BY r COLLATE "C")
                 FROM unnest(t.reloptions) r) AS options
       UNION ALL
       SELECT 'user_catalog_table',
              (SELECT format('%s=%L', split_part(r, '=', 1), substr(r, strpos(r, '=') + 1))
                 FROM unnest(c.reloptions) r WHERE split_part(r, '=', 1) = 'user_catalog_table')) o
 WHERE c.relkind = 'r' AND o.options IS NOT NULL AND @user_schema@
