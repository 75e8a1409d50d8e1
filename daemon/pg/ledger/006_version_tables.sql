-- The ledger, version 6: whose each version table is. Two projects may share a database, but not such a table:
-- each would take the other's rows for its own.

CREATE TABLE @schema@.version_table (
    name text PRIMARY KEY,
    project text NOT NULL,
    since timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
COMMENT ON TABLE @schema@.version_table IS 'Which project keeps its heads in which table';
