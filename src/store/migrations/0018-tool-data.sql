-- What tools keep for a user of a workspace.
create table tool_data (
  workspace_id text not null references workspace on delete cascade,
  user_id text not null references "user" on delete cascade,
  key text not null,
  value jsonb not null,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (user_id, workspace_id, key)
);
