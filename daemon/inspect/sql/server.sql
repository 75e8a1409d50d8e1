SELECT 'pg_foreign_server'::regclass::oid AS class_id, s.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, s.srvname AS name, quote_ident(s.srvname) AS quoted,
       quote_ident(s.srvname) AS identity,
       quote_ident(w.fdwname) AS wrapper, quote_literal(s.srvtype) AS type,
       quote_literal(s.srvversion) AS version, @foreign_options:s.srvoptions@ AS options
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
