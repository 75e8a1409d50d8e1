SELECT 'pg_type'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.typname AS name, quote_ident(t.typname) AS quoted,
       format('%I.%I', n.nspname, t.typname) AS identity,
       format_type(r.rngsubtype, NULL) AS subtype,
       (SELECT format('%I.%I', cn.nspname, c.opcname)
          FROM pg_opclass c JOIN pg_namespace cn ON cn.oid = c.opcnamespace
         WHERE c.oid = r.rngsubopc) AS opclass,
       CASE WHEN r.rngcollation <> s.typcollation THEN @collation:r.rngcollation@ END AS collation,
       @function:r.rngcanonical@ AS canonical, @function:r.rngsubdiff@ AS subtype_diff,
       @multirange@ AS multirange
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE @user_schema@
