-- What is a mere form of something else, and what it is a form of.
-- Row types of tables and the like; the relation behind a composite type.
SELECT 'pg_type'::regclass::oid AS class_id, c.reltype AS object_id, 0 AS sub_id,
       'pg_class'::regclass::oid AS to_class, c.oid AS to_id, 0 AS to_sub
  FROM pg_class c WHERE c.oid >= @first_oid@ AND c.reltype <> 0 AND c.relkind <> 'c'
UNION ALL
SELECT 'pg_class'::regclass::oid, c.oid, 0, 'pg_type'::regclass::oid, c.reltype, 0
  FROM pg_class c WHERE c.oid >= @first_oid@ AND c.relkind = 'c'
UNION ALL
-- Arrays, multiranges.
SELECT 'pg_type'::regclass::oid, t.typarray, 0, 'pg_type'::regclass::oid, t.oid, 0
  FROM pg_type t WHERE t.oid >= @first_oid@ AND t.typarray <> 0
UNION ALL
@multirange_aliases@
-- The rule of a view.
SELECT 'pg_rewrite'::regclass::oid, r.oid, 0, 'pg_class'::regclass::oid, r.ev_class, 0
  FROM pg_rewrite r WHERE r.oid >= @first_oid@ AND r.rulename = '_RETURN'
UNION ALL
-- Indexes of constraints; copies of indexes, constraints, triggers on partitions.
SELECT 'pg_class'::regclass::oid, k.conindid, 0, 'pg_constraint'::regclass::oid, k.oid, 0
  FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND k.conindid >= @first_oid@
UNION ALL
SELECT 'pg_class'::regclass::oid, i.inhrelid, 0, 'pg_class'::regclass::oid, i.inhparent, 0
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
 WHERE c.relkind IN ('i', 'I') AND k.oid IS NULL
UNION ALL
SELECT 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_constraint'::regclass::oid, k.conparentid, 0
  FROM pg_constraint k WHERE k.conparentid <> 0
UNION ALL
SELECT 'pg_trigger'::regclass::oid, t.oid, 0, 'pg_trigger'::regclass::oid, t.tgparentid, 0
  FROM pg_trigger t WHERE t.tgparentid <> 0
UNION ALL
-- A constraint's triggers; a constraint trigger's constraint; NOT NULL as a constraint.
SELECT 'pg_trigger'::regclass::oid, t.oid, 0, 'pg_constraint'::regclass::oid, t.tgconstraint, 0
  FROM pg_trigger t WHERE t.tgisinternal AND t.tgparentid = 0 AND t.tgconstraint <> 0
UNION ALL
SELECT 'pg_constraint'::regclass::oid, t.tgconstraint, 0, 'pg_trigger'::regclass::oid, t.oid, 0
  FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgconstraint <> 0
UNION ALL
SELECT 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_class'::regclass::oid, k.conrelid, k.conkey[1]
  FROM pg_constraint k WHERE k.contype = 'n' AND k.conrelid <> 0
UNION ALL
-- The expression of a generated column.
SELECT 'pg_attrdef'::regclass::oid, d.oid, 0, 'pg_class'::regclass::oid, d.adrelid, d.adnum
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
 WHERE a.attgenerated <> ''
UNION ALL
-- What comes with a range type.
SELECT d.classid, d.objid, 0, d.refclassid, d.refobjid, 0
  FROM pg_depend d
 WHERE d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
   AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
UNION ALL
-- Members of operator classes and families.
SELECT d.classid, d.objid, 0, d.refclassid, d.refobjid, 0
  FROM pg_depend d
 WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
   AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
   AND d.objid >= @first_oid@
