SELECT 'pg_cast'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, NULL AS name, NULL AS quoted,
       format('(%s AS %s)', format_type(c.castsource, NULL),
              format_type(c.casttarget, NULL)) AS identity,
       CASE c.castmethod WHEN 'i' THEN 'INOUT' WHEN 'b' THEN 'BINARY' ELSE 'FUNCTION' END AS method,
       CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END AS function,
       CASE c.castcontext WHEN 'a' THEN 'ASSIGNMENT' WHEN 'i' THEN 'IMPLICIT' END AS context
  FROM pg_cast c
 WHERE c.oid >= @first_oid@
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')
