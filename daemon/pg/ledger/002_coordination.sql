-- The ledger, version 2: which daemons there are, and which of them want to lead.

CREATE TABLE @schema@.want (
    ticket bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project text NOT NULL,
    instance uuid NOT NULL,
    backend_pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    asked_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
) WITH (fillfactor = 50);
COMMENT ON TABLE @schema@.want IS
    'Daemons that have a job and wait for the lead, in the order of their tickets';
COMMENT ON COLUMN @schema@.want.seen_at IS 'Refreshed while waiting; an old row does not count';

CREATE TABLE @schema@.instance (
    project text NOT NULL,
    id uuid NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    version text NOT NULL,
    role text NOT NULL,
    heads text[] NOT NULL,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    job text,
    revision text,
    is_up boolean,
    step integer,
    steps integer,
    job_at timestamptz,
    step_at timestamptz,
    PRIMARY KEY (project, id)
) WITH (fillfactor = 50);
COMMENT ON TABLE @schema@.instance IS 'The daemons of each project, as they were last seen';
COMMENT ON COLUMN @schema@.instance.heads IS 'The newest revisions among the files of its host';
COMMENT ON COLUMN @schema@.instance.job IS 'What it does: upgrade, downgrade ...; NULL: nothing';

-- The row stays locked to the end of the caller's transaction, so that the next leader cannot begin while
-- a transaction of this one is open: not even when the session has lost the advisory lock meanwhile.
CREATE OR REPLACE FUNCTION @schema@.check_token(for_project text, of_token bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM @schema@.leader l
      WHERE l.project = for_project AND l.token = of_token FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another daemon leads this project by now' USING ERRCODE = 'WV002';
    END IF;
END $$;
