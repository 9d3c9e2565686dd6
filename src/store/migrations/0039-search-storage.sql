-- Packing the words of a long answer takes longer than all else that is done to them; and many words written at once
-- find their places in fewer steps.
alter table message_search alter column words set storage external;
alter index message_search_words set (gin_pending_list_limit = 1024);

-- Lists of what few conversations are, without looking at the others.
create index conversation_pinned on conversation (workspace_id, owner_id, updated_at desc, id desc)
  where deleted_at is null and pinned;
create index conversation_ended on conversation (workspace_id, owner_id, status, updated_at desc, id desc)
  where deleted_at is null and status <> 'active';
