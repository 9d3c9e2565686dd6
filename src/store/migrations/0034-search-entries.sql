-- breaks older versions
-- What is searched lies in tables of its own, written soon after what it is about: no send and no answer waits for it.

alter table message drop column words;
alter table conversation drop column title_words;
drop index message_recent;
drop function search_vector, search_words, search_fold;

-- What a message says and what a title says; every word stands there behind the mark of who may see it.
create table message_search (
  workspace_id text not null,
  conversation_id text not null,
  message_id text not null,
  scope text collate "C" not null,
  created_at timestamptz not null,
  words tsvector not null,
  primary key (message_id, conversation_id, workspace_id),
  foreign key (message_id, conversation_id, workspace_id) references message on delete cascade
);
create index message_search_words on message_search using gin (words) with (gin_pending_list_limit = 256);
create index message_search_recent on message_search (scope, created_at, message_id, conversation_id);

create table title_search (
  workspace_id text not null,
  conversation_id text not null,
  words tsvector not null,
  primary key (conversation_id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index title_search_words on title_search using gin (words) with (gin_pending_list_limit = 256);
create index conversation_shared on conversation (workspace_id, updated_at desc, id desc)
  where deleted_at is null and visibility = 'workspace';

-- What is to be written there; without a message: the title.
create table search_due (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  conversation_id text not null,
  message_id text
);

-- Words that are gone are gone at once; what was being read meanwhile is written again, for the change is due as well.
create function message_search_due() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from message_search
    where message_id = new.id and conversation_id = new.conversation_id and workspace_id = new.workspace_id;
  end if;
  insert into search_due (workspace_id, conversation_id, message_id) values (new.workspace_id, new.conversation_id, new.id);
  return null;
end $$;
create trigger message_said after insert on message
  for each row when (new.parts <> '[]') execute function message_search_due();
create trigger message_resaid after update of parts on message
  for each row when (new.parts is distinct from old.parts) execute function message_search_due();

create function title_search_due() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from title_search where conversation_id = new.id and workspace_id = new.workspace_id;
    if (new.owner_id, new.visibility, new.temporary) is distinct from (old.owner_id, old.visibility, old.temporary) then
      insert into search_due (workspace_id, conversation_id, message_id)
      select workspace_id, conversation_id, id from message
      where conversation_id = new.id and workspace_id = new.workspace_id and parts <> '[]';
    end if;
  end if;
  insert into search_due (workspace_id, conversation_id) values (new.workspace_id, new.id);
  return null;
end $$;
create trigger conversation_titled after insert on conversation
  for each row when (new.title is not null) execute function title_search_due();
create trigger conversation_retitled after update of title, owner_id, visibility, temporary on conversation
  for each row when ((new.title, new.owner_id, new.visibility, new.temporary)
    is distinct from (old.title, old.owner_id, old.visibility, old.temporary))
  execute function title_search_due();

insert into search_due (workspace_id, conversation_id) select workspace_id, id from conversation where title is not null;
insert into search_due (workspace_id, conversation_id, message_id)
  select workspace_id, conversation_id, id from message where parts <> '[]' order by created_at desc;
