SELECT 'pg_proc'::regclass::oid AS class_id, p.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, p.proname AS name, quote_ident(p.proname) AS quoted,
       p.oid::regprocedure::text AS identity,
       CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'w' THEN 'WINDOW' ELSE 'FUNCTION' END AS kind,
       pg_get_function_arguments(p.oid) AS arguments,
       p.proargnames::text AS argument_names,
       p.pronargdefaults AS default_count,
       pg_get_function_result(p.oid) AS result,
       -- What OUT arguments make of the result, which is "record" whatever they are.
       CASE WHEN p.proargmodes && '{o,b}'::"char"[]
            THEN (SELECT string_agg(coalesce(p.proargnames[place], '') || ' ' || format_type(t, NULL),
                                    ', ' ORDER BY place)
                    FROM unnest(p.proallargtypes) WITH ORDINALITY AS u (t, place)
                   WHERE p.proargmodes[place] IN ('o', 'b')) END AS outputs,
       quote_ident(l.lanname) AS language,
       CASE WHEN @sql_body@ IS NULL THEN p.prosrc END AS body,
       p.probin AS library,
       @sql_body@ AS sql_body,
       CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE'
                          ELSE 'VOLATILE' END AS volatility,
       p.proisstrict AS is_strict, p.prosecdef AS is_security_definer,
       p.proleakproof AS is_leakproof,
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED'
                          ELSE 'UNSAFE' END AS parallel,
       p.procost AS cost,
       CASE WHEN p.proretset THEN p.prorows END AS rows,
       @function:p.prosupport@ AS support,
       -- Lists are kept as identifiers; SET wants each as a string, an empty one too.
       (SELECT string_agg(
                   format('SET %s TO %s',
                          (SELECT string_agg(quote_ident(part), '.' ORDER BY place)
                             FROM unnest(string_to_array(s.key, '.'))
                                  WITH ORDINALITY AS u (part, place)),
                          CASE WHEN s.key IN ('search_path', 'temp_tablespaces',
                                              'local_preload_libraries',
                                              'session_preload_libraries',
                                              'shared_preload_libraries',
                                              'unix_socket_directories')
                               THEN (SELECT string_agg(quote_literal(
                                                CASE WHEN m[1] LIKE '"%'
                                                     THEN replace(substr(m[1], 2, length(m[1]) - 2),
                                                                  '""', '"')
                                                     ELSE m[1] END), ', ' ORDER BY place)
                                       FROM regexp_matches(s.value, '"(?:[^"]|"")*"|[^", ]+', 'g')
                                            WITH ORDINALITY AS r (m, place))
                               ELSE quote_literal(s.value) END),
                   ' ' ORDER BY s.position)
          FROM (SELECT split_part(c, '=', 1) AS key, substr(c, strpos(c, '=') + 1) AS value, position
                  FROM unnest(p.proconfig) WITH ORDINALITY AS u (c, position)) s) AS settings,
       (SELECT string_agg('FOR TYPE ' || format_type(t, NULL), ', ' ORDER BY place)
          FROM unnest(p.protrftypes) WITH ORDINALITY AS u (t, place)) AS transforms
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
 WHERE p.prokind <> 'a' AND @own_routine@ AND @user_schema@
