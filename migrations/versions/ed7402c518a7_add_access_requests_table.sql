-- message: Add access_requests table
-- revision: ed7402c518a7
-- down_revision: 6abcb32e8e7d
-- branch_labels:
-- depends_on:
-- create_date: 2026-03-17T09:40:00Z

-- woven:up
ALTER TABLE vaults ADD COLUMN strict_mode boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN vaults.strict_mode IS
    'When true, a member opens the vault only while an approved access request lasts.';

CREATE TABLE access_requests (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    vault_id     uuid        NOT NULL,
    requester_id uuid        NOT NULL,
    approver_id  uuid        NOT NULL,
    reason       text,
    status       text        NOT NULL DEFAULT 'pending',
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL DEFAULT now() + interval '1 day',
    closed_at    timestamptz,
    access_until timestamptz,

    CONSTRAINT access_requests_pkey PRIMARY KEY (id),
    CONSTRAINT access_requests_requester_fkey FOREIGN KEY (vault_id, requester_id)
        REFERENCES vault_members (vault_id, user_id) ON DELETE CASCADE,
    CONSTRAINT access_requests_approver_fkey FOREIGN KEY (vault_id, approver_id)
        REFERENCES vault_members (vault_id, user_id) ON DELETE CASCADE,
    CONSTRAINT access_requests_pair_check CHECK (requester_id <> approver_id),
    CONSTRAINT access_requests_reason_check
        CHECK (char_length(reason) <= 500 AND btrim(reason) <> ''),
    CONSTRAINT access_requests_status_check
        CHECK (status IN ('pending', 'approved', 'denied', 'cancelled', 'expired')),
    CONSTRAINT access_requests_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT access_requests_closed_at_check
        CHECK ((status = 'pending') = (closed_at IS NULL) AND closed_at >= created_at),
    CONSTRAINT access_requests_access_until_check
        CHECK ((status = 'approved') = (access_until IS NOT NULL) AND access_until > closed_at)
);

CREATE UNIQUE INDEX access_requests_pending_key ON access_requests (vault_id, requester_id)
    WHERE status = 'pending';
CREATE INDEX access_requests_requester_idx
    ON access_requests (vault_id, requester_id, access_until DESC);
CREATE INDEX access_requests_approver_idx ON access_requests (vault_id, approver_id);
CREATE INDEX access_requests_inbox_idx ON access_requests (approver_id, created_at)
    WHERE status = 'pending';
CREATE INDEX access_requests_expiry_idx ON access_requests (expires_at) WHERE status = 'pending';

COMMENT ON TABLE access_requests IS
    'Strict mode: a member asks another member to let them open the vault for a while. Goes with '
    'the membership of either; audit_logs keeps the trail. No updated_at: a row changes once, when '
    'it is closed.';
COMMENT ON COLUMN access_requests.approver_id IS
    'The partner who decides: a member of the same vault, never the one who asks.';
COMMENT ON COLUMN access_requests.expires_at IS 'Until when it may be answered.';
COMMENT ON COLUMN access_requests.closed_at IS
    'When it was approved, denied, cancelled or found expired; null while it is pending.';
COMMENT ON COLUMN access_requests.access_until IS 'End of the access given; set when approved.';
COMMENT ON INDEX access_requests_pending_key IS 'One pending request of a member for a vault.';

-- woven:down
DROP TABLE access_requests;
ALTER TABLE vaults DROP COLUMN strict_mode;
