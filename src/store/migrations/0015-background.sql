-- A call that goes on besides its completion, under the id of its tool_execution. What that row holds as outcome is
-- what the model was told at once; the result that came in the end is here.
create table background_execution (
  workspace_id text not null,
  id text not null,
  conversation_id text not null,
  completion_id text not null,
  -- the answer that made the call
  message_id text not null,
  call_id text not null,
  -- whom it runs for, and who pays for what it continues
  user_id text not null references "user",
  agent text not null,
  tool text not null,
  input jsonb not null,
  -- waiting: the body has ended, the result comes by a webhook
  status text not null default 'queued' check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  -- of the job's claim that started the body last
  fence integer not null default 0,
  attempts integer not null default 0,
  crashes integer not null default 0,
  -- 1, and one more for each time that a person had it done again
  round integer not null default 1,
  -- until when this attempt is waited for
  deadline_at timestamptz,
  progress jsonb,
  result jsonb,
  -- signs results from outside; another one in each round
  secret text not null,
  -- messages that hold the result
  carried_by text[] not null default '{}',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index background_execution_recent on background_execution (conversation_id, created_at desc, id desc, workspace_id);
create index background_execution_ended on background_execution (conversation_id, workspace_id) where status in ('completed', 'failed', 'cancelled');
create index background_execution_open_of_user on background_execution (user_id) where status in ('queued', 'running', 'waiting');
