SELECT 'pg_attrdef'::regclass::oid AS class_id, d.oid AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS parent_class, c.oid AS parent_id, d.adnum AS parent_sub,
       n.nspname AS schema, NULL AS name, NULL AS quoted,
       NULL AS identity,
       pg_get_expr(d.adbin, d.adrelid) AS expression
  FROM pg_attrdef d
  JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
 WHERE @user_schema@
