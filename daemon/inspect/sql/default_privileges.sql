SELECT 'pg_default_acl'::regclass::oid AS class_id, d.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       n.nspname AS schema, NULL AS name, NULL AS quoted,
       format('FOR ROLE %s%s ON %s', d.role, ' IN SCHEMA ' || quote_ident(n.nspname),
              d.type) AS identity,
       d.role, quote_ident(n.nspname) AS schema, d.type,
       @acl_lines:d.defaclacl,d.base,d.defaclrole,TO@ AS grants,
       @acl_lines:d.base,d.defaclacl,d.defaclrole,FROM@ AS revokes
  FROM (SELECT a.*, @role:a.defaclrole@ AS role,
               CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                                    WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES'
                                    WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS type,
               CASE WHEN a.defaclnamespace = 0
                    THEN acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's'::"char"
                                                         ELSE a.defaclobjtype END, a.defaclrole)
                    END AS base
          FROM pg_default_acl a) d
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
