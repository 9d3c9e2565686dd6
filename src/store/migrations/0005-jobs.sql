-- Background work that is no completion. A job that is done is deleted.
create table job (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  kind text not null,
  -- what it is about: at most one open job of a kind for it
  subject text not null,
  payload jsonb not null,
  -- claims so far, hand-overs not counted; also the fence of the newest one
  attempts integer not null default 0,
  fence integer not null default 0,
  -- when it may be claimed (again): the end of the lease while a worker has it
  due_at timestamptz not null default now(),
  worker_id text,
  -- set: given up
  failed_at timestamptz,
  error text,
  created_at timestamptz not null default now(),
  primary key (id, workspace_id)
);
create unique index job_open on job (subject, kind, workspace_id) where failed_at is null;
create index job_due on job (due_at) where failed_at is null;
