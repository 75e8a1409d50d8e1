SELECT 'pg_opfamily'::regclass::oid AS class_id, f.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, f.opfname AS name, quote_ident(f.opfname) AS quoted,
       format('%I.%I USING %I', n.nspname, f.opfname, am.amname) AS identity,
       m.members
  FROM pg_opfamily f
  JOIN pg_namespace n ON n.oid = f.opfnamespace
  JOIN pg_am am ON am.oid = f.opfmethod
  LEFT JOIN (@operator_members@) m
    ON m.refclassid = 'pg_opfamily'::regclass AND m.refobjid = f.oid
 WHERE @user_schema@
