-- Not the shells that a commutator or negator named before its time leaves.
SELECT 'pg_operator'::regclass::oid AS class_id, o.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, o.oprname AS name, o.oprname AS quoted,
       o.oid::regoperator::text AS identity,
       @function:o.oprcode@ AS function,
       CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END AS left_type,
       CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END AS right_type,
       @operator:o.oprcom@ AS commutator, @operator:o.oprnegate@ AS negator,
       @function:o.oprrest@ AS restrict, @function:o.oprjoin@ AS "join",
       o.oprcanhash AS hashes, o.oprcanmerge AS merges
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprcode <> 0 AND @user_schema@
