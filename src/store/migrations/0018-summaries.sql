-- What a branch says from its root to a message, for models that no longer see it. It belongs to that message: a branch
-- without it has no part in it. Gone with the first message of the conversation that is deleted.
create table summary (
  workspace_id text not null,
  conversation_id text not null,
  message_id text not null,
  text text not null,
  -- what system messages among them say, word for word
  instructions text not null default '',
  -- how many messages it stands for
  messages integer not null,
  model text not null,
  created_at timestamptz not null default now(),
  primary key (message_id, conversation_id, workspace_id),
  foreign key (message_id, conversation_id, workspace_id) references message on delete cascade
);

-- messages that show places, which are few
create index message_map on message (conversation_id, sequence, workspace_id) where parts @> '[{"type": "data-natter-map"}]';
