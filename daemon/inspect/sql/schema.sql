SELECT 'pg_namespace'::regclass::oid AS class_id, n.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, n.nspname AS name, quote_ident(n.nspname) AS quoted,
       quote_ident(n.nspname) AS identity
  FROM pg_namespace n
 WHERE @user_schema@
