-- NOT NULL, a constraint from PostgreSQL 18 on, is the column's.
SELECT 'pg_constraint'::regclass::oid AS class_id, k.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, k.conname AS name, quote_ident(k.conname) AS quoted,
       NULL AS identity,
       CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK'
                      WHEN 'f' THEN 'FOREIGN KEY' WHEN 'x' THEN 'EXCLUDE' END AS type,
       regexp_replace(CASE WHEN k.contype = 'x'
                           THEN replace(pg_get_constraintdef(k.oid),
                                        coalesce(@with_options:i.reloptions@, ' WITH ()'), '')
                           ELSE pg_get_constraintdef(k.oid) END,
                      '( DEFERRABLE)?( INITIALLY DEFERRED)?(?:( NOT ENFORCED)|( NOT VALID))?$',
                      '\3') AS definition,
       k.condeferrable AS is_deferrable, k.condeferred AS is_deferred, @constraint_is_valid@ AS is_valid,
       @options:i.reloptions@ AS index_options,
       quote_ident(ts.spcname) AS index_tablespace,
       CASE WHEN k.contype = 'x' THEN @index_statistics:i.oid@ END AS index_statistics,
       ic.description AS index_comment,
       nullif(x.indisclustered, false) AS is_clustered,
       nullif(x.indisreplident, false) AS is_replica_identity,
       CASE WHEN k.contype = 'f' THEN format('%I.%I', rn.nspname, r.relname) END AS references,
       @missing_names:x.indrelid,i@ AS missing_on,
       -- The heirs whose copy of a check has been validated while this one has not.
       CASE WHEN k.contype = 'c' AND NOT k.convalidated
            THEN (WITH RECURSIVE heirs AS (
                      SELECT h.inhrelid FROM pg_inherits h WHERE h.inhparent = k.conrelid
                       UNION
                      SELECT h.inhrelid FROM heirs JOIN pg_inherits h ON h.inhparent = heirs.inhrelid)
                  SELECT string_agg(format('%I.%I', hn.nspname, hc.relname), ', '
                                    ORDER BY hn.nspname COLLATE "C", hc.relname COLLATE "C")
                    FROM heirs
                    JOIN pg_constraint hk
                      ON hk.conrelid = heirs.inhrelid AND hk.conname = k.conname
                         AND hk.contype = 'c' AND hk.convalidated AND NOT hk.conislocal
                    JOIN pg_class hc ON hc.oid = heirs.inhrelid
                    JOIN pg_namespace hn ON hn.oid = hc.relnamespace) END AS valid_on,
       -- The partitions whose copy of a foreign key, which they had before, has a name of its own.
       CASE WHEN k.contype = 'f' AND c.relkind = 'p'
            THEN (WITH RECURSIVE copies AS (
                      SELECT f.oid, f.conrelid, f.conname
                        FROM pg_constraint f WHERE f.conparentid = k.oid AND f.conrelid <> k.conrelid
                       UNION
                      SELECT f.oid, f.conrelid, f.conname
                        FROM copies JOIN pg_constraint f
                          ON f.conparentid = copies.oid AND f.conrelid <> copies.conrelid)
                  SELECT string_agg(format('%I.%I %I', pn.nspname, pc.relname, copies.conname), ', '
                                    ORDER BY pn.nspname COLLATE "C", pc.relname COLLATE "C")
                    FROM copies
                    JOIN pg_class pc ON pc.oid = copies.conrelid
                    JOIN pg_namespace pn ON pn.oid = pc.relnamespace
                   WHERE copies.conname <> k.conname) END AS named_on
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_index x ON x.indexrelid = i.oid
  LEFT JOIN pg_tablespace ts ON ts.oid = i.reltablespace
  LEFT JOIN pg_description ic
    ON ic.classoid = 'pg_class'::regclass AND ic.objoid = i.oid AND ic.objsubid = 0
  LEFT JOIN pg_class r ON r.oid = k.confrelid
  LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
 WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND @own_constraint@ AND @user_schema@
