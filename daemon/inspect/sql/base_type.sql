SELECT 'pg_type'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.typname AS name, quote_ident(t.typname) AS quoted,
       format('%I.%I', n.nspname, t.typname) AS identity,
       @function:t.typinput@ AS input, @function:t.typoutput@ AS output,
       @function:t.typreceive@ AS receive, @function:t.typsend@ AS send,
       @function:t.typmodin@ AS typmod_in, @function:t.typmodout@ AS typmod_out,
       @function:t.typanalyze@ AS analyze, @type_subscript@ AS subscript,
       CASE t.typlen WHEN -1 THEN 'variable' ELSE t.typlen::text END AS length,
       CASE WHEN t.typbyval THEN 'true' END AS by_value,
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4'
                       WHEN 'd' THEN 'double' END AS alignment,
       @storage:t.typstorage@ AS storage,
       quote_literal(t.typcategory::text) AS category,
       CASE WHEN t.typispreferred THEN 'true' END AS is_preferred,
       CASE WHEN t.typdefault IS NOT NULL THEN quote_literal(t.typdefault) END AS "default",
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       quote_literal(t.typdelim::text) AS delimiter,
       CASE WHEN t.typcollation <> 0 THEN 'true' END AS is_collatable
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'b' AND t.typisdefined AND @user_schema@
   AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
