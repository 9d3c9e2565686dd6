-- A link to a conversation as it was up to one message. Only the hash of its token is kept.
create table share (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  conversation_id text not null,
  message_id text not null,
  token_hash text not null unique,
  created_by text not null references "user",
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index share_of_conversation on share (conversation_id, workspace_id);
