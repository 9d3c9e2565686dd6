-- A document beside a conversation, which people and agents write in turns; what is in it lies in its versions.
create table artifact (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  conversation_id text not null,
  kind text not null check (kind in ('document', 'code', 'html', 'svg')),
  language text,
  title text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index artifact_of_conversation on artifact (conversation_id, workspace_id);

create table artifact_version (
  workspace_id text not null,
  artifact_id text not null,
  version integer not null,
  title text not null,
  content text not null,
  written_by text not null check (written_by in ('person', 'agent')),
  author_id text references "user",
  completion_id text,
  call_id text,
  created_at timestamptz not null default now(),
  primary key (artifact_id, version, workspace_id),
  foreign key (artifact_id, workspace_id) references artifact on delete cascade
);
-- a tool that is started again after a crash finds what it wrote
create unique index artifact_version_of_call on artifact_version (completion_id, call_id, workspace_id) where call_id is not null;
