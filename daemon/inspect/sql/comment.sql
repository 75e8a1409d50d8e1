-- Not those of extensions' members, which their scripts give; a constraint's index has its comment
-- at the constraint, a partition's copy of an index at what it has of its own, NOT NULL that no
-- parent gives at the column or domain.
SELECT NULL::oid AS class_id, d.objoid AS object_id, 0 AS sub_id,
       d.classoid AS parent_class, d.objoid AS parent_id, d.objsubid AS parent_sub,
       NULL AS schema, NULL AS name, NULL AS quoted,
       NULL AS identity,
       d.description AS text
  FROM pg_description d
 WHERE (d.objoid >= @first_oid@
        OR d.classoid = 'pg_extension'::regclass
        OR (d.classoid = 'pg_namespace'::regclass
            AND EXISTS (SELECT FROM pg_namespace n WHERE n.oid = d.objoid AND @user_schema@)))
   AND d.classoid <> 'pg_largeobject'::regclass
   AND NOT EXISTS (SELECT FROM pg_depend m
                    WHERE m.classid = d.classoid AND m.objid = d.objoid AND m.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_constraint k
                    WHERE d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
                      AND k.contype = 'n' AND k.coninhcount = 0)
   AND NOT (d.classoid = 'pg_class'::regclass
            AND (EXISTS (SELECT FROM pg_constraint k
                          WHERE k.conindid = d.objoid AND k.contype IN ('p', 'u', 'x'))
                 OR EXISTS (SELECT FROM pg_class i
                             WHERE i.oid = d.objoid AND i.relkind IN ('i', 'I')
                               AND i.relispartition)))
