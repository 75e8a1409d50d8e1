SELECT NULL::oid AS class_id, l.objoid AS object_id, 0 AS sub_id,
       l.classoid AS parent_class, l.objoid AS parent_id, l.objsubid AS parent_sub,
       NULL AS schema, l.provider AS name, quote_ident(l.provider) AS quoted,
       NULL AS identity,
       quote_ident(l.provider) AS provider, l.label
  FROM pg_seclabel l
 WHERE l.classoid <> 'pg_largeobject'::regclass
