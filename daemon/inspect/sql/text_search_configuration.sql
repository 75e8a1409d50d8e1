SELECT 'pg_ts_config'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.cfgname AS name, quote_ident(c.cfgname) AS quoted,
       format('%I.%I', n.nspname, c.cfgname) AS identity,
       format('%I.%I', pn.nspname, p.prsname) AS parser,
       (SELECT string_agg(format('%I (%s)', t.alias, d.dictionaries), ', '
                          ORDER BY t.alias COLLATE "C")
          FROM (SELECT m.maptokentype,
                       string_agg(format('%I.%I', dn.nspname, d.dictname), ', '
                                  ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_ts_config_map m
                  JOIN pg_ts_dict d ON d.oid = m.mapdict
                  JOIN pg_namespace dn ON dn.oid = d.dictnamespace
                 WHERE m.mapcfg = c.oid
                 GROUP BY m.maptokentype) d
          JOIN ts_token_type(c.cfgparser) t ON t.tokid = d.maptokentype) AS mappings
  FROM pg_ts_config c
  JOIN pg_namespace n ON n.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser
  JOIN pg_namespace pn ON pn.oid = p.prsnamespace
 WHERE @user_schema@
