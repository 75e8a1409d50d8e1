-- Copies on partitions of a partitioned table's indexes, also of its keys'. Made up are the key (no
-- column of an index has this number) and the name that the server chooses when nobody does.
SELECT 'pg_class'::regclass::oid AS class_id, x.oid AS object_id, -1 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, x.indrelid AS parent_id, 0 AS parent_sub,
       x.nspname AS schema, x.relname AS name, quote_ident(x.relname) AS quoted,
       format('%s on %s', x.copy_of, x.relation) AS identity,
       x.copy_of, format('%I.%I', x.nspname, x.relname) AS index,
       CASE WHEN octet_length(x.usual_name) <= 63 THEN x.usual_name END AS usual_name,
       x.type, x.indisunique AS is_unique,
       CASE WHEN x.constraint IS NOT NULL
            THEN regexp_replace(pg_get_constraintdef(x.constraint),
                                '( DEFERRABLE)?( INITIALLY DEFERRED)?$', '')
            ELSE replace(substr(pg_get_indexdef(x.oid),
                                length(format('CREATE %sINDEX %I ON %s%s USING ',
                                              CASE WHEN x.indisunique THEN 'UNIQUE ' END, x.relname,
                                              CASE WHEN x.relkind = 'I' THEN 'ONLY ' END,
                                              x.relation)) + 1),
                         coalesce(@with_options:x.reloptions@, ' WITH ()'), '') END AS definition,
       x.options, x.tablespace, x.statistics, x.comment, x.is_clustered, x.is_replica_identity,
       x.parent_options, x.parent_tablespace, x.deferral, x.is_key
  FROM (SELECT i.oid, d.indrelid, n.nspname, i.relname, i.relkind, i.reloptions, d.indisunique,
               format('%I.%I', pn.nspname, p.relname) AS copy_of,
               format('%I.%I', n.nspname, c.relname) AS relation,
               k.oid AS constraint,
               CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE'
                              WHEN 'x' THEN 'EXCLUDE' END AS type,
               CASE WHEN k.condeferred THEN ' DEFERRABLE INITIALLY DEFERRED'
                    WHEN k.condeferrable THEN ' DEFERRABLE' END AS deferral,
               c.relname || CASE WHEN k.contype = 'p' THEN '_pkey' ELSE
                   (SELECT '_' || string_agg(a.attname, '_' ORDER BY a.attnum)
                      FROM pg_attribute a WHERE a.attrelid = p.oid) ||
                   CASE k.contype WHEN 'u' THEN '_key' WHEN 'x' THEN '_excl' ELSE '_idx' END
                   END AS usual_name,
               CASE WHEN i.reloptions IS DISTINCT FROM p.reloptions
                    THEN coalesce(@options:i.reloptions@, '') END AS options,
               CASE WHEN i.reltablespace <> p.reltablespace
                    THEN coalesce(quote_ident(s.spcname), 'pg_default') END AS tablespace,
               @index_statistics:i.oid@ AS statistics,
               obj_description(i.oid, 'pg_class') AS comment,
               nullif(d.indisclustered, false) AS is_clustered,
               nullif(d.indisreplident, false) AS is_replica_identity,
               -- Of a key of the partition's own, which the index of the whole has adopted.
               nullif(k.conparentid = 0, false) AS is_key,
               @options:p.reloptions@ AS parent_options,
               quote_ident(ps.spcname) AS parent_tablespace
          FROM pg_inherits h
          JOIN pg_class i ON i.oid = h.inhrelid AND i.relkind IN ('i', 'I')
          JOIN pg_class p ON p.oid = h.inhparent
          JOIN pg_namespace pn ON pn.oid = p.relnamespace
          JOIN pg_index d ON d.indexrelid = i.oid
          JOIN pg_class c ON c.oid = d.indrelid
          JOIN pg_namespace n ON n.oid = i.relnamespace
          LEFT JOIN pg_constraint k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
          LEFT JOIN pg_tablespace s ON s.oid = i.reltablespace
          LEFT JOIN pg_tablespace ps ON ps.oid = p.reltablespace
         WHERE @user_schema@) x
