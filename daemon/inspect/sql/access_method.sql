SELECT 'pg_am'::regclass::oid AS class_id, a.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, a.amname AS name, quote_ident(a.amname) AS quoted,
       quote_ident(a.amname) AS identity,
       CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS type,
       @function:a.amhandler@ AS handler
  FROM pg_am a
 WHERE a.oid >= @first_oid@
