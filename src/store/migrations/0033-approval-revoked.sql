-- An `always` that was taken back.
alter table approval add column revoked_at timestamptz, add column revoked_by text;
