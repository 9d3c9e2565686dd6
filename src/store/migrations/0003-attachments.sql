-- A file; its bytes lie in the blob store under the same id.
create table attachment (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  owner_id text not null references "user",
  media_type text not null,
  bytes integer not null,
  sha256 text not null,
  file_name text,
  created_at timestamptz not null default now(),
  primary key (id, workspace_id)
);
create index attachment_age on attachment (created_at);

-- Where it is shown: who may read one of these conversations may read the file.
create table conversation_attachment (
  workspace_id text not null,
  conversation_id text not null,
  attachment_id text not null,
  primary key (attachment_id, conversation_id, workspace_id),
  foreign key (attachment_id, workspace_id) references attachment on delete cascade,
  -- deferred: a first message brings its files in the transaction that makes its conversation
  foreign key (conversation_id, workspace_id) references conversation on delete cascade deferrable initially deferred
);
create index conversation_attachment_of on conversation_attachment (conversation_id, workspace_id);
