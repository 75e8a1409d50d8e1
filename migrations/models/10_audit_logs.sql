CREATE TABLE audit_logs (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    occurred_at  timestamptz NOT NULL DEFAULT now(),
    actor_kind   text        NOT NULL,
    actor_id     uuid,
    vault_id     uuid,
    action       text        NOT NULL,
    subject_kind text,
    subject_id   text,
    outcome      text        NOT NULL,
    ip_address   inet,
    user_agent   text,
    details      jsonb       NOT NULL DEFAULT '{}',

    CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
    CONSTRAINT audit_logs_actor_kind_check CHECK (actor_kind IN ('user', 'support', 'system')),
    CONSTRAINT audit_logs_actor_check CHECK ((actor_kind = 'system') = (actor_id IS NULL)),
    CONSTRAINT audit_logs_action_check
        CHECK (action ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)+$' AND char_length(action) <= 100),
    CONSTRAINT audit_logs_subject_kind_check
        CHECK (subject_kind IN ('user', 'vault', 'vault_media', 'vault_member', 'friend',
                                'friend_invite', 'access_request', 'device', 'screenshot_event',
                                'key_rotation')),
    CONSTRAINT audit_logs_subject_check
        CHECK ((subject_kind IS NULL) = (subject_id IS NULL)
               AND char_length(subject_id) BETWEEN 1 AND 100),
    CONSTRAINT audit_logs_outcome_check CHECK (outcome IN ('success', 'denied', 'failure')),
    CONSTRAINT audit_logs_user_agent_check CHECK (char_length(user_agent) <= 512),
    CONSTRAINT audit_logs_details_check CHECK (jsonb_typeof(details) = 'object')
);

-- Rows come in the order of time and are never moved, which is what a BRIN index is for.
CREATE INDEX audit_logs_occurred_at_idx ON audit_logs USING brin (occurred_at);
CREATE INDEX audit_logs_actor_id_idx ON audit_logs (actor_id, occurred_at DESC)
    WHERE actor_id IS NOT NULL;
CREATE INDEX audit_logs_vault_id_idx ON audit_logs (vault_id, occurred_at DESC)
    WHERE vault_id IS NOT NULL;

CREATE FUNCTION audit_logs_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% on audit_logs is refused: the table is append-only', TG_OP
        USING ERRCODE = 'object_not_in_prerequisite_state',
              HINT = 'Write a new row that corrects the old one.';
END
$$;

-- Once for each statement, so it also refuses a change that would touch no row, and TRUNCATE.
CREATE TRIGGER audit_logs_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
    FOR EACH STATEMENT
    EXECUTE FUNCTION audit_logs_refuse_change();

-- ALWAYS: not even session_replication_role = replica turns it off.
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_logs_append_only;

COMMENT ON TABLE audit_logs IS
    'Who did what, and how it ended. Append-only by trigger. No foreign keys: a row outlives what '
    'it tells of, and ON DELETE SET NULL would be a change.';
COMMENT ON COLUMN audit_logs.actor_kind IS 'system: a job of the server itself, with no actor_id.';
COMMENT ON COLUMN audit_logs.actor_id IS 'users.id at that time; may be gone.';
COMMENT ON COLUMN audit_logs.vault_id IS 'vaults.id at that time; may be gone.';
COMMENT ON COLUMN audit_logs.action IS 'Area and verb with a dot, such as vault.open.';
COMMENT ON COLUMN audit_logs.subject_id IS
    'Key of the subject as text: uuid or number by its kind.';
COMMENT ON COLUMN audit_logs.details IS 'What else is worth keeping; never keys, tokens or hashes.';
COMMENT ON FUNCTION audit_logs_refuse_change() IS
    'Trigger of audit_logs: refuses UPDATE, DELETE and TRUNCATE.';
