SELECT 'pg_publication_rel'::regclass::oid AS class_id, r.oid AS object_id, 0 AS sub_id,
       'pg_publication'::regclass::oid AS parent_class, r.prpubid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted,
       NULL AS identity,
       @publication_columns@ AS columns,
       @publication_filter@ AS filter
  FROM pg_publication_rel r
  JOIN pg_class c ON c.oid = r.prrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
