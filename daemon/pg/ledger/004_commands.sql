-- The ledger, version 4: commands that ran while a daemon held the lock for them.

ALTER TABLE @schema@.history
    ADD COLUMN command text,
    DROP CONSTRAINT history_kind_check,
    ADD CONSTRAINT history_kind_check
        CHECK (kind IN ('up', 'down', 'stamp', 'repair', 'adopt', 'run-locked'));
COMMENT ON COLUMN @schema@.history.command IS
    'The name of the program that ran under the lock; NULL: the row is about a revision';

-- How such a command ended. The row is about the past and moves nothing: it may be written by a daemon that has
-- lost the lead, under the token that it had.
CREATE FUNCTION @schema@.record_command(for_project text, of_token bigint, of_job bigint,
                                        of_command text, with_outcome text, new_took_us bigint,
                                        new_error text, by_user text, by_uid bigint, by_pid bigint,
                                        on_host text, by_version text, with_tag text, by_unit text)
RETURNS void LANGUAGE sql AS $$
    SELECT @schema@.commit_durably();
    INSERT INTO @schema@.history (project, revision, kind, outcome, started_at, took_us, error,
                                  unix_user, uid, pid, unit, host, daemon_version, tag, job, token,
                                  command)
    VALUES (for_project, '', 'run-locked', with_outcome,
            pg_catalog.clock_timestamp() - new_took_us * interval '1 microsecond', new_took_us,
            new_error, by_user, by_uid, by_pid, by_unit, on_host, by_version, with_tag, of_job,
            of_token, of_command)
$$;
