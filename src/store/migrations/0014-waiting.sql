-- What a call waits for. Rows of older versions get ids by the default as well.
alter table tool_execution add column id text not null default gen_random_uuid()::text;
alter table tool_execution add column kind text not null default 'inline' check (kind in ('inline', 'client', 'background'));
-- set: how long a result from outside is waited for
alter table tool_execution add column expires_at timestamptz;
alter table tool_execution drop constraint tool_execution_status_check;
-- waiting: for the result of a client; queued: for a worker that takes it in the background
alter table tool_execution add constraint tool_execution_status_check check (status in ('waiting', 'queued', 'started', 'finished'));
create unique index tool_execution_id on tool_execution (id, workspace_id);
create index tool_execution_expiring on tool_execution (expires_at) where status = 'waiting';

-- A question to a person whether a call may run. It stays as it was asked; decided once, used by the one call it names.
create table approval (
  workspace_id text not null,
  id text not null,
  conversation_id text not null,
  completion_id text not null,
  call_id text not null,
  agent text not null,
  tool text not null,
  input jsonb not null,
  -- of the canonical JSON of the input
  input_hash text not null,
  -- whom the call would run for
  user_id text not null references "user",
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- always: also for later calls of this tool by this agent for this user in this conversation
  decision text check (decision in ('once', 'always', 'deny', 'expired')),
  -- null: nobody did, it expired
  decided_by text references "user",
  decided_at timestamptz,
  reason text,
  primary key (id, workspace_id),
  unique (completion_id, call_id, workspace_id),
  check ((decision is null) = (decided_at is null)),
  foreign key (completion_id, workspace_id) references completion on delete cascade,
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index approval_expiring on approval (expires_at) where decision is null;
create index approval_always on approval (conversation_id, tool, workspace_id) where decision = 'always';
