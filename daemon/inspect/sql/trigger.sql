SELECT 'pg_trigger'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.tgname AS name, quote_ident(t.tgname) AS quoted,
       NULL AS identity,
       pg_get_triggerdef(t.oid) AS definition,
       t.tgconstraint <> 0 AS is_constraint,
       @enabled:t.tgenabled@ AS enabled
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND @user_schema@
