SELECT 'pg_event_trigger'::regclass::oid AS class_id, e.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, e.evtname AS name, quote_ident(e.evtname) AS quoted,
       quote_ident(e.evtname) AS identity,
       e.evtevent AS event,
       (SELECT string_agg(quote_literal(t), ', ' ORDER BY place)
          FROM unnest(e.evttags) WITH ORDINALITY AS tags (t, place)) AS tags,
       e.evtfoid::regprocedure::text AS function,
       @enabled:e.evtenabled@ AS enabled
  FROM pg_event_trigger e
