SELECT 'pg_ts_template'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.tmplname AS name, quote_ident(t.tmplname) AS quoted,
       format('%I.%I', n.nspname, t.tmplname) AS identity,
       @function:t.tmplinit@ AS init, @function:t.tmpllexize@ AS lexize
  FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE @user_schema@
