-- The ledger, version 1. @schema@ stands for its quoted schema. Several projects may share it, so each
-- table names the project.

CREATE TABLE @schema@.meta (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL,
    upgraded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    upgraded_by text NOT NULL
);
COMMENT ON TABLE @schema@.meta IS 'Version of these tables; kept by wovend';

CREATE TABLE @schema@.revision (
    project text NOT NULL,
    id text NOT NULL,
    parents text[] NOT NULL,
    depends_on text[] NOT NULL,
    labels text[] NOT NULL,
    message text NOT NULL,
    checksum text NOT NULL,
    up_sql text NOT NULL,
    down_sql text,
    stamped boolean NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    applied_by text NOT NULL,
    PRIMARY KEY (project, id)
);
COMMENT ON TABLE @schema@.revision IS 'What is applied, with its SQL as executed';
COMMENT ON COLUMN @schema@.revision.down_sql IS 'NULL: irreversible';
COMMENT ON COLUMN @schema@.revision.stamped IS 'Recorded by a stamp: its SQL was not run by wovend';

CREATE TABLE @schema@.history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project text NOT NULL,
    revision text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('up', 'down', 'stamp', 'repair', 'adopt')),
    outcome text NOT NULL CHECK (outcome IN ('done', 'failed', 'cancelled')),
    started_at timestamptz NOT NULL,
    took_us bigint NOT NULL,
    error text,
    sqlstate text,
    unix_user text NOT NULL,
    uid bigint NOT NULL,
    pid bigint NOT NULL,
    host text NOT NULL,
    daemon_version text NOT NULL,
    tag text,
    job bigint NOT NULL,
    token bigint NOT NULL
);
CREATE INDEX history_project_id ON @schema@.history (project, id);
CREATE INDEX history_project_revision ON @schema@.history (project, revision, id);
COMMENT ON TABLE @schema@.history IS 'Every step that ran; append only';

CREATE FUNCTION @schema@.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the migration history is append only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON @schema@.history
    FOR EACH STATEMENT EXECUTE FUNCTION @schema@.refuse_change();

CREATE TABLE @schema@.journal (
    project text PRIMARY KEY,
    revision text NOT NULL,
    checksum text,
    is_up boolean NOT NULL,
    statement integer NOT NULL CHECK (statement > 0),
    total integer NOT NULL CHECK (total >= statement),
    state text NOT NULL CHECK (state IN ('intended', 'done', 'failed')),
    file text NOT NULL,
    line integer NOT NULL,
    text text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    error text,
    job bigint NOT NULL,
    token bigint NOT NULL
);
COMMENT ON TABLE @schema@.journal IS
    'The statement under way of a step that runs outside a transaction; no row: none is open';

CREATE TABLE @schema@.leader (
    project text PRIMARY KEY,
    token bigint NOT NULL,
    instance uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    host text NOT NULL,
    pid bigint NOT NULL,
    backend_pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    since timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE @schema@.leader IS 'Who leads, or led last; the token grows with each leader';

-- One row per project, rewritten by each step at its beginning and compared at its end.
CREATE TABLE @schema@.guard (
    project text PRIMARY KEY,
    xid xid8 NOT NULL,
    token bigint NOT NULL,
    job bigint NOT NULL,
    step bigint NOT NULL,
    started_at timestamptz NOT NULL
);
COMMENT ON TABLE @schema@.guard IS 'Proves that a step ends in the transaction in which it began';

CREATE FUNCTION @schema@.check_token(for_project text, of_token bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @schema@.leader l
                    WHERE l.project = for_project AND l.token = of_token) THEN
        RAISE EXCEPTION 'another daemon leads this project by now' USING ERRCODE = 'WV002';
    END IF;
END $$;

-- What is reported must be on disk, unless the commit is even stricter already.
CREATE FUNCTION @schema@.commit_durably() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.current_setting('synchronous_commit') = 'off' THEN
        PERFORM pg_catalog.set_config('synchronous_commit', 'on', true);
    END IF;
END $$;

-- Limits and guard at the beginning of a step. A step that is not the first of its batch must not run
-- when the former one did not commit.
CREATE FUNCTION @schema@.begin_step(for_project text, of_token bigint, of_job bigint,
                                    of_step bigint, is_first boolean, new_lock_timeout text,
                                    new_statement_timeout text, in_background boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM @schema@.check_token(for_project, of_token);
    PERFORM pg_catalog.set_config('lock_timeout', new_lock_timeout, true),
            pg_catalog.set_config('statement_timeout', new_statement_timeout, true);
    IF in_background THEN
        PERFORM pg_catalog.set_config('synchronous_commit', 'off', true);
    END IF;
    UPDATE @schema@.guard g
       SET xid = pg_catalog.pg_current_xact_id(), token = of_token, job = of_job, step = of_step,
           started_at = pg_catalog.clock_timestamp()
     WHERE g.project = for_project
       AND (is_first OR (g.token = of_token AND g.job = of_job AND g.step = of_step - 1));
    IF NOT FOUND AND is_first THEN
        INSERT INTO @schema@.guard
        VALUES (for_project, pg_catalog.pg_current_xact_id(), of_token, of_job, of_step,
                pg_catalog.clock_timestamp());
    ELSIF NOT FOUND THEN
        RAISE EXCEPTION 'the step before this one was not committed' USING ERRCODE = 'WV002';
    END IF;
END $$;

-- How many of the rows that a step takes from the version table were there, against how many it meant.
CREATE FUNCTION @schema@.expect_rows(counted bigint, wanted bigint, what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF counted <> wanted THEN
        RAISE EXCEPTION 'the version table is not as the plan expects it: % of % rows %',
              counted, wanted, what
        USING ERRCODE = 'WV002', HINT = 'somebody else moved the database meanwhile; plan again';
    END IF;
END $$;

CREATE FUNCTION @schema@.record_revision(for_project text, new_id text, new_parents text[],
                                         new_depends_on text[], new_labels text[],
                                         new_message text, new_checksum text, new_up_sql text,
                                         new_down_sql text, is_stamped boolean, by_user text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO @schema@.revision AS r
    VALUES (for_project, new_id, new_parents, new_depends_on, new_labels, new_message,
            new_checksum, new_up_sql, new_down_sql, is_stamped, DEFAULT, by_user)
    ON CONFLICT (project, id) DO UPDATE
       SET parents = excluded.parents, depends_on = excluded.depends_on, labels = excluded.labels,
           message = excluded.message, checksum = excluded.checksum, up_sql = excluded.up_sql,
           down_sql = excluded.down_sql, stamped = excluded.stamped,
           applied_at = excluded.applied_at, applied_by = excluded.applied_by;
END $$;

-- The guard at the end of a step, and its history row.
CREATE FUNCTION @schema@.end_step(for_project text, of_token bigint, of_job bigint, of_step bigint,
                                  of_revision text, of_kind text, by_user text, by_uid bigint,
                                  by_pid bigint, on_host text, by_version text, with_tag text,
                                  is_last boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz;
BEGIN
    SELECT g.started_at INTO began
      FROM @schema@.guard g
     WHERE g.project = for_project AND g.xid = pg_catalog.pg_current_xact_id()
       AND g.token = of_token AND g.job = of_job AND g.step = of_step;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the transaction that began this step has ended before the step did'
        USING ERRCODE = 'WV001',
              HINT = 'a migration must not end its transaction; nothing was recorded for this step';
    END IF;
    INSERT INTO @schema@.history (project, revision, kind, outcome, started_at, took_us, unix_user,
                                  uid, pid, host, daemon_version, tag, job, token)
    VALUES (for_project, of_revision, of_kind, 'done', began,
            (extract(epoch FROM pg_catalog.clock_timestamp() - began) * 1000000)::bigint,
            by_user, by_uid, by_pid, on_host, by_version, with_tag, of_job, of_token);
    IF is_last THEN
        PERFORM @schema@.commit_durably();
    END IF;
END $$;

CREATE FUNCTION @schema@.note(for_project text, of_token bigint, of_job bigint, of_revision text,
                              of_kind text, with_outcome text, new_took_us bigint, new_error text,
                              new_sqlstate text, by_user text, by_uid bigint, by_pid bigint,
                              on_host text, by_version text, with_tag text)
RETURNS void LANGUAGE sql AS $$
    SELECT @schema@.commit_durably();
    INSERT INTO @schema@.history (project, revision, kind, outcome, started_at, took_us, error,
                                  sqlstate, unix_user, uid, pid, host, daemon_version, tag, job,
                                  token)
    VALUES (for_project, of_revision, of_kind, with_outcome,
            pg_catalog.clock_timestamp() - new_took_us * interval '1 microsecond', new_took_us,
            new_error, new_sqlstate, by_user, by_uid, by_pid, on_host, by_version, with_tag,
            of_job, of_token)
$$;

CREATE FUNCTION @schema@.journal_intend(for_project text, of_token bigint, of_job bigint,
                                        of_revision text, of_checksum text, going_up boolean,
                                        of_statement integer, of_total integer, in_file text,
                                        at_line integer, of_text text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry @schema@.journal;
BEGIN
    PERFORM @schema@.commit_durably();
    PERFORM @schema@.check_token(for_project, of_token);
    SELECT * INTO entry FROM @schema@.journal j WHERE j.project = for_project FOR UPDATE;
    IF FOUND AND (entry.revision <> of_revision OR entry.is_up <> going_up) THEN
        RAISE EXCEPTION 'the step of revision % was interrupted at statement % of %',
              entry.revision, entry.statement, entry.total USING ERRCODE = 'WV003';
    END IF;
    INSERT INTO @schema@.journal AS j
    VALUES (for_project, of_revision, of_checksum, going_up, of_statement, of_total, 'intended',
            in_file, at_line, of_text, DEFAULT, NULL, of_job, of_token)
    ON CONFLICT (project) DO UPDATE
       SET checksum = excluded.checksum, statement = excluded.statement, total = excluded.total,
           state = excluded.state, file = excluded.file, line = excluded.line,
           text = excluded.text, started_at = excluded.started_at, error = NULL,
           job = excluded.job, token = excluded.token;
END $$;

CREATE FUNCTION @schema@.journal_repair(for_project text, of_token bigint, of_job bigint,
                                        choice text, by_user text, by_uid bigint, by_pid bigint,
                                        on_host text, by_version text, with_tag text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry @schema@.journal;
BEGIN
    PERFORM @schema@.commit_durably();
    PERFORM @schema@.check_token(for_project, of_token);
    SELECT * INTO entry FROM @schema@.journal j WHERE j.project = for_project FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no step is interrupted: there is nothing to repair'
        USING ERRCODE = 'WV004';
    END IF;
    -- To run a statement again is to go on behind the one before it; the first one has none.
    IF choice = 'abandon' OR (choice = 'again' AND entry.statement = 1) THEN
        DELETE FROM @schema@.journal j WHERE j.project = for_project;
    ELSE
        UPDATE @schema@.journal j
           SET state = 'done', error = NULL,
               statement = entry.statement - CASE choice WHEN 'again' THEN 1 ELSE 0 END
         WHERE j.project = for_project;
    END IF;
    PERFORM @schema@.note(for_project, of_token, of_job, entry.revision, 'repair', 'done', 0,
                          pg_catalog.format('%s at statement %s of %s', choice, entry.statement,
                                            entry.total),
                          NULL, by_user, by_uid, by_pid, on_host, by_version, with_tag);
END $$;
