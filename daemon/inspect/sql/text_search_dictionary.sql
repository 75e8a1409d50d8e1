SELECT 'pg_ts_dict'::regclass::oid AS class_id, d.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, d.dictname AS name, quote_ident(d.dictname) AS quoted,
       format('%I.%I', n.nspname, d.dictname) AS identity,
       format('%I.%I', tn.nspname, t.tmplname) AS template,
       d.dictinitoption AS options
  FROM pg_ts_dict d
  JOIN pg_namespace n ON n.oid = d.dictnamespace
  JOIN pg_ts_template t ON t.oid = d.dicttemplate
  JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
 WHERE @user_schema@
