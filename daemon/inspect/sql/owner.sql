SELECT NULL::oid AS class_id, o.id AS object_id, 0 AS sub_id,
       o.class AS parent_class, o.id AS parent_id, 0 AS parent_sub,
       NULL AS schema, NULL AS name, NULL AS quoted,
       NULL AS identity,
       quote_ident(pg_get_userbyid(o.owner)) AS owner
  FROM (SELECT 'pg_namespace'::regclass::oid AS class, n.oid AS id, n.nspowner AS owner
          FROM pg_namespace n WHERE @user_schema@
        UNION ALL
        SELECT 'pg_class'::regclass::oid, c.oid, c.relowner
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND @user_schema@
           AND NOT (c.relkind = 'S' AND EXISTS (
                   SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'))
        UNION ALL
        SELECT 'pg_type'::regclass::oid, t.oid, t.typowner
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE @own_type@ AND @user_schema@
        UNION ALL
        SELECT 'pg_proc'::regclass::oid, p.oid, p.proowner
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE @own_routine@ AND @user_schema@
        UNION ALL
        SELECT 'pg_operator'::regclass::oid, o.oid, o.oprowner
          FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
         WHERE o.oprcode <> 0 AND @user_schema@
        UNION ALL
        SELECT 'pg_opclass'::regclass::oid, o.oid, o.opcowner
          FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_opfamily'::regclass::oid, o.oid, o.opfowner
          FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_collation'::regclass::oid, c.oid, c.collowner
          FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_conversion'::regclass::oid, c.oid, c.conowner
          FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_ts_dict'::regclass::oid, d.oid, d.dictowner
          FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_ts_config'::regclass::oid, c.oid, c.cfgowner
          FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE @user_schema@
        UNION ALL
        SELECT 'pg_statistic_ext'::regclass::oid, s.oid, s.stxowner
          FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
         WHERE @user_schema@
        UNION ALL
        SELECT 'pg_language'::regclass::oid, l.oid, l.lanowner
          FROM pg_language l WHERE l.lanispl AND l.oid >= @first_oid@
        UNION ALL
        SELECT 'pg_foreign_data_wrapper'::regclass::oid, w.oid, w.fdwowner
          FROM pg_foreign_data_wrapper w
        UNION ALL
        SELECT 'pg_foreign_server'::regclass::oid, s.oid, s.srvowner FROM pg_foreign_server s
        UNION ALL
        SELECT 'pg_event_trigger'::regclass::oid, e.oid, e.evtowner FROM pg_event_trigger e
        UNION ALL
        SELECT 'pg_publication'::regclass::oid, p.oid, p.pubowner FROM pg_publication p
        UNION ALL
        SELECT 'pg_subscription'::regclass::oid, s.oid, s.subowner FROM @subscriptions@
         WHERE s.subdbid = (SELECT d.oid FROM pg_database d
                             WHERE d.datname = current_database())) o
 WHERE o.owner <> @me@
   AND NOT EXISTS (SELECT FROM pg_depend m
                    WHERE m.classid = o.class AND m.objid = o.id AND m.deptype = 'e')
