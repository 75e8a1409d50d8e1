-- The ledger, version 5: steps that share a transaction share a guard row. It was rewritten by each of them,
-- and within one transaction no version of a row goes away: each look at it went through all of them.

CREATE OR REPLACE FUNCTION @schema@.begin_step(for_project text, of_token bigint, of_job bigint,
                                               of_step bigint, is_first boolean,
                                               new_lock_timeout text, new_statement_timeout text,
                                               in_background boolean)
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
       AND (is_first OR (g.token = of_token AND g.job = of_job AND g.step = of_step - 1
                         AND g.xid <> pg_catalog.pg_current_xact_id()));
    IF NOT FOUND AND is_first THEN
        INSERT INTO @schema@.guard
        VALUES (for_project, pg_catalog.pg_current_xact_id(), of_token, of_job, of_step,
                pg_catalog.clock_timestamp());
    ELSIF NOT FOUND AND NOT EXISTS (
        SELECT FROM @schema@.guard g
         WHERE g.project = for_project AND g.xid = pg_catalog.pg_current_xact_id()
           AND g.token = of_token AND g.job = of_job) THEN
        RAISE EXCEPTION 'the step before this one was not committed' USING ERRCODE = 'WV002';
    END IF;
END $$;

-- A step began in this very transaction when the guard's row was written in it, for this step or for one
-- before it. Such a step began when the one before it ended, which the history has.
CREATE OR REPLACE FUNCTION @schema@.end_step(for_project text, of_token bigint, of_job bigint,
                                             of_step bigint, of_revision text, of_kind text,
                                             by_user text, by_uid bigint, by_pid bigint,
                                             on_host text, by_version text, with_tag text,
                                             is_last boolean, by_unit text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz;
    guarded_step bigint;
BEGIN
    SELECT g.started_at, g.step INTO began, guarded_step
      FROM @schema@.guard g
     WHERE g.project = for_project AND g.xid = pg_catalog.pg_current_xact_id()
       AND g.token = of_token AND g.job = of_job AND g.step <= of_step;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the transaction that began this step has ended before the step did'
        USING ERRCODE = 'WV001',
              HINT = 'a migration must not end its transaction; nothing was recorded for this step';
    END IF;
    IF guarded_step < of_step THEN
        SELECT h.started_at + h.took_us * interval '1 microsecond' INTO began
          FROM @schema@.history h
         WHERE h.project = for_project AND h.token = of_token AND h.job = of_job
         ORDER BY h.id DESC
         LIMIT 1;
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
