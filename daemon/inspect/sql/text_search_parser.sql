SELECT 'pg_ts_parser'::regclass::oid AS class_id, p.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, p.prsname AS name, quote_ident(p.prsname) AS quoted,
       format('%I.%I', n.nspname, p.prsname) AS identity,
       @function:p.prsstart@ AS start, @function:p.prstoken@ AS token,
       @function:p.prsend@ AS "end", @function:p.prsheadline@ AS headline,
       @function:p.prslextype@ AS lextypes
  FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
 WHERE @user_schema@
