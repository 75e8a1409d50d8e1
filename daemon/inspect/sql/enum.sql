SELECT 'pg_type'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, t.typname AS name, quote_ident(t.typname) AS quoted,
       format('%I.%I', n.nspname, t.typname) AS identity,
       l.labels
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN (SELECT e.enumtypid,
                    string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) AS labels
               FROM pg_enum e GROUP BY e.enumtypid) l ON l.enumtypid = t.oid
 WHERE t.typtype = 'e' AND @user_schema@
