-- The ledger, version 7: whether the statement under way shares a transaction with its line of the journal. Only
-- who wrote the line knows; an older daemon's says nothing, and its statement may be done.

ALTER TABLE @schema@.journal ADD COLUMN atomic boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN @schema@.journal.atomic IS
    'Done and rolled back together with the state "done": no answer means that nothing was done';

DROP FUNCTION @schema@.journal_intend(text, bigint, bigint, text, text, boolean, integer, integer, text, integer,
                                      text);
CREATE FUNCTION @schema@.journal_intend(for_project text, of_token bigint, of_job bigint,
                                        of_revision text, of_checksum text, going_up boolean,
                                        of_statement integer, of_total integer, in_file text,
                                        at_line integer, of_text text,
                                        is_atomic boolean DEFAULT false)
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
            in_file, at_line, of_text, DEFAULT, NULL, of_job, of_token, is_atomic)
    ON CONFLICT (project) DO UPDATE
       SET checksum = excluded.checksum, statement = excluded.statement, total = excluded.total,
           state = excluded.state, file = excluded.file, line = excluded.line,
           text = excluded.text, started_at = excluded.started_at, error = NULL,
           job = excluded.job, token = excluded.token, atomic = excluded.atomic;
END $$;
