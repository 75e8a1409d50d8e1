SELECT 'pg_transform'::regclass::oid AS class_id, t.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, NULL AS name, NULL AS quoted,
       format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS identity,
       CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::oid::regprocedure::text END AS from_sql,
       CASE WHEN t.trftosql <> 0 THEN t.trftosql::oid::regprocedure::text END AS to_sql
  FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
