SELECT 'pg_foreign_data_wrapper'::regclass::oid AS class_id, w.oid AS object_id, 0 AS sub_id,
       0 AS parent_class, 0 AS parent_id, 0 AS parent_sub,
       NULL AS schema, w.fdwname AS name, quote_ident(w.fdwname) AS quoted,
       quote_ident(w.fdwname) AS identity,
       @function:w.fdwhandler@ AS handler, @function:w.fdwvalidator@ AS validator,
       @foreign_options:w.fdwoptions@ AS options
  FROM pg_foreign_data_wrapper w
