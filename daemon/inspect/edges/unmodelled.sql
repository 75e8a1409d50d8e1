-- What users can make and no query reads: nothing is skipped in silence.
SELECT replace(substr(d.classid::regclass::text, 4), '_', ' ') AS what, count(*) AS count
  FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid
 WHERE d.refclassid = 'pg_namespace'::regclass AND @user_schema@
   AND d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass,
                         'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass,
                         'pg_collation'::regclass, 'pg_conversion'::regclass,
                         'pg_ts_parser'::regclass, 'pg_ts_template'::regclass,
                         'pg_ts_dict'::regclass, 'pg_ts_config'::regclass,
                         'pg_statistic_ext'::regclass, 'pg_extension'::regclass,
                         'pg_default_acl'::regclass, @publication_schema_class@)
 GROUP BY 1
UNION ALL
SELECT 'privileges of a system object', count(*)
  FROM (SELECT 'pg_proc'::regclass::oid AS class, p.oid, 0 AS sub, p.proacl AS acl
          FROM pg_proc p
         WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proacl IS NOT NULL
        UNION ALL
        SELECT 'pg_class'::regclass::oid, c.oid, 0, c.relacl
          FROM pg_class c
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relacl IS NOT NULL
        UNION ALL
        SELECT 'pg_class'::regclass::oid, c.oid, t.attnum, t.attacl
          FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND t.attacl IS NOT NULL) o
  LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub
 WHERE i.initprivs IS NULL OR i.initprivs <> o.acl
HAVING count(*) > 0
UNION ALL
SELECT 'setting of the database', count(*)
  FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
 WHERE d.datname = current_database()
HAVING count(*) > 0
UNION ALL
SELECT 'comment of the database', count(*)
  FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid
 WHERE s.classoid = 'pg_database'::regclass AND d.datname = current_database()
HAVING count(*) > 0
UNION ALL
SELECT 'privileges of the database', count(*)
  FROM pg_database d WHERE d.datname = current_database() AND d.datacl IS NOT NULL
HAVING count(*) > 0
UNION ALL
-- Large objects are rows; these are not.
SELECT 'comment or privileges of a large object', count(*)
  FROM pg_largeobject_metadata m
 WHERE m.lomacl IS NOT NULL
    OR EXISTS (SELECT FROM pg_description d
                WHERE d.classoid = 'pg_largeobject'::regclass AND d.objoid = m.oid)
HAVING count(*) > 0
UNION ALL
SELECT 'object in a system schema', count(*)
  FROM (@objects_of:pg_class,rel@ WHERE x.relkind NOT IN ('i', 'I')
        UNION ALL @objects_of:pg_proc,pro@
        UNION ALL @objects_of:pg_type,typ@
         WHERE x.typtype IN ('b', 'd', 'e', 'r') AND x.typelem = 0
        UNION ALL @objects_of:pg_operator,opr@
        UNION ALL @objects_of:pg_opclass,opc@
        UNION ALL @objects_of:pg_opfamily,opf@
        UNION ALL @objects_of:pg_collation,coll@
        UNION ALL @objects_of:pg_conversion,con@
        UNION ALL @objects_of:pg_statistic_ext,stx@
        UNION ALL @objects_of:pg_ts_parser,prs@
        UNION ALL @objects_of:pg_ts_template,tmpl@
        UNION ALL @objects_of:pg_ts_dict,dict@
        UNION ALL @objects_of:pg_ts_config,cfg@) o
 WHERE o.oid >= @first_oid@
   AND o.schema IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
   AND NOT EXISTS (SELECT FROM pg_depend m
                    WHERE m.classid = o.class AND m.objid = o.oid AND m.deptype = 'e')
HAVING count(*) > 0
