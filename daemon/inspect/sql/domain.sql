SELECT 'pg_type'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.typname AS name, quote_ident(t.typname) AS quoted,
       format('%I.%I', n.nspname, t.typname) AS identity,
       format_type(t.typbasetype, t.typtypmod) AS type,
       CASE WHEN t.typcollation <> b.typcollation THEN @collation:t.typcollation@ END AS collation,
       t.typnotnull AS not_null,
       -- A base type's default comes with the type, unless another one, or none, is said.
       CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_get_expr(t.typdefaultbin, 0)
            WHEN t.typdefault IS NULL AND b.typdefault IS NOT NULL THEN 'NULL' END AS "default",
       @domain_not_null_name@ AS not_null_name, @domain_not_null_is_usual@ AS has_usual_not_null,
       @domain_not_null_comment@ AS not_null_comment
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type b ON b.oid = t.typbasetype
  @not_null_of_domain@
 WHERE t.typtype = 'd' AND @user_schema@
