SELECT 'pg_publication'::regclass::oid AS class_id, p.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, p.pubname AS name, quote_ident(p.pubname) AS quoted,
       quote_ident(p.pubname) AS identity,
       p.puballtables AS all_tables,
       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                 CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                 CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations,
       p.pubviaroot AS via_root,
       @publication_generated@ AS generated_columns
  FROM pg_publication p
