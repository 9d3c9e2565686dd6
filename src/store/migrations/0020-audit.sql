-- Who did what to whom; no foreign key, it outlives what it tells of.
create table audit (
  id text primary key,
  -- null: of no workspace, as a sign-in
  workspace_id text,
  at timestamptz not null default clock_timestamp(),
  -- null: the server, or its operator
  actor_id text,
  key_id text,
  -- who it was done to, or in whose name
  subject_id text,
  action text not null,
  target text,
  details jsonb not null default '{}',
  ip text,
  request_id text
);
create index audit_recent on audit (workspace_id, at desc, id desc);

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;

create trigger audit_append_only before update or delete on audit for each row execute function audit_refuse();
