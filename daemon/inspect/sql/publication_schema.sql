SELECT s.class_id, s.oid AS object_id, 0 AS sub_id,
       'pg_publication'::regclass::oid AS parent_class, s.pnpubid AS parent_id, 0 AS parent_sub,
       NULL AS schema, n.nspname AS name, quote_ident(n.nspname) AS quoted,
       NULL AS identity
  FROM (@publication_schemas@) s
  JOIN pg_namespace n ON n.oid = s.pnnspid
