SELECT NULL::oid AS class_id, d.objid AS object_id, 0 AS sub_id,
       d.classid AS parent_class, d.objid AS parent_id, d.objsubid AS parent_sub,
       NULL AS schema, e.extname AS name, quote_ident(e.extname) AS quoted,
       NULL AS identity,
       quote_ident(e.extname) AS extension
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
