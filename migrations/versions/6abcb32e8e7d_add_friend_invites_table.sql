-- message: Add friend_invites table
-- revision: 6abcb32e8e7d
-- down_revision: afe7b38be178
-- branch_labels:
-- depends_on:
-- create_date: 2026-02-24T10:50:00Z

-- woven:up
CREATE TABLE friend_invites (
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    inviter_id uuid        NOT NULL,
    invitee_id uuid        NOT NULL,
    status     text        NOT NULL DEFAULT 'pending',
    message    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
    closed_at  timestamptz,

    CONSTRAINT friend_invites_pkey PRIMARY KEY (id),
    CONSTRAINT friend_invites_inviter_id_fkey
        FOREIGN KEY (inviter_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friend_invites_invitee_id_fkey
        FOREIGN KEY (invitee_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friend_invites_pair_check CHECK (inviter_id <> invitee_id),
    CONSTRAINT friend_invites_status_check
        CHECK (status IN ('pending', 'accepted', 'declined', 'cancelled', 'expired')),
    CONSTRAINT friend_invites_message_check
        CHECK (char_length(message) <= 280 AND btrim(message) <> ''),
    CONSTRAINT friend_invites_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT friend_invites_closed_at_check
        CHECK ((status = 'pending') = (closed_at IS NULL) AND closed_at >= created_at)
);

CREATE UNIQUE INDEX friend_invites_pending_pair_key
    ON friend_invites (least(inviter_id, invitee_id), greatest(inviter_id, invitee_id))
    WHERE status = 'pending';
CREATE INDEX friend_invites_inviter_id_idx ON friend_invites (inviter_id, created_at DESC);
CREATE INDEX friend_invites_invitee_id_idx ON friend_invites (invitee_id, created_at DESC);
CREATE INDEX friend_invites_expiry_idx ON friend_invites (expires_at) WHERE status = 'pending';

COMMENT ON TABLE friend_invites IS
    'Offers to pair. No updated_at: a row changes once, when it is closed.';
COMMENT ON COLUMN friend_invites.closed_at IS
    'When it was accepted, declined, cancelled or found expired; null while it is pending.';
COMMENT ON INDEX friend_invites_pending_pair_key IS
    'One pending invite for two people, whoever sent it.';

-- woven:down
DROP TABLE friend_invites;
