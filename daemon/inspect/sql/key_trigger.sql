-- Triggers by which the server keeps a constraint, where they do not fire as usual. Their names hold
-- numbers that differ between databases; the key is made up, as that of trigger_state.
SELECT 'pg_trigger'::regclass::oid AS class_id, t.oid AS object_id, -1 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, k.conname AS name, quote_ident(k.conname) AS quoted,
       format('%s of %I on %I.%I on %I.%I', t.tgfoid::regproc, k.conname, kn.nspname, kc.relname,
              n.nspname, c.relname) AS identity,
       format('%I.%I', kn.nspname, kc.relname) AS constrained,
       t.tgfoid::regproc::text AS function,
       @enabled:t.tgenabled@ AS enabled
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_constraint k ON k.oid = t.tgconstraint
  JOIN pg_class kc ON kc.oid = k.conrelid
  JOIN pg_namespace kn ON kn.oid = kc.relnamespace
 WHERE t.tgisinternal AND t.tgenabled <> 'O' AND k.contype IN ('f', 'p', 'u', 'x')
   AND @user_schema@
