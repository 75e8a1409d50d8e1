-- The view, because the table is not for everybody; it hides options from who may not see them.
SELECT 'pg_user_mapping'::regclass::oid AS class_id, m.umid AS object_id, 0 AS sub_id,
       'pg_foreign_server'::regclass::oid AS parent_class, m.srvid AS parent_id, 0 AS parent_sub,
       NULL AS schema, m.usename AS name,
       CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE @role:m.umuser@ END AS quoted,
       NULL AS identity,
       @foreign_options:m.umoptions@ AS options
  FROM pg_user_mappings m
