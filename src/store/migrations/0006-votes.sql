create table vote (
  workspace_id text not null,
  conversation_id text not null,
  message_id text not null,
  user_id text not null references "user" on delete cascade,
  value text not null check (value in ('up', 'down')),
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (message_id, user_id, conversation_id, workspace_id),
  foreign key (message_id, conversation_id, workspace_id) references message on delete cascade
);
