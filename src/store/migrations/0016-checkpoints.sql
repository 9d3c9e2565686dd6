-- What a runner keeps to go on from. It goes with its completion, and so with the conversation.
create table checkpoint (
  workspace_id text not null,
  completion_id text not null,
  namespace text not null,
  id text not null,
  parent_id text,
  -- how the runner wrote it
  format text not null,
  state text not null,
  metadata text not null,
  created_at timestamptz not null default now(),
  primary key (completion_id, namespace, id, workspace_id),
  foreign key (completion_id, workspace_id) references completion on delete cascade
);

-- What tasks behind a checkpoint have already found out.
create table checkpoint_write (
  workspace_id text not null,
  completion_id text not null,
  namespace text not null,
  checkpoint_id text not null,
  task_id text not null,
  index integer not null,
  task_path text not null,
  channel text not null,
  format text not null,
  value text not null,
  primary key (completion_id, namespace, checkpoint_id, task_id, index, workspace_id),
  foreign key (completion_id, workspace_id) references completion on delete cascade
);
