-- Free comment before everything. See https://example.org: it is free
-- revision: aa03
-- down_revision: aa01, aa02
-- depends_on: cc01, solo
-- branch_labels: vaults, vaults-v2
-- woven:up transaction=off lock_timeout=500ms statement_timeout=0
CREATE INDEX CONCURRENTLY vaults_name_idx ON vaults (name);
ALTER TABLE vaults VALIDATE CONSTRAINT vaults_name_check;
