SELECT 'pg_class'::regclass::oid AS class_id, i.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, i.relname AS name, quote_ident(i.relname) AS quoted,
       format('%I.%I', n.nspname, i.relname) AS identity,
       x.indisunique AS is_unique,
       -- From the method on, without the storage parameters.
       replace(substr(pg_get_indexdef(i.oid),
                      length(format('CREATE %sINDEX %I ON %s%I.%I USING ',
                                    CASE WHEN x.indisunique THEN 'UNIQUE ' END, i.relname,
                                    CASE WHEN i.relkind = 'I' THEN 'ONLY ' END,
                                    n.nspname, c.relname)) + 1),
               coalesce(@with_options:i.reloptions@, ' WITH ()'), '') AS definition,
       @options:i.reloptions@ AS options,
       quote_ident(ts.spcname) AS tablespace,
       CASE WHEN x.indexprs IS NOT NULL THEN @index_statistics:i.oid@ END AS statistics,
       nullif(x.indisclustered, false) AS is_clustered,
       nullif(x.indisreplident, false) AS is_replica_identity,
       -- A partitioned table's is what its copies are.
       x.indisvalid OR i.relkind = 'I' AS is_valid,
       @missing_names:x.indrelid,i@ AS missing_on
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace ts ON ts.oid = i.reltablespace
 WHERE NOT i.relispartition AND @user_schema@
   AND NOT EXISTS (SELECT FROM pg_constraint k
                    WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
