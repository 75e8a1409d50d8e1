SELECT 'pg_collation'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.collname AS name, quote_ident(c.collname) AS quoted,
       format('%I.%I', n.nspname, c.collname) AS identity,
       CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
                           WHEN 'd' THEN 'default' END AS provider,
       c.collisdeterministic AS is_deterministic,
       CASE WHEN c.collprovider = 'c' THEN c.collcollate END AS "collate",
       CASE WHEN c.collprovider = 'c' THEN c.collctype END AS ctype,
       @collation_locale@ AS locale, @collation_rules@ AS rules
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE @user_schema@
