-- The scripts that lead from and to a version are looked through where it is not the usual one: of
-- two versions one is such.
SELECT 'pg_extension'::regclass::oid AS class_id, e.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, e.extname AS name, quote_ident(e.extname) AS quoted,
       quote_ident(e.extname) AS identity,
       quote_ident(n.nspname) AS schema, e.extversion AS version, e.extrelocatable AS relocatable,
       e.extversion <> a.default_version AS is_pinned,
       CASE WHEN e.extversion <> a.default_version THEN
            (SELECT coalesce(string_agg(format('%L', u.target), ', '), '')
               FROM pg_extension_update_paths(e.extname) u
              WHERE u.source = e.extversion AND u.path IS NOT NULL) END AS leads_to,
       CASE WHEN e.extversion <> a.default_version THEN
            (SELECT coalesce(string_agg(format('%L', u.source), ', '), '')
               FROM pg_extension_update_paths(e.extname) u
              WHERE u.target = e.extversion AND u.path IS NOT NULL) END AS comes_from
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions() a ON a.name = e.extname
