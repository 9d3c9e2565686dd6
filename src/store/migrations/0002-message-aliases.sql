-- The id by which the client that edited a message still calls it: the edit is a message of its own, beside the old one.
create table message_alias (
  workspace_id text not null,
  conversation_id text not null,
  message_id text not null,
  alias text not null,
  primary key (message_id, conversation_id, workspace_id),
  -- deferred: the alias is decided before the statement that stores the message
  foreign key (message_id, conversation_id, workspace_id) references message on delete cascade deferrable initially deferred
);
create index message_alias_name on message_alias (alias, conversation_id, workspace_id);
