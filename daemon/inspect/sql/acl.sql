SELECT NULL::oid AS class_id, a.id AS object_id, 0 AS sub_id,
       a.class AS parent_class, a.id AS parent_id, a.sub AS parent_sub,
       NULL AS schema, NULL AS name, NULL AS quoted,
       NULL AS identity,
       a.grants, a.revokes
  FROM (SELECT h.class, h.id, h.sub,
               @acl_lines:h.acl,h.base,h.owner,TO@ AS grants,
               @acl_lines:h.base,h.acl,h.owner,FROM@ AS revokes
          FROM (SELECT o.class, o.id, o.sub, o.owner, o.acl,
                       coalesce((SELECT i.initprivs FROM pg_init_privs i
                                  WHERE i.classoid = o.class AND i.objoid = o.id
                                    AND i.objsubid = o.sub AND i.privtype = 'e'),
                                acldefault(o.type, o.owner)) AS base
                  FROM (SELECT 'pg_namespace'::regclass::oid AS class, n.oid AS id, 0 AS sub,
                               n.nspowner AS owner, 'n'::"char" AS type, n.nspacl AS acl
                          FROM pg_namespace n WHERE @user_schema@
                        UNION ALL
                        SELECT 'pg_class'::regclass::oid, c.oid, 0, c.relowner,
                               CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relacl
                          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND @user_schema@
                        UNION ALL
                        SELECT 'pg_class'::regclass::oid, c.oid, t.attnum, c.relowner, 'c', t.attacl
                          FROM pg_attribute t
                          JOIN pg_class c ON c.oid = t.attrelid
                          JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE t.attacl IS NOT NULL AND t.attnum > 0 AND NOT t.attisdropped
                           AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND @user_schema@
                        UNION ALL
                        SELECT 'pg_type'::regclass::oid, t.oid, 0, t.typowner, 'T', t.typacl
                          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                         WHERE @own_type@ AND @user_schema@
                        UNION ALL
                        SELECT 'pg_proc'::regclass::oid, p.oid, 0, p.proowner, 'f', p.proacl
                          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                         WHERE @own_routine@ AND @user_schema@
                        UNION ALL
                        SELECT 'pg_language'::regclass::oid, l.oid, 0, l.lanowner, 'l', l.lanacl
                          FROM pg_language l WHERE l.lanispl
                        UNION ALL
                        SELECT 'pg_foreign_data_wrapper'::regclass::oid, w.oid, 0, w.fdwowner, 'F',
                               w.fdwacl
                          FROM pg_foreign_data_wrapper w
                        UNION ALL
                        SELECT 'pg_foreign_server'::regclass::oid, s.oid, 0, s.srvowner, 'S',
                               s.srvacl
                          FROM pg_foreign_server s) o
                 WHERE o.acl IS NOT NULL) h
         WHERE h.acl <> h.base) a
 WHERE a.grants IS NOT NULL OR a.revokes IS NOT NULL
