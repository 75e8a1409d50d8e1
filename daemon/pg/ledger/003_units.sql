-- The ledger, version 3: the systemd unit of who asked. The functions take it last and can do without: leaders
-- of other projects in this ledger may be of an older version and call them as they were.

ALTER TABLE @schema@.history ADD COLUMN unit text;
COMMENT ON COLUMN @schema@.history.unit IS
    'The systemd unit in which the caller ran; NULL: in none, or it could not be told';

DROP FUNCTION @schema@.end_step(text, bigint, bigint, bigint, text, text, text, bigint, bigint, text, text, text,
                                boolean);
CREATE FUNCTION @schema@.end_step(for_project text, of_token bigint, of_job bigint, of_step bigint,
                                  of_revision text, of_kind text, by_user text, by_uid bigint,
                                  by_pid bigint, on_host text, by_version text, with_tag text,
                                  is_last boolean, by_unit text DEFAULT NULL)
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
                                  uid, pid, unit, host, daemon_version, tag, job, token)
    VALUES (for_project, of_revision, of_kind, 'done', began,
            (extract(epoch FROM pg_catalog.clock_timestamp() - began) * 1000000)::bigint,
            by_user, by_uid, by_pid, by_unit, on_host, by_version, with_tag, of_job, of_token);
    IF is_last THEN
        PERFORM @schema@.commit_durably();
    END IF;
END $$;

DROP FUNCTION @schema@.note(text, bigint, bigint, text, text, text, bigint, text, text, text, bigint, bigint, text,
                            text, text);
CREATE FUNCTION @schema@.note(for_project text, of_token bigint, of_job bigint, of_revision text,
                              of_kind text, with_outcome text, new_took_us bigint, new_error text,
                              new_sqlstate text, by_user text, by_uid bigint, by_pid bigint,
                              on_host text, by_version text, with_tag text,
                              by_unit text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
    SELECT @schema@.commit_durably();
    INSERT INTO @schema@.history (project, revision, kind, outcome, started_at, took_us, error,
                                  sqlstate, unix_user, uid, pid, unit, host, daemon_version, tag,
                                  job, token)
    VALUES (for_project, of_revision, of_kind, with_outcome,
            pg_catalog.clock_timestamp() - new_took_us * interval '1 microsecond', new_took_us,
            new_error, new_sqlstate, by_user, by_uid, by_pid, by_unit, on_host, by_version,
            with_tag, of_job, of_token)
$$;

DROP FUNCTION @schema@.journal_repair(text, bigint, bigint, text, text, bigint, bigint, text, text, text);
CREATE FUNCTION @schema@.journal_repair(for_project text, of_token bigint, of_job bigint,
                                        choice text, by_user text, by_uid bigint, by_pid bigint,
                                        on_host text, by_version text, with_tag text,
                                        by_unit text DEFAULT NULL)
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
                          NULL, by_user, by_uid, by_pid, on_host, by_version, with_tag, by_unit);
END $$;
