SELECT 'pg_conversion'::regclass::oid AS class_id, c.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, c.conname AS name, quote_ident(c.conname) AS quoted,
       format('%I.%I', n.nspname, c.conname) AS identity,
       quote_literal(pg_encoding_to_char(c.conforencoding)) AS source,
       quote_literal(pg_encoding_to_char(c.contoencoding)) AS target,
       @function:c.conproc@ AS function, c.condefault AS is_default
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE @user_schema@
