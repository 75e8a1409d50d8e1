-- It is the one of its column, whatever it is called.
SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       d.refclassid AS parent_class, d.refobjid AS parent_id, d.refobjsubid AS parent_sub,
       n.nspname AS schema, c.relname AS name, quote_ident(c.relname) AS quoted,
       format('%I.%I.%I', tn.nspname, t.relname, a.attname) AS identity,
       format('%I.%I', n.nspname, c.relname) AS called
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_depend d
    ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
   AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
  JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE c.relkind = 'S' AND @user_schema@
