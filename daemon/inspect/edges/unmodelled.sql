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
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relacl IS NOT NULL) o
  LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub
 WHERE i.initprivs IS NULL OR i.initprivs <> o.acl
HAVING count(*) > 0
UNION ALL
SELECT 'setting of the database', count(*)
  FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
 WHERE d.datname = current_database()
HAVING count(*) > 0
