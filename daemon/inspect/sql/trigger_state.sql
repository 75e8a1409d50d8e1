-- Its key is made up: no column of a trigger has a number.
SELECT 'pg_trigger'::regclass::oid AS class_id, t.oid AS object_id, -1 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.tgname AS name, quote_ident(t.tgname) AS quoted,
       NULL AS identity,
       coalesce(@enabled:t.tgenabled@, 'ENABLE') AS enabled,
       coalesce(@enabled:p.tgenabled@, 'ENABLE') AS parent_enabled
  FROM pg_trigger t
  JOIN pg_trigger p ON p.oid = t.tgparentid AND p.tgenabled <> t.tgenabled
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT p.tgisinternal AND @user_schema@
