SELECT 'pg_subscription'::regclass::oid AS class_id, s.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, s.subname AS name, quote_ident(s.subname) AS quoted,
       quote_ident(s.subname) AS identity,
       (SELECT string_agg(quote_ident(p), ', ' ORDER BY p COLLATE "C")
          FROM unnest(s.subpublications) p) AS publications,
       quote_literal(s.subslotname) AS slot,
       s.subenabled AS is_enabled,
       'synchronous_commit = ' || quote_literal(s.subsynccommit)@subscription_options@
           AS options,
       @subscription_connection@ AS connection
  FROM @subscriptions@
 WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
