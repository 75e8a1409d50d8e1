SELECT 'pg_proc'::regclass::oid AS class_id, p.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, p.proname AS name, quote_ident(p.proname) AS quoted,
       p.oid::regprocedure::text AS identity,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       concat_ws(', ',
           'SFUNC = ' || @function:a.aggtransfn@,
           'STYPE = ' || format_type(a.aggtranstype, NULL),
           'SSPACE = ' || nullif(a.aggtransspace, 0),
           'FINALFUNC = ' || @function:a.aggfinalfn@,
           CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
           -- The default differs: ordered sets modify, others do not.
           CASE WHEN a.aggfinalfn <> 0 AND a.aggfinalmodify <>
                     CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                THEN 'FINALFUNC_MODIFY = ' || @modify:a.aggfinalmodify@ END,
           'COMBINEFUNC = ' || @function:a.aggcombinefn@,
           'SERIALFUNC = ' || @function:a.aggserialfn@,
           'DESERIALFUNC = ' || @function:a.aggdeserialfn@,
           'INITCOND = ' || quote_literal(a.agginitval),
           'MSFUNC = ' || @function:a.aggmtransfn@,
           'MINVFUNC = ' || @function:a.aggminvtransfn@,
           'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0
                               THEN format_type(a.aggmtranstype, NULL) END,
           'MSSPACE = ' || nullif(a.aggmtransspace, 0),
           'MFINALFUNC = ' || @function:a.aggmfinalfn@,
           CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
           CASE WHEN a.aggmfinalfn <> 0 AND a.aggmfinalmodify <>
                     CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                THEN 'MFINALFUNC_MODIFY = ' || @modify:a.aggmfinalmodify@ END,
           'MINITCOND = ' || quote_literal(a.aggminitval),
           'SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', sn.nspname, o.oprname)
                             FROM pg_operator o JOIN pg_namespace sn ON sn.oid = o.oprnamespace
                            WHERE o.oid = a.aggsortop),
           'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE'
                                               WHEN 'r' THEN 'RESTRICTED' END,
           CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END) AS definition
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_aggregate a ON a.aggfnoid = p.oid
 WHERE p.prokind = 'a' AND @user_schema@
