SELECT 'pg_policy'::regclass::oid AS class_id, p.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, p.polname AS name, quote_ident(p.polname) AS quoted,
       NULL AS identity,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                     WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
       p.polpermissive AS is_permissive,
       (SELECT string_agg(r.role, ', ' ORDER BY r.role COLLATE "C")
          FROM (SELECT CASE WHEN u = 0 THEN 'PUBLIC' ELSE @role:u@ END AS role
                  FROM unnest(p.polroles) u) r) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE @user_schema@
