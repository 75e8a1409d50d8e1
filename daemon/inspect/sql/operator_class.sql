SELECT 'pg_opclass'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.opcname AS name, quote_ident(c.opcname) AS quoted,
       format('%I.%I USING %I', n.nspname, c.opcname, am.amname) AS identity,
       format_type(c.opcintype, NULL) AS type,
       format('%I.%I', fn.nspname, f.opfname) AS family,
       c.opcdefault AS is_default,
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage,
       m.members
  FROM pg_opclass c
  JOIN pg_namespace n ON n.oid = c.opcnamespace
  JOIN pg_am am ON am.oid = c.opcmethod
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
  LEFT JOIN (@operator_members@) m
    ON m.refclassid = 'pg_opclass'::regclass AND m.refobjid = c.oid
 WHERE @user_schema@
