SELECT 'pg_extension'::regclass::oid AS class_id, e.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, e.extname AS name, quote_ident(e.extname) AS quoted,
       quote_ident(e.extname) AS identity,
       quote_ident(n.nspname) AS schema, e.extversion AS version, e.extrelocatable AS relocatable,
       e.extversion <> a.default_version AS is_pinned
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions() a ON a.name = e.extname
