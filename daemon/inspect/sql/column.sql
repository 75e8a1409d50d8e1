SELECT 'pg_class'::regclass::oid AS class_id, c.oid AS object_id, a.attnum AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, a.attname AS name, quote_ident(a.attname) AS quoted,
       NULL AS identity,
       a.attnum AS position,
       CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'merged' ELSE 'only' END
            END AS inherited,
       format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation THEN @collation:a.attcollation@ END AS collation,
       nullif(a.attnotnull, false) AS not_null,
       @column_not_null_own_name@ AS not_null_name, @column_not_null_name@ AS not_null_constraint,
       CASE WHEN a.attnotnull THEN @column_not_null_is_usual@ END AS has_usual_not_null,
       @column_not_null_inherited@ AS not_null_inherited,
       @column_not_null_no_inherit@ AS not_null_no_inherit,
       @column_not_null_not_valid@ AS not_null_not_valid,
       @column_not_null_comment@ AS not_null_comment,
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity,
       i.name AS identity_sequence, i.options AS identity_options,
       CASE WHEN i.type <> a.atttypid THEN format_type(i.type, NULL) END AS identity_type,
       CASE WHEN i.persistence <> c.relpersistence AND @has_unlogged_sequences@
            THEN CASE i.persistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END
            END AS identity_persistence,
       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(g.adbin, g.adrelid) END AS generated,
       CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END AS generated_kind,
       @generated_as_parent@ AS is_generated_as_parent,
       CASE WHEN a.attstorage <> t.typstorage THEN @storage:a.attstorage@ END AS storage,
       @storage:t.typstorage@ AS type_storage,
       @compression@ AS compression,
       nullif(a.attstattarget, -1) AS statistics,
       @column_option:n_distinct@ AS n_distinct,
       @column_option:n_distinct_inherited@ AS n_distinct_inherited,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN @foreign_options:a.attfdwoptions@ END AS options
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef g
    ON a.attgenerated <> '' AND g.adrelid = c.oid AND g.adnum = a.attnum
  LEFT JOIN (SELECT d.refobjid, d.refobjsubid, s.relpersistence AS persistence,
                    q.seqtypid AS type,
                    format('%I.%I', sn.nspname, s.relname) AS name,
                    format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s',
                           q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
                           CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS options
               FROM pg_class s
               JOIN pg_namespace sn ON sn.oid = s.relnamespace
               JOIN pg_sequence q ON q.seqrelid = s.oid
               JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
                               AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
              WHERE s.relkind = 'S') i
    ON i.refobjid = c.oid AND i.refobjsubid = a.attnum
  @not_null_of_column@
 WHERE c.relkind IN ('r', 'p', 'f') AND @user_schema@
