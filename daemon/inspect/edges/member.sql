SELECT d.classid AS class_id, d.objid AS object_id, d.objsubid AS sub_id,
       d.refclassid AS to_class, d.refobjid AS to_id, d.refobjsubid AS to_sub
  FROM pg_depend d
 WHERE d.deptype = 'e'
