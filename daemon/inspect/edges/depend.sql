-- What needs what. Copies on partitions need nothing by themselves: what they are copies of does.
-- That a sequence belongs to a column is the need of an object of its own.
-- That a table is a partition, or inherits, is one as well, and the table itself needs nothing for it.
SELECT CASE WHEN o.is_sequence_owner THEN 'pg_depend'::regclass::oid
            WHEN o.is_partition OR o.is_heir THEN 'pg_inherits'::regclass::oid ELSE o.classid END AS class_id,
       o.objid AS object_id, o.objsubid AS sub_id,
       o.refclassid AS to_class, o.refobjid AS to_id, o.refobjsubid AS to_sub,
       -- What goes with a member's function is the member, not its class.
       CASE WHEN o.is_partition THEN 'n'
            WHEN o.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) THEN 'n'
            ELSE o.deptype END AS type
  FROM (SELECT d.*, coalesce(c.relkind = 'S' AND d.deptype = 'a' AND d.refobjsubid > 0, false)
                    AS is_sequence_owner,
               coalesce(c.relispartition AND d.refclassid = 'pg_class'::regclass
                        AND d.deptype = 'a' AND c.relkind IN ('r', 'p', 'f'), false) AS is_partition,
               -- A whole table needs no other for anything else.
               coalesce(c.relkind IN ('r', 'f') AND NOT c.relispartition AND d.objsubid = 0
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid = 0
                        AND d.deptype = 'n', false) AS is_heir
          FROM pg_depend d
          LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
         WHERE d.objid >= @first_oid@
           AND (d.refobjid >= @first_oid@
                OR d.refclassid IN ('pg_namespace'::regclass, 'pg_language'::regclass,
                                    'pg_extension'::regclass))
           AND d.deptype <> 'e'
           AND (c.oid IS NULL OR (c.relkind <> 't' AND NOT (c.relkind IN ('i', 'I')
                                                           AND c.relispartition)))
           AND NOT EXISTS (SELECT FROM pg_constraint k
                            WHERE d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
                              AND k.conparentid <> 0)
           AND NOT EXISTS (SELECT FROM pg_trigger t
                            WHERE d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
                              AND (t.tgisinternal OR t.tgparentid <> 0))) o
UNION ALL
-- What a copy of an index, of a trigger has of its own needs what it is a copy of.
SELECT 'pg_class'::regclass::oid, i.inhrelid, -1, 'pg_class'::regclass::oid, i.inhparent, -1, 'n'
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I')
UNION ALL
SELECT 'pg_class'::regclass::oid, i.inhrelid, -1, 'pg_constraint'::regclass::oid, k.oid, 0, 'n'
  FROM pg_inherits i
  JOIN pg_constraint k ON k.conindid = i.inhrelid AND k.contype IN ('p', 'u', 'x')
   AND k.conparentid = 0
UNION ALL
-- An index that is not to be on a partition is made when that is there.
SELECT 'pg_class'::regclass::oid, x.indexrelid, 0, 'pg_inherits'::regclass::oid, m.relid, 0, 'n'
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid AND i.relkind = 'I' AND NOT i.relispartition
 CROSS JOIN LATERAL (@missing_on:x.indrelid,i.oid@) m
 WHERE NOT x.indisvalid
UNION ALL
SELECT 'pg_trigger'::regclass::oid, t.oid, -1, 'pg_trigger'::regclass::oid, t.tgparentid, 0, 'n'
  FROM pg_trigger t
 WHERE t.tgparentid <> 0
UNION ALL
SELECT 'pg_trigger'::regclass::oid, t.oid, -1, 'pg_inherits'::regclass::oid, t.tgrelid, 0, 'n'
  FROM pg_trigger t
  JOIN pg_trigger p ON p.oid = t.tgparentid AND p.tgenabled <> t.tgenabled
 WHERE NOT p.tgisinternal
UNION ALL
-- The state of a constraint's trigger; of those on partitions when these are there.
SELECT 'pg_trigger'::regclass::oid, t.oid, -1, 'pg_constraint'::regclass::oid, t.tgconstraint, 0, 'n'
  FROM pg_trigger t
 WHERE t.tgisinternal AND t.tgenabled <> 'O'
UNION ALL
SELECT 'pg_trigger'::regclass::oid, t.oid, -1, 'pg_inherits'::regclass::oid, t.tgrelid, 0, 'n'
  FROM pg_trigger t
 WHERE t.tgisinternal AND t.tgenabled <> 'O' AND t.tgparentid <> 0
UNION ALL
-- What uses an inherited column is in the way of what is done to the column that it comes from.
(WITH RECURSIVE ancestor AS (
  SELECT a.attrelid AS child, a.attnum AS child_column, i.inhparent AS parent,
         p.attnum AS parent_column, a.attname
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f')
    JOIN pg_attribute a ON a.attrelid = i.inhrelid AND a.attinhcount > 0
    JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
   UNION
  SELECT n.child, n.child_column, i.inhparent, p.attnum, n.attname
    FROM ancestor n JOIN pg_inherits i ON i.inhrelid = n.parent
    JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = n.attname
)
SELECT d.classid, d.objid, d.objsubid, d.refclassid, n.parent, n.parent_column, 'n'
  FROM ancestor n
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = n.child
                  AND d.refobjsubid = n.child_column AND d.deptype = 'n'
 WHERE d.classid <> 'pg_constraint'::regclass)
