-- Keys begin with their most selective column: a planner that has no statistics yet must not take an index for its
-- tenant column and read a whole conversation to find one message.

create table workspace (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table "user" (
  id text primary key,
  issuer text not null,
  subject text not null,
  name text,
  email text,
  suspended_at timestamptz,
  created_at timestamptz not null default now(),
  unique (issuer, subject)
);

create table member (
  workspace_id text not null references workspace on delete cascade,
  user_id text not null references "user" on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member', 'reader')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index member_user on member (user_id);

create table conversation (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  owner_id text not null references "user",
  title text,
  status text not null default 'active' check (status in ('active', 'completed', 'archived')),
  visibility text not null default 'private' check (visibility in ('private', 'workspace')),
  agent text not null,
  model text,
  settings jsonb not null default '{}',
  pinned boolean not null default false,
  temporary boolean not null default false,
  next_sequence integer not null default 1,
  message_count integer not null default 0,
  active_leaf_id text,
  version integer not null default 1,
  settings_version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (id, workspace_id)
);
create index conversation_recent on conversation (workspace_id, owner_id, updated_at desc, id desc) where deleted_at is null;

create table message (
  workspace_id text not null,
  conversation_id text not null,
  id text not null,
  parent_id text,
  author_id text references "user",
  sequence integer not null,
  role text not null check (role in ('user', 'assistant', 'system')),
  parts jsonb not null default '[]',
  metadata jsonb,
  completion_id text,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (id, conversation_id, workspace_id),
  unique (conversation_id, sequence, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade,
  foreign key (parent_id, conversation_id, workspace_id) references message
);
create index message_children on message (parent_id, conversation_id, workspace_id);

create table completion (
  workspace_id text not null,
  id text not null,
  conversation_id text not null,
  message_id text not null,
  user_message_id text,
  requested_by text not null references "user",
  status text not null default 'queued'
    check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  -- order of the waiting sends; "send now" takes the lowest
  rank integer not null,
  -- the leaf that the message was sent on; null: its parent was given when it was accepted
  sent_on text,
  -- true: the user message was there before and is answered again
  regenerates boolean not null default false,
  agent text not null,
  model text not null,
  settings jsonb not null default '{}',
  fence integer not null default 0,
  crashes integer not null default 0,
  lease_until timestamptz,
  -- null while running: handed over by a worker that went away on purpose
  worker_id text,
  cancel_requested_at timestamptz,
  snapshot jsonb,
  finish_reason text,
  error jsonb,
  usage jsonb,
  cost_micros bigint,
  log_closed boolean not null default false,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade,
  foreign key (message_id, conversation_id, workspace_id) references message on delete cascade
);
create unique index completion_at_work on completion (conversation_id, workspace_id) where status in ('running', 'waiting');
create index completion_queued on completion (conversation_id, rank, workspace_id) where status = 'queued';
create index completion_due on completion (created_at) where status = 'queued';
create index completion_leased on completion (lease_until) where status = 'running';
create index completion_unclosed on completion (finished_at) where status in ('completed', 'failed', 'cancelled') and not log_closed;
create index completion_message on completion (message_id, conversation_id, workspace_id);
create index completion_recent on completion (conversation_id, created_at desc, workspace_id);

create table completion_step (
  workspace_id text not null,
  completion_id text not null,
  step integer not null,
  fence integer not null,
  parts jsonb not null,
  calls jsonb not null,
  finish_reason text not null,
  usage jsonb,
  provider_metadata jsonb,
  created_at timestamptz not null default now(),
  primary key (completion_id, step, workspace_id),
  foreign key (completion_id, workspace_id) references completion on delete cascade
);

create table tool_execution (
  workspace_id text not null,
  completion_id text not null,
  call_id text not null,
  step integer not null,
  tool text not null,
  input jsonb not null,
  status text not null check (status in ('started', 'finished')),
  -- fence of the claim that started the body last
  fence integer not null,
  starts integer not null default 1,
  outcome jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (completion_id, call_id, workspace_id),
  foreign key (completion_id, workspace_id) references completion on delete cascade
);

-- the ledger: append-only; no foreign key, it outlives a purge
create table usage (
  workspace_id text not null,
  completion_id text not null,
  step integer not null,
  fence integer not null,
  call integer not null,
  conversation_id text not null,
  user_id text not null,
  model text not null,
  input_tokens integer not null,
  output_tokens integer not null,
  cache_read_tokens integer not null default 0,
  cache_write_tokens integer not null default 0,
  reasoning_tokens integer not null default 0,
  -- null: the price of this model is not known
  cost_micros bigint,
  price jsonb,
  estimated boolean not null,
  created_at timestamptz not null default now(),
  primary key (completion_id, step, fence, call, workspace_id)
);
create index usage_recent on usage (workspace_id, user_id, created_at desc);

create table idempotency (
  scope text not null,
  key text not null,
  request_hash text not null,
  conversation_id text not null,
  completion_id text not null,
  created_at timestamptz not null default now(),
  primary key (key, scope)
);
create index idempotency_age on idempotency (created_at);
