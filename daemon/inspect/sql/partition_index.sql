-- Copies on partitions of a partitioned table's indexes, as far as they have something of their own.
-- Its key is made up: no column of an index has this number.
SELECT 'pg_class'::regclass::oid AS class_id, x.oid AS object_id, -1 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, x.indrelid AS parent_id, 0 AS parent_sub,
       x.nspname AS schema, x.relname AS name, quote_ident(x.relname) AS quoted,
       format('%I.%I', x.nspname, x.relname) AS identity,
       x.options, x.tablespace, x.statistics, x.comment, x.is_clustered, x.is_replica_identity,
       x.parent_options, x.parent_tablespace
  FROM (SELECT i.oid, d.indrelid, n.nspname, i.relname,
               CASE WHEN i.reloptions IS DISTINCT FROM p.reloptions
                    THEN coalesce(@options:i.reloptions@, '') END AS options,
               CASE WHEN i.reltablespace <> p.reltablespace
                    THEN coalesce(quote_ident(s.spcname), 'pg_default') END AS tablespace,
               @index_statistics:i.oid@ AS statistics,
               obj_description(i.oid, 'pg_class') AS comment,
               nullif(d.indisclustered, false) AS is_clustered,
               nullif(d.indisreplident, false) AS is_replica_identity,
               @options:p.reloptions@ AS parent_options,
               quote_ident(ps.spcname) AS parent_tablespace
          FROM pg_inherits h
          JOIN pg_class i ON i.oid = h.inhrelid AND i.relkind IN ('i', 'I')
          JOIN pg_class p ON p.oid = h.inhparent
          JOIN pg_index d ON d.indexrelid = i.oid
          JOIN pg_namespace n ON n.oid = i.relnamespace
          LEFT JOIN pg_tablespace s ON s.oid = i.reltablespace
          LEFT JOIN pg_tablespace ps ON ps.oid = p.reltablespace
         WHERE @user_schema@) x
 WHERE coalesce(x.options, x.tablespace, x.statistics, x.comment) IS NOT NULL
    OR x.is_clustered OR x.is_replica_identity
