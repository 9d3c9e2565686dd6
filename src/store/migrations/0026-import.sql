-- What somebody brings along from elsewhere; the file lies in the blob store under the same id until the job has ended.
create table import_run (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  user_id text not null references "user" on delete cascade,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed')),
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (id, workspace_id)
);
create index import_run_of on import_run (user_id, created_at desc, workspace_id);

-- What became of each conversation of the file, in its order.
create table import_item (
  workspace_id text not null,
  import_id text not null,
  position integer not null,
  title text,
  outcome text not null check (outcome in ('imported', 'skipped', 'failed')),
  conversation_id text,
  messages integer not null default 0,
  error text,
  primary key (import_id, position, workspace_id),
  foreign key (import_id, workspace_id) references import_run on delete cascade
);
