SELECT 'pg_type'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.typname AS name, quote_ident(t.typname) AS quoted,
       format('%I.%I', n.nspname, t.typname) AS identity
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE NOT t.typisdefined AND t.typtype = 'p' AND @user_schema@
