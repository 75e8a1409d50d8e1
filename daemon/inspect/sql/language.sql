-- Not the built-in ones: internal, c, sql.
SELECT 'pg_language'::regclass::oid AS class_id, l.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, l.lanname AS name, quote_ident(l.lanname) AS quoted,
       quote_ident(l.lanname) AS identity,
       l.lanpltrusted AS is_trusted, @function:l.lanplcallfoid@ AS handler,
       @function:l.laninline@ AS inline_handler, @function:l.lanvalidator@ AS validator
  FROM pg_language l
 WHERE l.lanispl
